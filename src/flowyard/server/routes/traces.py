"""What ran: traces with their spans."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import Response, StreamingResponse

from flowyard.foundation.codecs import to_json
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.tracing import export
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.times import read_time
from flowyard.wire.facets import TraceFacets
from flowyard.wire.shared import Page
from flowyard.wire.traces import SpanKind, SpanStatus, Trace, TraceDetail, TraceOrder, Values

router = api_router("traces", "/workspaces/{workspace}/traces")
Reader = Annotated[Caller, allow("traces:read")]
TraceId = Annotated[str, Query(min_length=32, max_length=32)]
Word = Annotated[str, Query(min_length=1, max_length=500)]
Words = Annotated[list[Word] | None, Query(max_length=100)]

_FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": {kind: {} for kind in export.MEDIA_TYPES.values()}}}
_VALUE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The value", "content": {"text/plain": {"schema": {"type": "string"}}, "application/json": {}}}
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceQuery:
    """The filters of the list, as query parameters. Where one is given several times, any of its values will do."""

    status: Annotated[list[SpanStatus] | None, Query(max_length=100, description="Status of the root span; any of these.")] = None
    kind: Annotated[list[SpanKind] | None, Query(max_length=100, description="Kind of the root span; any of these.")] = None
    model: Words = None
    endpoint: Words = None
    flow: Words = None
    text: Annotated[str | None, Query(min_length=1, max_length=500, description="In names, prompts and answers.")] = None
    q: Annotated[str | None, Query(max_length=2000, description="A search: status:error model:NAME duration>2s words.")] = None
    since: Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago; traces that began then or later.")] = None
    until: Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago; traces that began before.")] = None

    def filter(self) -> TraceFilter:
        """Return the filter, with times as nanoseconds.

        Raises:
            InvalidInputError: a time cannot be read.
            SearchError: `q` cannot be read.
        """
        return TraceFilter(
            status=tuple(self.status or ()),
            kind=tuple(self.kind or ()),
            model=tuple(self.model or ()),
            endpoint=tuple(self.endpoint or ()),
            flow=tuple(self.flow or ()),
            text=self.text,
            since_ns=read_time("since", self.since),
            until_ns=read_time("until", self.until),
            search=parse_search(self.q) if self.q else None,
        )


@router.get("")
def list_traces(
    caller: Reader,
    services: ServicesDep,
    where: Annotated[TraceQuery, Depends()],
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    order: Annotated[
        TraceOrder, Query(description="By what, and which way; with others than started:desc give a period.")
    ] = "started:desc",
) -> Page[Trace]:
    """List traces, by default the newest first. Model, endpoint, flow and text may be those of any span of a trace."""
    return services.traces.page(caller, where.filter(), limit=limit, cursor=cursor, order=order)


@router.get("/facets")
def list_facets(
    caller: Reader,
    services: ServicesDep,
    where: Annotated[TraceQuery, Depends()],
    facet: Annotated[
        list[str] | None,
        Query(max_length=20, description="A field of searches, score, score.NAME or attr.NAME; several may be given."),
    ] = None,
    find: Annotated[str, Query(max_length=200, description="Only values that contain this, whatever its case.")] = "",
    limit: Annotated[int, Query(ge=1, le=200, description="How many values of each facet, the most frequent first.")] = 20,
) -> TraceFacets:
    """Count the traces by the values of their fields; of very many only the newest are counted.

    What the filter chooses of a field does not narrow that field: its counts say what another of its values would find.
    """
    return services.traces.facets(caller, where.filter(), fields=facet or (), find=find, limit=limit)


@router.get("/export", response_class=StreamingResponse, responses=_FILE)
def export_traces(
    caller: Reader,
    services: ServicesDep,
    where: Annotated[TraceQuery, Depends()],
    form: Annotated[
        export.ExportFormat, Query(alias="format", description="JSON lines, a trace a line, or Parquet, a row a span.")
    ] = "jsonl",
    trace_id: Annotated[list[TraceId] | None, Query(max_length=500, description="These traces, whatever else is given.")] = None,
    limit: Annotated[int | None, Query(ge=1, description="How many at most, the newest first; without it all.")] = None,
) -> StreamingResponse:
    """Return whole traces as a file, the newest first, or those that are named in their order. It is written while it is sent."""
    traces = services.traces.whole(caller, where.filter(), trace_ids=trace_id or (), limit=limit)
    headers = {"Content-Disposition": f'attachment; filename="traces.{form}"'}
    return StreamingResponse(export.export_traces(traces, form), media_type=export.MEDIA_TYPES[form], headers=headers)


@router.get("/{trace_id}")
def get_trace(
    trace_id: str,
    caller: Reader,
    services: ServicesDep,
    values: Annotated[Values, Query(description="Of values of more than 32 KiB the whole, or the beginnings.")] = "whole",
) -> TraceDetail:
    """Return a trace with all its spans, the earliest first."""
    return services.traces.get(caller, trace_id, values=values)


@router.get("/{trace_id}/spans/{span_id}/value", response_class=Response, responses=_VALUE)
def get_span_value(
    trace_id: str,
    span_id: str,
    caller: Reader,
    services: ServicesDep,
    name: Annotated[str, Query(min_length=1, description="The attribute.")],
    event: Annotated[int | None, Query(ge=0, description="Of the span's event at this place, from 0.")] = None,
) -> Response:
    """Return the whole of one attribute: a text as it is, any other value as JSON."""
    value = services.traces.value(caller, trace_id, span_id, name, event=event)
    if isinstance(value, str):
        return Response(value, media_type="text/plain")
    return Response(to_json(value), media_type="application/json")
