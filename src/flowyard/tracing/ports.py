"""What telemetry is written to and asked of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.tracing.model import SpanKind, SpanRecord, SpanStatus
from flowyard.tracing.search.model import All, Search, Term, Text, any_of
from flowyard.tracing.signals import Score
from flowyard.wire.traces import TraceOrder


class SpanSink(Protocol):
    """Takes finished spans. `emit` never blocks on a disk or a network and never raises for a full buffer: it counts what it dropped."""

    def emit(self, record: SpanRecord) -> None:
        """Take one span; it is durable within 100 ms, or when `flush` returns."""
        ...

    def emit_score(self, score: Score) -> None:
        """Take one score, as `emit` does a span."""
        ...

    def flush(self) -> None:
        """Return when everything emitted so far is durable."""
        ...

    def close(self) -> None:
        """Flush and end."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFilter:
    """Which traces: all conditions hold; of several values of one, any. Times are UTC nanoseconds, `text` matches names and messages.

    `status` and `kind` are those of the root, and the times bound its start; `model`, `endpoint`, `flow` and `text` may be those
    of any span. `search` says more (`tracing.search`).
    """

    status: tuple[SpanStatus, ...] = ()
    kind: tuple[SpanKind, ...] = ()
    model: tuple[str, ...] = ()
    endpoint: tuple[str, ...] = ()
    flow: tuple[str, ...] = ()
    text: str | None = None
    since_ns: int | None = None
    until_ns: int | None = None
    search: Search | None = None

    def whole(self) -> tuple[Search, ...]:
        """Return all that is asked for besides the times, each of which has to hold."""
        fields = (
            ("status", self.status),
            ("root.kind", self.kind),
            ("model", self.model),
            ("endpoint", self.endpoint),
            ("flow", self.flow),
        )
        terms = [any_of(tuple(Term(name, "=", value, exact=True) for value in values)) for name, values in fields if values]
        words = [Text(self.text)] if self.text else []
        more = self.search.of if isinstance(self.search, All) else () if self.search is None else (self.search,)
        return (*terms, *words, *more)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSummary:
    """A trace's root and the sums over its spans.

    `root` is the earliest span without a known parent; `shown` the earliest whose input and output tell what the trace was about
    (the flow below an HTTP request, the root itself if it is one). `cost_micros` None: the price of a model call is not known.
    """

    root: SpanRecord
    spans: int
    status: SpanStatus
    duration_ns: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int | None
    currency: str
    models: tuple[str, ...]
    shown: SpanRecord | None = None


#: Where a trace stands in an order: what it is ordered by, the least first, and its id where that is the same.
Place = tuple[int, str]
#: What is not known comes last, either way.
LAST = (1 << 63) - 1


def place_of(summary: TraceSummary, order: TraceOrder) -> Place:
    """Return where a trace stands in `order`."""
    values = {
        "started": summary.root.start_ns,
        "duration": summary.duration_ns,
        "cost": summary.cost_micros,
        "tokens": summary.prompt_tokens + summary.completion_tokens,
    }
    by, _, way = order.partition(":")
    value = values[by]
    return LAST if value is None else value if way == "asc" else -value, summary.root.trace_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCounts:
    """Root calls of endpoints and models, failed ones among them, and the tokens of all their model calls."""

    requests: int
    errors: int
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetWish:
    """What is counted: `fields`, at most `limit` values of each, of these only values that contain `find`, whatever its case.

    Of the traces `withheld` neither scores nor attributes are told.
    """

    fields: tuple[str, ...]
    limit: int
    find: str = ""
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """A value of a field that so many traces have; `distinct` counts the field's values. `upto`: the end of a range from `value` on."""

    field: str
    value: str
    traces: int
    distinct: int
    upto: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCounts:
    """The values, the most frequent of each field first; how many traces there are; after when they began where there are more."""

    values: list[FacetCount]
    traces: int
    after_ns: int | None


class TelemetryQueries(Protocol):
    """Answers questions over one workspace's spans, and never sees another's. A flushed span is visible within a second."""

    def list_traces(self, workspace_id: str, where: TraceFilter, *, limit: int = 50, before_ns: int | None = None) -> list[TraceSummary]:
        """Return traces, newest start first, that began before `before_ns`."""
        ...

    def list_ordered(
        self, workspace_id: str, where: TraceFilter, order: TraceOrder, *, limit: int = 50, after: Place | None = None
    ) -> list[TraceSummary]:
        """Return traces in `order`, those that come after a place (`place_of`)."""
        ...

    def get_trace(self, workspace_id: str, trace_id: str, *, whole: bool = True) -> list[SpanRecord]:
        """Return all spans of a trace, earliest first; empty when there is none. Twice-delivered spans appear once.

        Not `whole`: of large values only the beginnings, with what `beginnings.APART` says of them.
        """
        ...

    def get_span(self, workspace_id: str, trace_id: str, span_id: str) -> SpanRecord | None:
        """Return a span with the whole of its large values; None: there is none."""
        ...

    def get_traces(self, workspace_id: str, trace_ids: Sequence[str]) -> dict[str, list[SpanRecord]]:
        """Return the spans of several traces, as `get_trace` does for one; those that are not there are left out."""
        ...

    def count_calls(self, workspace_id: str, since_ns: int) -> CallCounts:
        """Return the counts since then."""
        ...

    def facets(self, workspace_id: str, where: TraceFilter, wish: FacetWish) -> FacetCounts:
        """Count the traces by the values of fields; where there are very many traces, only the newest."""
        ...
