"""Gates: what the metrics of an evaluation have to be before the flow is deployed."""

import math
from collections.abc import Iterable, Mapping, Sequence

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
                f"The gate {str(gate)!r} says nothing.",
                remedy='Name a metric and what it has to be: {"metric": "f1_score", "at_least": 0.8}, or at_most.',
                location=_where(f"/{place}"),
            )


def unmet(gates: Iterable[Gate], evaluation: DeploymentEvaluation | None) -> tuple[str, ...]:
    """Return of each gate that is not met what it asks for and what there is, in words."""
    metrics = {} if evaluation is None else evaluation.metrics
    found: list[str] = []
    for gate in gates:
        value = metrics.get(gate.metric)
        if value is None:
            found.append(f"{gate}: no such metric is known" if metrics else f"{gate}: nothing was measured")
        elif (gate.at_least is not None and value < gate.at_least) or (gate.at_most is not None and value > gate.at_most):
            found.append(f"{gate}: it is {value:.4g}{_interval(metrics, gate.metric)}")
    return tuple(found)


def _interval(metrics: Mapping[str, float], metric: str) -> str:
    """Return the 95 % interval of a metric, which an evaluation tells by ``<metric>_low`` and ``<metric>_high``; else nothing."""
    low, high = metrics.get(f"{metric}_low"), metrics.get(f"{metric}_high")
    return "" if low is None or high is None else f", 95 % interval {low:.4g} to {high:.4g}"


def _where(rest: str) -> Location:
    return Location(pointer=f"/settings/gates{rest}")
