"""Gates: what the metrics of an evaluation have to be before the flow is deployed."""

import math
from collections.abc import Iterable, Sequence

from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.foundation.errors import Location
from flowyard.wire.deployment_checks import DeploymentEvaluation
from flowyard.wire.endpoints import Gate

MOST_GATES = 20


def check_gates(gates: Sequence[Gate]) -> None:
    """Return when every gate says something.

    Raises:
        DeploymentInvalidError: one names no metric, has no bound or one that is no number, or there are too many.
    """
    if len(gates) > MOST_GATES:
        raise DeploymentInvalidError(f"There are {len(gates)} gates, expected at most {MOST_GATES}.", location=_where(""))
    for place, gate in enumerate(gates):
        bounds = [bound for bound in (gate.at_least, gate.at_most) if bound is not None]
        if not gate.metric.strip() or not bounds or not all(map(math.isfinite, bounds)):
            raise DeploymentInvalidError(
                f"The gate {words(gate)!r} says nothing.",
                remedy='Name a metric and what it has to be: {"metric": "f1_score", "at_least": 0.8}, or at_most.',
                location=_where(f"/{place}"),
            )


def words(gate: Gate) -> str:
    """Return a gate as one writes it: ``f1_score >= 0.8``."""
    bounds = ((">=", gate.at_least), ("<=", gate.at_most))
    return " and ".join(f"{gate.metric} {sign} {bound:g}" for sign, bound in bounds if bound is not None) or gate.metric


def unmet(gates: Iterable[Gate], evaluation: DeploymentEvaluation | None) -> tuple[str, ...]:
    """Return of each gate that is not met what it asks for and what there is, in words."""
    metrics = {} if evaluation is None else evaluation.metrics
    found: list[str] = []
    for gate in gates:
        value = metrics.get(gate.metric)
        if value is None:
            found.append(f"{words(gate)}: no such metric is known" if metrics else f"{words(gate)}: nothing was measured")
        elif (gate.at_least is not None and value < gate.at_least) or (gate.at_most is not None and value > gate.at_most):
            found.append(f"{words(gate)}: it is {value:.4g}")
    return tuple(found)


def _where(rest: str) -> Location:
    return Location(pointer=f"/settings/gates{rest}")
