"""How good a version of a flow was found: the newest of its runs that was evaluated."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from flowyard.data.lineage.errors import LineageNotFoundError
from flowyard.data.lineage.model import Thing
from flowyard.data.lineage.service import MOST_EDGES, LineageService
from flowyard.flows.runs.errors import RunNotFoundError
from flowyard.flows.runs.metric_parts import metric_parts
from flowyard.flows.runs.service import RunService
from flowyard.identity.model import Caller
from flowyard.wire.deployment_checks import DeploymentEvaluation
from flowyard.wire.lineage import LineageActivity
from flowyard.wire.runs import Run

#: So many runs of a version are looked at, the newest first.
_LOOKED_AT = 20


class Evaluations:
    """Finds evaluations by lineage: the snapshot of a flow, its runs, the runs that evaluate those."""

    def __init__(self, lineage: LineageService, runs: RunService) -> None:
        self._lineage = lineage
        self._runs = runs

    def of(self, caller: Caller, flow: str, digest: str, named: str | None = None) -> DeploymentEvaluation | None:
        """Return the evaluation of the flow with the snapshot `digest`; None: no run of it has ended that has metrics.

        Runs of variants are none of the flow as it is deployed, and do not count; nor do others than the run that is `named`, or is
        evaluated by it: of several that evaluate it then only that one.
        """
        return next((found for found in self._each(caller, flow, digest, named)), None)

    def all(self, caller: Caller, flow: str, digest: str) -> tuple[DeploymentEvaluation, ...]:
        """Return the evaluations that there are to choose from, the newest first."""
        return tuple(self._each(caller, flow, digest, None))

    def _each(self, caller: Caller, flow: str, digest: str, named: str | None) -> Iterator[DeploymentEvaluation]:
        for run in self._made_of(caller, Thing("flow", flow, digest), "run"):
            if run.variants:
                continue
            evaluations = tuple(self._made_of(caller, Thing("run", run.name), "evaluation"))
            if named is not None and named != run.name:
                evaluations = tuple(evaluation for evaluation in evaluations if evaluation.name == named)
                if not evaluations:
                    continue
            metrics = dict(_numbers(run.metrics))
            for evaluation in reversed(evaluations):
                metrics |= dict(_numbers(evaluation.metrics))
            if metrics:
                names = tuple(evaluation.name for evaluation in evaluations)
                yield DeploymentEvaluation(
                    run=run.name, rows=run.counts.completed, evaluations=names, metrics=metrics, metric_parts=metric_parts(metrics)
                )

    def _made_of(self, caller: Caller, thing: Thing, activity: LineageActivity) -> Iterator[Run]:
        """Yield the runs that were made of something and have completed, the newest first."""
        try:
            edges = self._lineage.edges(caller, thing.id, up=False, limit=MOST_EDGES).items
        except LineageNotFoundError:
            return
        newest = sorted((edge for edge in edges if edge.activity == activity), key=lambda edge: edge.created_at, reverse=True)
        for edge in newest[:_LOOKED_AT]:
            try:
                run = self._runs.get(caller, Thing.parse(edge.target).name)
            except RunNotFoundError:  # deleted since
                continue
            if run.status == "completed":
                yield run


def _numbers(metrics: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in metrics.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
            yield name, float(value)
