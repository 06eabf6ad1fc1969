"""Runs: a flow over many rows of data, its rows, metrics and progress."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.flows import NodeResult
from flowyard.wire.metrics import MetricParts
from flowyard.wire.shared import Money

RunStatus = Literal["queued", "running", "canceling", "completed", "failed", "canceled"]
LineStatus = Literal["completed", "failed"]
Verdict = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCreate:
    """Run a flow over data.

    Attributes:
        flow: a flow of the workspace; or the name under which the uploaded `snapshot` (its digest) is shown.
        flow_file: the flow's file in the snapshot, where it is not the only flow in it: a ``.prompty``, for instance.
        data: an upload (``upload:<digest>``) or an address; with `run`, the outputs of that run are there too (``${run.outputs.x}``).
        run: an earlier run; one of the caller's own that goes on is waited for.
        column_mapping: flow input to ``${data.column}``, ``${run.outputs.name}``, ``${run.inputs.name}`` or a literal.
        variants: ``${node.variant_id}`` or ``all:node``, one or several; several run side by side in this run. Empty: the flow as it is.
        connections: node to what is replaced in it: ``connection``, ``deployment_name``, ``model``.
        init: arguments of a flex flow's class.
        resume_from: a run whose completed rows are taken over.
        max_failures: the run stops when more rows than this have failed; None: never.
        concurrency: rows at once at most.
        line_timeout_s: a row may take so long, seconds.
        replay: take every node's result from the cache where it is there.
    """

    flow: str | None = None
    snapshot: str | None = None
    flow_file: str | None = None
    name: str | None = None
    display_name: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    data: str | None = None
    run: str | None = None
    column_mapping: dict[str, Any] = field(default_factory=dict[str, Any])
    variants: tuple[str, ...] = ()
    connections: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    init: dict[str, Any] = field(default_factory=dict[str, Any])
    resume_from: str | None = None
    max_failures: int | None = None
    concurrency: int | None = None
    line_timeout_s: float | None = None
    replay: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """How far a run is. `total` None: not known yet. `seconds_left` and `rows_per_second` only while it runs."""

    completed: int = 0
    failed: int = 0
    total: int | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Money | None = None
    unpriced_calls: int = 0
    rows_per_second: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run. `metrics` has the values of the only variant; with several, `variant_metrics` has each one's.

    `metric_parts` names the metrics that belong to no other, each with those that say more of it.
    `error` ended the run; `aggregation_error` is why metrics are missing though its rows are done. Both are problem details.
    `warnings` were found when it was made.
    """

    name: str
    status: RunStatus
    flow: str
    snapshot: str
    created_at: str
    created_by: str
    display_name: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    data: str | None = None
    run: str | None = None
    column_mapping: dict[str, Any] = field(default_factory=dict[str, Any])
    variants: tuple[str, ...] = ()
    resume_from: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    counts: RunCounts = RunCounts()
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    variant_metrics: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    metric_parts: dict[str, MetricParts] = field(default_factory=dict[str, MetricParts])
    error: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    aggregation_error: dict[str, Any] | None = None
    archived: bool = False
    job_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUpdate:
    """New words about a run; what is None stays."""

    display_name: str | None = None
    description: str | None = None
    tags: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One row of a run. `line` counts from 0, in the order of the data; `variant` is empty where the run has none.

    `withheld`: it read documents with access tags that the caller does not have, so its inputs, outputs and error are not shown.
    """

    line: int
    variant: str
    status: LineStatus
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    error: dict[str, Any] | None = None
    duration_ms: float = 0.0
    started_at: str | None = None
    trace_id: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_micros: int | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLineDetail:
    """One row with what each node did."""

    row: RunLine
    nodes: tuple[NodeResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLog:
    """One line of a run's log."""

    at: str
    level: Literal["info", "warning", "error"]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUpload:
    """Data that was uploaded: ``upload:<digest>`` names it in `RunCreate.data`."""

    reference: str
    bytes: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsPrune:
    """Delete runs that ended before `before`, and uploads and snapshots that nothing uses and nobody asked for since.

    `before` is a time of RFC 3339, or how long ago: ``30d``; at least an hour. With `dry_run` nothing is deleted.
    """

    before: str
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsPruned:
    """What was deleted, or with `dry_run` would be: names of runs, digests of `uploads` and `snapshots`, and their bytes on the disk.

    `unreadable_runs` cannot be read, and nobody knows what they need: while there are any of the workspace, nothing is deleted, and while
    there are any elsewhere (`held_back`), uploads and snapshots stay.
    """

    before: str
    dry_run: bool
    runs: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    snapshots: tuple[str, ...] = ()
    bytes: int = 0
    unreadable_runs: tuple[str, ...] = ()
    held_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLinePage:
    """Part of a run's rows. `total` counts all that match; `next_cursor` fetches what follows, None means this is the end.

    `withheld` counts the run's rows that are withheld from the caller, whether they match or not.
    """

    items: tuple[RunLine, ...]
    total: int
    next_cursor: str | None = None
    withheld: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCounts:
    """How many rows passed, how many did not, and on how many nobody could say, as no score could be read."""

    passed: int = 0
    failed: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLineCounts:
    """A run's rows, counted.

    Attributes:
        completed, failed: rows that gave outputs, and those that an error ended.
        verdicts: over all scores of a row: one that failed fails the row, else one that is unknown makes the row so.
        scores: score to the verdicts on it; empty where no evaluator took part.
    """

    completed: int
    failed: int
    verdicts: VerdictCounts
    scores: dict[str, VerdictCounts]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadAnswer:
    """What a judge answered, from which no score could be read: the row has none of it.

    Attributes:
        line, variant: the row.
        score: the score that is missing, an output of the judge.
        turn: of a conversation, from 0; None: the row is no conversation of several turns.
        reason: why it could not be read: ``no score``, ``several scores``, ``the score 7 is not between 1 and 5``.
        answer: what the judge answered, the beginning of it where it is `cut`.
        model: the model that answered.
        trace_id: of the row.
    """

    line: int
    variant: str
    score: str
    turn: int | None
    reason: str
    answer: str
    cut: bool
    model: str | None
    trace_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadAnswerPage:
    """Part of a run's unread answers. `total` counts all, `rows` the rows that have any, `of` all completed rows."""

    items: tuple[UnreadAnswer, ...]
    total: int
    rows: int
    of: int
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMetrics:
    """What aggregation gave: metric to value for each variant; a run without variants has one with an empty name."""

    variants: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSide:
    """One of the things compared: a run, or one variant of it."""

    label: str
    run: str
    variant: str
    status: RunStatus
    completed: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    cost: Money | None
    mean_duration_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedValue:
    """A side's value of a metric or score. `difference` is to the first side; None where there is nothing to subtract.

    For a score, `value` is the mean over the side's rows, `difference` the mean of the differences row by row over the `n` rows that both
    sides have, and `low` to `high` its 95 % confidence interval: by `method`, ``bootstrap`` of the pairs or, for many rows, ``normal``.
    Where 0 is in it, `rows_needed` is how many rows would show the score's `least_difference` four times in five, at the spread that was
    seen. `counts` are the side's rows in each bin of the score.
    """

    value: Any = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    method: Literal["bootstrap", "normal"] | None = None
    rows_needed: int | None = None
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedName:
    """A metric, or an output whose values are numbers, with one value a side.

    Attributes:
        edges: the bounds of a score's bins, one more than there are bins, from its least value on any side to its greatest; whole numbers
            have a bin each while they are few.
        share: all of a score's values lie between 0 and 1: its differences are told in points, which are hundredths.
        least_difference: the difference of a score that is taken to matter, in its unit; None where nobody said one and all values are
            the same.
        parts: the names of those that say more of it; None: this one says more of another.
    """

    name: str
    values: tuple[ComparedValue, ...]
    edges: tuple[float, ...] = ()
    share: bool = False
    least_difference: float | None = None
    parts: MetricParts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One row on all sides; None where a side does not have it."""

    line: int
    inputs: dict[str, Any]
    sides: tuple[RunLine | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """Runs, or variants of one, side by side. `total` counts the rows that match; the first side is what the others are compared with.

    `sentences` say what the whole shows, whichever rows were asked for: on how many rows outputs differ, then each score on each side,
    what is certain first.
    """

    sides: tuple[ComparedSide, ...]
    metrics: tuple[ComparedName, ...]
    scores: tuple[ComparedName, ...]
    lines: tuple[ComparedLine, ...]
    total: int
    next_cursor: str | None = None
    sentences: tuple[str, ...] = ()
