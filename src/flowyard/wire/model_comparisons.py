"""Models side by side on somebody's own data."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.shared import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelComparisonCreate:
    """Models to compare on a data set.

    Attributes:
        models: two to eight: catalog names, ``<connection>/<model>`` or ``endpoint:<name>``; the others are compared with the first.
        data: a data asset, ``<name>:<version>`` or ``azureml:<name>@latest``.
        evaluators: their names; ``f1`` and ``rouge`` stand for ``f1_score`` and ``rouge_score``.
        prompt: the column with the question, or a text with ``{{column}}`` in it.
        ground_truth: the column with the right answer.
        system: a system message.
        judge: the connection or model for evaluators that judge, ``<connection>/<model>`` or a local model.
        max_rows: rows from the beginning of the data at most.
        max_tokens: of one answer.
        least_difference: the difference in an evaluator's first measure that would matter, for the count of rows needed to see it.
    """

    models: tuple[str, ...]
    data: str
    evaluators: tuple[str, ...]
    prompt: str = "query"
    ground_truth: str = "ground_truth"
    system: str | None = None
    judge: str | None = None
    max_rows: int = 200
    max_tokens: int = 256
    least_difference: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelComparisonPlan:
    """At most what a comparison would ask and cost, told before it begins: every row of `max_rows` with answers of `max_tokens`.

    `data` names the version that is meant; `cost` None: a price is not known; `free`: all of it runs on this machine.
    """

    models: tuple[str, ...]
    data: str
    evaluators: tuple[str, ...]
    rows: int
    calls: int
    prompt_tokens: int
    completion_tokens: int
    free: bool
    cost: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMeasure:
    """One number of one model, as a mean over rows with its 95 % interval."""

    mean: float | None
    low: float | None = None
    high: float | None = None
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedModel:
    """What one model did. Latencies in ms; `tokens_per_s` counts completion tokens over the time of the calls.

    `cost` None: the price is not known.
    """

    model: str
    completed: int
    failed: int
    scores: dict[str, ComparedMeasure]
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    tokens_per_s: float | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Money | None = None
    first_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPair:
    """One model against the first in one measure: the mean difference row by row, and what that says.

    Attributes:
        difference: mean of (model - baseline); `low` and `high` its 95 % interval.
        p_value: two-sided, of the paired t-test; None where it does not exist.
        adjusted_p: the same after Holm's correction for all pairs of the comparison.
        verdict: ``better`` and ``worse`` mind which way the measure is better.
        rows_needed: rows that would show `least_difference` with a power of 80 %; None when a difference was shown or it is not known.
        sentence: the same in words.
    """

    measure: str
    baseline: str
    model: str
    rows: int
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    adjusted_p: float | None
    verdict: Literal["better", "worse", "no_difference_shown", "not_comparable"]
    least_difference: float
    rows_needed: int | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One row of the data, with every model's answer and scores; None where a model has not answered."""

    line: int
    question: str
    ground_truth: str | None
    answers: dict[str, str | None]
    scores: dict[str, dict[str, float]]
    errors: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelComparison:
    """A comparison: while its job runs, without results. Its id is that of its job; `verdict` is the whole in plain words."""

    id: str
    status: Literal["running", "completed"]
    models: tuple[str, ...]
    data: str
    evaluators: tuple[str, ...]
    started_at: str
    ended_at: str | None
    rows: int
    results: tuple[ComparedModel, ...] = ()
    pairs: tuple[ComparedPair, ...] = ()
    verdict: str = ""
    warnings: tuple[str, ...] = ()
    judge: str | None = None
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
