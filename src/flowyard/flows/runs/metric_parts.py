"""Which metrics, of all that a run has, say more of another: by their names, as `flowyard.evaluation.metrics` gives them."""

from collections.abc import Iterable

from flowyard.wire.metrics import MetricParts

_PARTS = ("low", "high", "count", "invalid")
# What an evaluator writes of a score that it judges: the same again, and what it took to pass.
_SAME, _BOUND = "_score", "_threshold"


def metric_parts(names: Iterable[str]) -> dict[str, MetricParts]:
    """Return the metrics that belong to no other, in their order, each with the names of those that say more of it."""
    known = dict.fromkeys(names)
    return {
        name: MetricParts(**{part: f"{name}_{part}" for part in _PARTS if f"{name}_{part}" in known})
        for name in known
        if not any(name.removesuffix(f"_{part}") in known for part in _PARTS if name.endswith(f"_{part}"))
    }


def score_parts(names: Iterable[str]) -> dict[str, MetricParts]:
    """Return as `metric_parts` does the scores of rows that say something of their own."""
    found = metric_parts(names)
    judged = {name for name in found if f"{name}{_BOUND}" in found}
    told = {f"{name}{end}" for name in judged for end in (_SAME, _BOUND)}
    return {name: parts for name, parts in found.items() if name not in told}
