"""What an evaluator is: what it takes, what it measures, which way is better."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Kind = Literal["deterministic", "judge"]
#: How a row came out: `unknown` where there is no score to compare.
Verdict = Literal["pass", "fail", "unknown"]

#: A row's scores, verdicts and reasons by name, as plain values.
Result = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number that an evaluator gives.

    Attributes:
        key: its name in a row's result, and the beginning of its names in the metrics of a run.
        prefix: the beginning of the names that go with it: ``<prefix>_result``, ``<prefix>_threshold``.
        low: the least value.
        high: the greatest value; None: there is none.
        higher_is_better: a row passes at or above its threshold; False: at or below it.
        unit: of the value, where it has one.
    """

    key: str
    prefix: str
    low: float = 0.0
    high: float | None = 1.0
    higher_is_better: bool = True
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorInfo:
    """What is known of an evaluator without running it.

    Attributes:
        name: as it is called on the command line.
        description: one sentence.
        kind: computed, or judged by a model.
        inputs: what each row must have.
        optional: what a row may have.
        measures: the numbers it gives; the first is the one to look at.
        conversation: takes `conversation` instead of its inputs.
        calls: how often a judge asks its model for a row, or for a turn of a conversation; at most, where it depends on the row.
        source: of the formula or the scale.
    """

    name: str
    description: str
    kind: Kind
    inputs: tuple[str, ...]
    measures: tuple[Measure, ...]
    optional: tuple[str, ...] = ()
    conversation: bool = False
    calls: int = 1
    source: str = ""


class Evaluator:
    """Base of the evaluators: a callable with keyword arguments only, whose `info` says what it takes and gives.

    As a flow (``entry: module:Class``) its rows are lines, and `__aggregate__` makes the run's metrics of them.
    """

    info: ClassVar[EvaluatorInfo]

    def __aggregate__(self, line_results: list[Result]) -> dict[str, float]:
        """Return the metrics of a run: for each measure its mean and pass rate with their 95 % intervals, and how many rows counted."""
        from flowyard.evaluation.metrics import metrics

        return metrics(self.info.measures, line_results)
