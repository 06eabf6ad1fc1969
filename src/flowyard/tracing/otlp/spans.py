"""Spans of OTLP as rows of ours."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flowyard.tracing.model import SpanEvent, SpanKind, SpanRecord
from flowyard.tracing.otlp.mapping import fold, kind_of, reading_of, take_fields
from flowyard.tracing.otlp.values import attributes_of, hex_id

logger = logging.getLogger(__name__)

#: Returns what a call cost in micro-units (provider, model, prompt and completion tokens), or None when the price is not known.
PriceOf = Callable[[str, str, int, int], int | None]

_ERROR = 2
#: OTLP's codes of how a span ended.
STATUS = {0: "unset", 1: "ok", 2: "error"}
_FIRST_TOKEN = frozenset(
    {"First Token Stream Event", "llm.content.completion.chunk", "gen_ai.first_token", "promptflow.llm.generated_message"}
)
#: How long the first token took, in seconds.
FIRST_ANSWERED = "gen_ai.server.time_to_first_token"
#: The latest time that a span can have.
LARGEST_NS = (1 << 63) - 1


def spans_of(request: Any, workspace_id: str, price_of: PriceOf | None) -> Iterator[SpanRecord]:
    """Yield the spans of an ``ExportTraceServiceRequest``; those without valid ids are left out."""
    records = list(_records(request, workspace_id))
    _count_once(records)
    for record in records:
        price(record, price_of)
        yield record


@dataclass(frozen=True, slots=True)
class Origin:
    """Where spans come from: the service, and what else is told of it and of the instrumentation, as attributes of each span."""

    service: str
    about: dict[str, Any]


def origin_of(resource: Any, scope: Any) -> Origin:
    """Return what a ``Resource`` and an ``InstrumentationScope`` tell."""
    told = attributes_of(resource.attributes)
    service = str(told.pop("service.name", None) or "unknown_service")
    about = {f"resource.{name}": value for name, value in told.items() if not name.startswith("telemetry.sdk.")}
    about |= ({"scope.name": scope.name} if scope.name else {}) | ({"scope.version": scope.version} if scope.version else {})
    return Origin(service, about)


def _records(request: Any, workspace_id: str) -> Iterator[SpanRecord]:
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            origin = origin_of(resource_spans.resource, scope_spans.scope)
            for span in scope_spans.spans:
                record = record_of(span, origin, workspace_id)
                if record is not None:
                    yield record


def record_of(span: Any, origin: Origin, workspace_id: str) -> SpanRecord | None:
    """Return a ``Span`` as a record, without its price; None when its ids are not valid."""
    trace_id, span_id = hex_id(span.trace_id, 16), hex_id(span.span_id, 8)
    if trace_id is None or span_id is None:
        return None
    kind, fields, attributes = _read(span)
    start = min(span.start_time_unix_nano, LARGEST_NS)
    events = [SpanEvent(event.name, min(event.time_unix_nano, LARGEST_NS), attributes_of(event.attributes)) for event in span.events]
    told = span.status
    status = STATUS.get(told.code, "unset")
    first = _first_token(attributes, events, start)
    if first is not None:
        fields["first_token_ns"] = first
    if span.links:
        attributes["links"] = [_link(link) for link in span.links]
    if status == "error" and "error_type" not in fields:
        raised = next((event.attributes.get("exception.type") for event in events if event.name == "exception"), None)
        if raised:
            fields["error_type"] = str(raised)
    return SpanRecord(
        trace_id=trace_id,
        span_id=span_id,
        parent_id=hex_id(span.parent_span_id, 8),
        name=span.name or "unnamed",
        kind=kind,
        start_ns=start,
        # Clocks that were set back meanwhile give an end before the start.
        duration_ns=max(0, min(span.end_time_unix_nano, LARGEST_NS) - start) if span.end_time_unix_nano else 0,
        status=status,  # pyright: ignore[reportArgumentType]
        status_message=told.message or None if told.code == _ERROR else None,
        attributes=attributes | origin.about,
        events=events,
        workspace_id=workspace_id,
        service=origin.service,
        **fields,
    )


def _read(span: Any) -> tuple[SpanKind, dict[str, Any], dict[str, Any]]:
    """Return the span's kind, the fields that its attributes tell, and the other attributes.

    It was acknowledged: attributes of a form that no convention has are kept as they came, and never stop the reading of what follows.
    """
    attributes = attributes_of(span.attributes)
    reading = reading_of(attributes)
    kind = kind_of(attributes, reading)
    try:
        fields = take_fields(attributes, kind, reading)
        fold(attributes, reading)
    except Exception:
        logger.exception("The attributes of span %s are kept as they came: they cannot be read.", span.span_id.hex())
        return kind, {}, attributes_of(span.attributes)
    return kind, fields, attributes


def _link(link: Any) -> dict[str, Any]:
    about = {"attributes": attributes_of(link.attributes)} if link.attributes else {}
    return {"trace_id": link.trace_id.hex(), "span_id": link.span_id.hex(), **about}


def _first_token(attributes: dict[str, Any], events: list[SpanEvent], start_ns: int) -> int | None:
    seconds = attributes.get(FIRST_ANSWERED)
    if isinstance(seconds, int | float) and 0 <= seconds < 10**6:
        return int(seconds * 10**9)
    found = next((event for event in events if event.name in _FIRST_TOKEN), None) if events else None
    return max(0, found.at_ns - start_ns) if found is not None else None


def _count_once(records: list[SpanRecord]) -> None:
    """Where a framework's span of a model call stands above the client's own, let only the client's count: they tell the same tokens.

    The two come from instrumentations of their own, hence in scopes of their own: it takes all spans of a request to see it.
    """
    calls = {(record.trace_id, record.span_id): record for record in records if record.kind in {"llm", "embedding"}}
    if len(calls) < 2:
        return
    parents = {(record.trace_id, record.span_id): record.parent_id for record in records}
    # Among calls side by side the way up is long and finds nothing; a step that was gone for one of them is not gone again.
    seen: set[tuple[str, str]] = set()
    for record in list(calls.values()):
        if record.prompt_tokens is None and record.completion_tokens is None:
            continue
        above = record.parent_id
        while above is not None and (place := (record.trace_id, above)) not in seen:
            seen.add(place)
            outer = calls.get(place)
            if outer is not None and outer is not record:
                _tell_only(outer)
            above = parents.get(place)


def _tell_only(outer: SpanRecord) -> None:
    """Make a framework's span of a call one that counts nothing; what it told stays an attribute."""
    outer.kind = "function"
    for name, count in (("input", outer.prompt_tokens), ("output", outer.completion_tokens)):
        if count is not None:
            outer.attributes[f"gen_ai.usage.{name}_tokens"] = count
    outer.prompt_tokens = outer.completion_tokens = None


def price(record: SpanRecord, price_of: PriceOf | None) -> None:
    """Say what a call cost, where that is known."""
    told = record.prompt_tokens is not None or record.completion_tokens is not None
    if price_of is None or not told or record.kind not in {"llm", "embedding"} or not record.provider or not record.model:
        return
    model = str(record.attributes.get("gen_ai.response.model") or record.model)
    record.cost_micros = price_of(record.provider, model, record.prompt_tokens or 0, record.completion_tokens or 0)
