"""Evaluators as the API shows them."""

from inspect import signature

from flowyard.evaluation.model import Measure
from flowyard.evaluation.registry import evaluator_class, evaluators
from flowyard.wire.evaluators import EvaluatorMeasure, EvaluatorSummary


def summaries() -> tuple[EvaluatorSummary, ...]:
    """Return every evaluator, our own first.

    Raises:
        EvaluatorLoadError: a package's evaluator cannot be loaded.
    """
    return tuple(
        EvaluatorSummary(
            name=name,
            description=info.description,
            kind=info.kind,
            inputs=info.inputs,
            optional=info.optional,
            measures=tuple(map(_measure, info.measures)),
            settings=settings_of(name),
            calls=info.calls if info.kind == "judge" else 0,
        )
        for name, info in evaluators().items()
    )


def settings_of(name: str) -> dict[str, object]:
    """Return what an evaluator can be made with, with the defaults; None where there is none, or where it is no plain value."""
    parameters = signature(evaluator_class(name)).parameters.values()
    return {it.name: it.default if isinstance(it.default, bool | int | float | str) else None for it in parameters}


def _measure(measure: Measure) -> EvaluatorMeasure:
    return EvaluatorMeasure(
        key=measure.key, low=measure.low, high=measure.high, higher_is_better=measure.higher_is_better, unit=measure.unit
    )
