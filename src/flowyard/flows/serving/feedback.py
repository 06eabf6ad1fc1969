"""What callers say of an answer: kept as a span in the trace of that answer, and as a score of it."""

import json
import logging
import math
from typing import Any, cast
from urllib.parse import parse_qs

from flowyard.foundation.clock import now_ns
from flowyard.foundation.ids import new_id
from flowyard.tracing.baggage import parse_baggage
from flowyard.tracing.context import parse_traceparent
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.signals import COMMENT_LIMIT, FEEDBACK, LABEL_LIMIT, Score, is_score_name

logger = logging.getLogger(__name__)

#: Name and attribute as prompt flow has them, so that queries find feedback of before and after a move.
SPAN_NAME = "promptflow-feedback"
ATTRIBUTE = "feedback"
LIMIT = 1024 * 1024
ANSWER = b'{"status":"Feedback received."}'


def record_feedback(recorder: Recorder | None, body: bytes, query: bytes, traceparent: bytes, baggage: bytes) -> str | None:
    """Keep feedback and return the id of the trace that it is in; None where nothing is traced.

    Args:
        recorder: takes the span.
        body: any text. With ``flatten=true`` in `query` a JSON object's members become attributes, each of its own.
        query: the request's query string.
        traceparent: the W3C header of the answer that is spoken of: the span becomes a part of its trace.
        baggage: the W3C header; its members become attributes.
    """
    if recorder is None:
        return None
    attributes: dict[str, Any] = {}
    text = body.decode("utf-8", "replace")
    flat = _members(text) if parse_qs(query.decode("latin-1")).get("flatten", [""])[-1].lower() == "true" else None
    attributes |= {ATTRIBUTE: text} if flat is None else flat
    attributes |= parse_baggage(baggage)
    parent = parse_traceparent(traceparent.decode("latin-1"))
    with recorder.span(SPAN_NAME, kind="internal", parent=parent, attributes=attributes) as span:
        score = None if parent is None else read_score(text, parent.trace_id)
        if score is not None:
            recorder.score(score)
        return span.context.trace_id


def read_score(body: str, trace_id: str) -> Score | None:
    """Return what feedback says as a score of its trace; None where it is no JSON object with a ``value``, ``label`` or ``comment``.

    ``value`` is a number, or true and false for thumbs; ``name`` says what is scored (default ``feedback``). What is of another form is
    left out: the span keeps all of it.
    """
    found = _object(body)
    if found is None:
        return None
    value, label, comment, name = (found.get(key) for key in ("value", "label", "comment", "name"))
    score = Score(
        score_id=new_id(),
        at_ns=now_ns(),
        trace_id=trace_id,
        name=name if isinstance(name, str) and is_score_name(name) else FEEDBACK,
        value=_number(value),
        label=label[:LABEL_LIMIT] if isinstance(label, str) and label else None,
        comment=comment[:COMMENT_LIMIT] if isinstance(comment, str) and comment else None,
    )
    return None if score.value is None and score.label is None and score.comment is None else score


def _members(text: str) -> dict[str, Any] | None:
    found = _object(text)
    if found is None:
        logger.warning("Feedback that was to be flattened is no JSON object, and is kept whole.")
        return None
    return {key: _attribute(value) for key, value in found.items()}


def _object(text: str) -> dict[str, Any] | None:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _number(value: Any) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _attribute(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list):
        return [_attribute(item) for item in cast("list[Any]", value)]
    return json.dumps(value)
