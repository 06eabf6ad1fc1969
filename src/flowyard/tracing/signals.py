"""What telemetry keeps beside spans: log records, metric points and scores; and the four signals as tables.

Each signal is a table of its own in the store, with the columns of its struct in order. Fields are added, never changed.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from flowyard.tracing.model import SpanRecord

Signal = Literal["spans", "logs", "metrics", "scores"]
MetricKind = Literal["gauge", "sum", "histogram", "exponential_histogram", "summary"]
ScoreSource = Literal["user", "api", "evaluator"]

SCORE_NAME_LIMIT, LABEL_LIMIT, COMMENT_LIMIT = 100, 200, 10_000
#: The name of scores that say nothing else: a thumb, a comment.
FEEDBACK = "feedback"
_SCORE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\- ]*")


class LogRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One log record. `severity` is OpenTelemetry's number, 1 (trace) to 24 (fatal), 9 is info; `log_id` makes it one of its kind."""

    log_id: str
    at_ns: int
    workspace_id: str = ""
    severity: int = 9
    body: str = ""
    event: str | None = None
    trace_id: str | None = None
    span_id: str | None = None
    service: str | None = None
    logger: str | None = None
    attributes: dict[str, Any] = {}


class MetricPoint(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One point of a metric. `value` is a gauge's or a sum's; a histogram or summary has `count`, `sum`, `low`, `high` and `buckets`.

    `buckets` is a list of ``[upper bound, count]`` (the last bound None), a summary's of ``[quantile, value]``. `start_ns` is when the
    sum began; `delta` tells whether it counts from there or from the point before.
    """

    point_id: str
    name: str
    at_ns: int
    workspace_id: str = ""
    kind: MetricKind = "gauge"
    unit: str | None = None
    start_ns: int | None = None
    delta: bool = False
    value: float | None = None
    count: int | None = None
    sum: float | None = None
    low: float | None = None
    high: float | None = None
    buckets: list[tuple[float | None, float]] = []
    service: str | None = None
    attributes: dict[str, Any] = {}


def is_score_name(text: str) -> bool:
    """Return whether a score can be called so: a letter, then letters, digits, spaces and ``_.-``, at most 100 in all."""
    return len(text) <= SCORE_NAME_LIMIT and _SCORE_NAME.fullmatch(text) is not None


class Score(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What somebody or something thinks of a trace, or of a span of it.

    The latest of one `author` for one `name` of one trace and span is the one that counts; one that is `withdrawn` takes it back.
    `value` is a number (1 and 0 for thumbs up and down), `label` a word, `comment` the reason.
    """

    score_id: str
    at_ns: int
    trace_id: str
    name: str
    workspace_id: str = ""
    span_id: str | None = None
    value: float | None = None
    label: str | None = None
    comment: str | None = None
    source: ScoreSource = "api"
    author: str | None = None
    withdrawn: bool = False
    attributes: dict[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalTable:
    """How a signal is kept: its columns by type, which of them make a row one of its kind, and which is its time."""

    name: Signal
    columns: tuple[str, ...]
    key: tuple[str, ...]
    time: str
    integers: frozenset[str]
    required: tuple[str, ...]
    floats: frozenset[str] = frozenset()
    booleans: frozenset[str] = frozenset()
    json: frozenset[str] = frozenset({"attributes"})


SPANS = SignalTable(
    name="spans",
    columns=SpanRecord.__struct_fields__,
    key=("trace_id", "span_id"),
    time="start_ns",
    integers=frozenset({"start_ns", "duration_ns", "line", "prompt_tokens", "completion_tokens", "cost_micros", "first_token_ns"}),
    required=("trace_id", "span_id", "name", "start_ns", "duration_ns"),
    json=frozenset({"attributes", "events"}),
)
LOGS = SignalTable(
    name="logs",
    columns=LogRecord.__struct_fields__,
    key=("log_id",),
    time="at_ns",
    integers=frozenset({"at_ns", "severity"}),
    required=("log_id", "at_ns"),
)
METRICS = SignalTable(
    name="metrics",
    columns=MetricPoint.__struct_fields__,
    key=("point_id",),
    time="at_ns",
    integers=frozenset({"at_ns", "start_ns", "count"}),
    floats=frozenset({"value", "sum", "low", "high"}),
    booleans=frozenset({"delta"}),
    required=("point_id", "name", "at_ns"),
    json=frozenset({"attributes", "buckets"}),
)
SCORES = SignalTable(
    name="scores",
    columns=Score.__struct_fields__,
    key=("score_id",),
    time="at_ns",
    integers=frozenset({"at_ns"}),
    floats=frozenset({"value"}),
    booleans=frozenset({"withdrawn"}),
    required=("score_id", "at_ns", "trace_id", "name"),
)

#: The tables of telemetry, by their name.
SIGNALS: dict[Signal, SignalTable] = {table.name: table for table in (SPANS, LOGS, METRICS, SCORES)}
