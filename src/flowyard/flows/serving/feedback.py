"""What callers say of an answer: kept as a span in the trace of that answer."""

import json
import logging
from typing import Any, cast
from urllib.parse import parse_qs, unquote

from flowyard.tracing.context import parse_traceparent
from flowyard.tracing.recorder import Recorder

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
        return span.context.trace_id


def parse_baggage(header: bytes) -> dict[str, str]:
    """Read a W3C ``baggage`` header; members that break its rules are left out, properties of members are too."""
    found: dict[str, str] = {}
    for member in header.decode("latin-1").split(","):
        name, equals, value = member.partition(";")[0].partition("=")
        if equals and name.strip():
            found[unquote(name.strip())] = unquote(value.strip())
    return found


def _members(text: str) -> dict[str, Any] | None:
    try:
        found: Any = json.loads(text)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        logger.warning("Feedback that was to be flattened is no JSON object, and is kept whole.")
        return None
    return {str(key): _attribute(value) for key, value in cast("dict[Any, Any]", found).items()}


def _attribute(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list):
        return [_attribute(item) for item in cast("list[Any]", value)]
    return json.dumps(value)
