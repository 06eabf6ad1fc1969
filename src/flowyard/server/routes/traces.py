"""What ran: traces with their spans."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.times import read_time
from flowyard.wire.shared import Page
from flowyard.wire.traces import SpanKind, SpanStatus, Trace, TraceDetail

router = APIRouter(prefix="/workspaces/{workspace}/traces", tags=["traces"])
Reader = Annotated[Caller, allow("traces:read")]
Word = Annotated[str | None, Query(min_length=1, max_length=500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceQuery:
    """The filters of the list, as query parameters."""

    status: Annotated[SpanStatus | None, Query(description="Status of the root span.")] = None
    kind: Annotated[SpanKind | None, Query(description="Kind of the root span.")] = None
    model: Word = None
    endpoint: Word = None
    flow: Word = None
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
            status=self.status,
            kind=self.kind,
            model=self.model,
            endpoint=self.endpoint,
            flow=self.flow,
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
) -> Page[Trace]:
    """List traces, the newest first. Model, endpoint, flow and text may be those of any span of a trace."""
    return services.traces.page(caller, where.filter(), limit=limit, cursor=cursor)


@router.get("/{trace_id}")
def get_trace(trace_id: str, caller: Reader, services: ServicesDep) -> TraceDetail:
    """Return a trace with all its spans, the earliest first."""
    return services.traces.get(caller, trace_id)
