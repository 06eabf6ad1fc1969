"""Figures over telemetry: groups, time series, comparisons; conversations and users."""

from dataclasses import dataclass
from typing import Literal

Subject = Literal["calls", "requests", "spans"]
Grain = Literal["none", "auto", "minute", "5m", "15m", "hour", "6h", "day", "week"]
GroupField = Literal[
    "model", "provider", "kind", "name", "flow", "node", "endpoint", "deployment", "status", "run", "session", "user", "key", "service",
    "error",
]  # fmt: skip
#: ``score.<name>``: what the latest score of that name of a span's trace says.
ScoreField = str
Measure = Literal[
    "count", "errors", "error_rate", "duration_avg", "duration_p50", "duration_p90", "duration_p95", "duration_p99", "duration_max",
    "first_token_p50", "first_token_p95", "prompt_tokens", "completion_tokens", "tokens", "cost", "unpriced", "sessions", "users", "traces",
]  # fmt: skip
ColumnType = Literal["time", "text", "integer", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of figures. `unit` is ``ms``, ``micros`` (of the row's currency), ``share`` or None."""

    name: str
    type: ColumnType
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Rows of figures: first the time (with a grain), then the groups, then the measures.

    `previous` are the rows of the period to compare with (`previous_since`, `previous_until`), where one was asked for; their times are
    moved to the period asked for, so that the two can be laid over one another, and both have the groups of both. Costs are in
    millionths of `currency`'s unit, of calls whose price is known; ``unpriced`` counts the others. `truncated`: there were more groups
    than `limit`.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]
    previous: tuple[tuple[str | float | int | None, ...], ...] | None
    since: str
    until: str
    grain: Grain
    currency: str
    truncated: bool
    previous_since: str | None = None
    previous_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The traces of one session. `cost_micros` None: the price of a call is not known."""

    session_id: str
    users: tuple[str, ...]
    traces: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: str | None
    currency: str
    first_at: str
    last_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryUser:
    """What one user of the applications caused."""

    user_id: str
    sessions: int
    traces: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: str | None
    currency: str
    first_at: str
    last_at: str


SegmentTrouble = Literal["missing", "damaged", "rows", "index", "orphaned", "unreadable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFinding:
    """What is wrong with one file of telemetry. `path` is relative to the folder of segments, of what is ``unreadable`` to that of spools.

    ``missing``, ``damaged``: its rows are lost to all answers, of ``.payloads`` the whole of large values; ``rows``: it holds more or fewer
    than the manifest says; ``index``: the index of its traces is gone; ``orphaned``: no manifest names the file; ``unreadable``: frames of
    a spool that were acknowledged and could not be read, kept as they came.
    """

    path: str
    trouble: SegmentTrouble
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A workspace's segments as the manifest names them, and what is wrong with their files; no findings: all is well."""

    segments: int
    rows: int
    bytes: str
    findings: tuple[SegmentFinding, ...]
