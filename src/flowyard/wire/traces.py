"""Traces and spans, as the telemetry store answers them."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.shared import Money

SpanKind = Literal["flow", "node", "llm", "embedding", "retrieval", "tool", "http", "function", "internal"]
SpanStatus = Literal["unset", "ok", "error"]
#: What a trace has of its large values.
Values = Literal["whole", "beginnings"]
#: By what a list of traces is ordered, and which way; what is not known comes last.
TraceOrder = Literal[
    "started:desc", "started:asc", "duration:desc", "duration:asc", "cost:desc", "cost:asc", "tokens:desc", "tokens:asc"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanEvent:
    """Something that happened within a span."""

    name: str
    at: str
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeValue:
    """An attribute of a span of which only the beginning is here; `event`: of its event at this place, from 0.

    `bytes` are those of its JSON, None where an earlier version kept it.
    """

    name: str
    bytes: int | None = None
    event: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One span. `cost` None means that the price is not known; 0 means free. Token counts are None where none were told.

    `large` names the values that are only beginnings: because they were asked for so, or because the whole is lost.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: SpanKind
    status: SpanStatus
    status_message: str | None
    started_at: str
    start_offset_ms: float
    duration_ms: float
    model: str | None = None
    endpoint: str | None = None
    deployment: str | None = None
    node: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: Money | None = None
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    events: tuple[SpanEvent, ...] = ()
    large: tuple[LargeValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A trace in a list: its root span and sums over its model calls.

    `complete`: its first span has ended and is here. Until then name, status and duration are those of the earliest that is; a trace
    that a caller began who sends no spans never is. `withheld`: it read documents with access tags that the caller does not have, so
    that its texts are left out, and times, tokens, cost and status stay.
    """

    trace_id: str
    name: str
    kind: SpanKind
    status: SpanStatus
    started_at: str
    duration_ms: float
    spans: int
    prompt_tokens: int
    completion_tokens: int
    cost: Money | None
    models: tuple[str, ...]
    endpoint: str | None = None
    input_preview: str | None = None
    output_preview: str | None = None
    complete: bool = True
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceDetail:
    """A trace with all its spans, oldest first."""

    trace: Trace
    spans: tuple[Span, ...]
