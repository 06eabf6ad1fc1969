"""Evaluators: what scores answers."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorMeasure:
    """A number that an evaluator gives, between `low` and `high` (None: there is no greatest)."""

    key: str
    low: float
    high: float | None
    higher_is_better: bool
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorSummary:
    """An evaluator.

    Attributes:
        kind: computed, or judged by a model.
        inputs: what each row must have.
        optional: what a row may have.
        measures: the numbers it gives; the first is the one to look at.
        settings: what it can be made with, with the defaults; null: none.
        calls: how often it asks its model for a row, or for a turn of a conversation; 0 for a computed one.
    """

    name: str
    description: str
    kind: Literal["deterministic", "judge"]
    inputs: tuple[str, ...]
    optional: tuple[str, ...]
    measures: tuple[EvaluatorMeasure, ...]
    settings: dict[str, Any]
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorFlowCreate:
    """Make a flow of an evaluator. `name`: of the flow; None: the evaluator's."""

    name: str | None = None
