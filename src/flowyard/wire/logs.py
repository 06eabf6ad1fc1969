"""SQL over telemetry."""

from dataclasses import dataclass
from typing import Any, Literal

#: The forms in which an answer comes as a file.
LogFormat = Literal["csv", "parquet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """One SELECT over the tables ``spans``, ``requests``, ``logs``, ``metrics`` and ``scores`` of the workspace.

    `since` and `until` (RFC 3339, or ``2h``, ``7d`` ago) bound the rows that the tables hold; without them it is the last 24 hours.
    `limit` bounds the answer, `timeout_s` the time.
    """

    query: str
    since: str | None = None
    until: str | None = None
    limit: int = 1000
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlColumn:
    """A column of an answer, with DuckDB's name of its type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAnswer:
    """The rows of an answer. Integers beyond 2^53, times and nested values are text or JSON; `warnings` name what could not be read."""

    columns: tuple[SqlColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    elapsed_ms: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlTable:
    """A table that can be asked."""

    name: str
    meaning: str
    columns: tuple[SqlColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQueryWrite:
    """A SELECT to keep under a name. `shared`: everybody in the workspace sees it; otherwise whoever saved it does."""

    query: str
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A SELECT that is kept under a name. `owner` saved it; `mine`: that is whoever asks, who alone may change it."""

    name: str
    query: str
    shared: bool
    owner: str
    mine: bool
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A log record. `severity` is OpenTelemetry's number: 1 (trace), 5 (debug), 9 (info), 13 (warn), 17 (error), 21 (fatal)."""

    log_id: str
    at: str
    severity: int
    body: str
    service: str | None = None
    logger: str | None = None
    event: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    attributes: Any = None
