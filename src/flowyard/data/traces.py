"""Data made of traces: a row for each, with what went in, what came out, and what was thought of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from flowyard.data.chat import chat_messages
from flowyard.data.lineage.model import Made, Thing
from flowyard.data.service import DataService
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.model import Caller
from flowyard.tracing.guarding import WITHHELD
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.scores import ScoreService
from flowyard.tracing.service import TraceService, summarise
from flowyard.tracing.signals import Score
from flowyard.wire.data import DataAsset, DataAssetCreate, DataFromTraces, DataFromTracesPreview, TraceRowForm

#: The most traces that one version is made of.
LIMIT = 10_000
#: A preview counts so many traces at most.
COUNTED = 1000
_AT_ONCE = 200
_TRACE_ID = re.compile(r"[0-9a-f]{32}")
_FILE = "traces.jsonl"


class TraceData:
    """Makes versions of data assets from traces. What a version was made from stands in its origin."""

    def __init__(self, data: DataService, traces: TraceService, scores: ScoreService) -> None:
        self._data = data
        self._traces = traces
        self._scores = scores

    def create(self, caller: Caller, wanted: DataFromTraces) -> DataAsset:
        """Make a version with a row for each chosen trace, in the order of choice (of a search: the newest first).

        Raises:
            InvalidInputError: nothing is chosen or found, or the search or a name is not valid.
            DataAssetExistsError: the version is there.
        """
        chosen = self._chosen(caller, wanted)
        with self._data.files.begin(caller.workspace_id) as file:
            kept: list[str] = []
            for trace_id, row in self._rows(caller, chosen, wanted.form):
                file.write(to_json(row) + b"\n")
                kept.append(trace_id)
            if not kept:
                raise InvalidInputError(
                    "None of the chosen traces has anything to make a row of.",
                    remedy="Choose traces with inputs and outputs, or for the form chat those with a model call: flowyard trace list",
                )
            upload = file.keep_file(_FILE)
        origin: dict[str, Any] = {"kind": "traces", "form": wanted.form, "traces": kept}
        origin |= {name: value for name in ("q", "since", "until") if (value := getattr(wanted, name)) is not None}
        about = DataAssetCreate(
            name=wanted.name, upload=upload.reference, version=wanted.version, description=wanted.description, tags=wanted.tags
        )
        parameters = {key: value for key, value in origin.items() if key not in {"kind", "traces"}}
        made = Made(activity="traces", sources=tuple(Thing("trace", trace_id) for trace_id in kept), parameters=parameters)
        return self._data.keep(caller, about, upload, origin, rows=len(kept), made=made)

    def preview(self, caller: Caller, wanted: DataFromTraces, rows: int) -> DataFromTracesPreview:
        """Return the first `rows` rows of the version that `create` would make, and how many traces are found, whatever its limit.

        Raises:
            InvalidInputError: the search or a name is not valid.
        """
        found = self._chosen(caller, replace(wanted, limit=COUNTED + 1))
        made = self._rows(caller, found[:_AT_ONCE], wanted.form, at_once=rows)
        return DataFromTracesPreview(
            rows=tuple(row for _, row in islice(made, rows)), traces=min(len(found), COUNTED), more=len(found) > COUNTED
        )

    def _chosen(self, caller: Caller, wanted: DataFromTraces) -> Sequence[str]:
        if not 1 <= wanted.limit <= LIMIT or len(wanted.trace_ids) > LIMIT:
            raise InvalidInputError(
                f"A version is made of 1 to {LIMIT} traces.", remedy="Narrow the search.", location=Location(pointer="/limit")
            )
        if wanted.trace_ids:
            return tuple(dict.fromkeys(_checked(trace_id) for trace_id in wanted.trace_ids))
        return self._traces.found(caller, q=wanted.q, since=wanted.since, until=wanted.until, limit=wanted.limit)

    def _rows(
        self, caller: Caller, trace_ids: Sequence[str], form: TraceRowForm, *, at_once: int = _AT_ONCE
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        for start in range(0, len(trace_ids), at_once):
            some = trace_ids[start : start + at_once]
            traces = self._traces.of(caller, some)
            scores: dict[str, list[Score]] = {}
            for score in self._scores.of_traces(caller, some):
                scores.setdefault(score.trace_id, []).append(score)
            for trace_id in some:
                spans = traces.get(trace_id)
                whole = spans and not any(span.attributes.get(WITHHELD) for span in spans)
                row = trace_row(spans, scores.get(trace_id, ()), form) if spans and whole else None
                if row is not None:
                    yield trace_id, row


def _checked(trace_id: str) -> str:
    if not _TRACE_ID.fullmatch(trace_id.lower()):
        raise InvalidInputError(
            f"{trace_id[:80]!r} is no trace id.", remedy="It has 32 hexadecimal digits.", location=Location(pointer="/trace_ids")
        )
    return trace_id.lower()


def trace_row(spans: list[SpanRecord], scores: Sequence[Score], form: TraceRowForm) -> dict[str, Any] | None:
    """Return a trace as a row of data; None when there is nothing to make one of.

    Args:
        spans: all spans of the trace, at least one.
        scores: those that count.
        form: ``columns``: the inputs as columns of their names, ``output`` or ``output.<name>``, then ``score.<name>``, ``trace_id``,
            ``model``, ``started_at``. ``chat``: ``messages``, the prompt and the answer of the last model call.
    """
    return _chat_row(spans) if form == "chat" else _column_row(spans, scores)


def _chat_row(spans: list[SpanRecord]) -> dict[str, Any] | None:
    for span in sorted(spans, key=lambda one: one.start_ns, reverse=True):
        prompt = chat_messages(span.attributes.get("gen_ai.input.messages"))
        answer = chat_messages(span.attributes.get("gen_ai.output.messages"))[:1]
        if span.kind == "llm" and prompt and answer:
            return {"messages": [*prompt, *answer]}
    return None


def _column_row(spans: list[SpanRecord], scores: Sequence[Score]) -> dict[str, Any] | None:
    summary = summarise(spans)
    told = summary.shown or summary.root
    inputs = _side(told, "input")
    outputs = _side(told, "output")
    if inputs is None and outputs is None:
        return None
    row: dict[str, Any] = dict(_fields(inputs, "input", prefix=""))
    row |= _fields(outputs, "output", prefix="output.")
    row |= {f"score.{score.name}": score.value if score.value is not None else score.label or score.comment for score in scores}
    row["trace_id"] = told.trace_id
    if summary.models:
        row["model"] = ", ".join(summary.models)
    row["started_at"] = to_rfc3339(summary.root.start_ns)
    return row


def _side(span: SpanRecord, side: str) -> Any:
    """Return what went in or came out: a flow's values, or a model call's messages, a lone text as text."""
    value = span.attributes.get(f"flowyard.{side}")
    if value is not None:
        return value
    messages = chat_messages(span.attributes.get(f"gen_ai.{side}.messages"))
    if side == "output" and len(messages) == 1 and isinstance(messages[0].get("content"), str):
        return messages[0]["content"]
    return {"messages": messages} if messages else None


def _fields(value: Any, name: str, *, prefix: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        return {name: value}
    fields = cast("dict[str, Any]", value)
    if prefix and len(fields) == 1:
        return {name: next(iter(fields.values()))}
    return {f"{prefix}{key}": item for key, item in fields.items()}
