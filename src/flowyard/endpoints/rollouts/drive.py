"""Carries rollouts on: the leading worker calls it about once a second. All that it knows between two calls is in the database."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from flowyard.endpoints.errors import TrafficInvalidError
from flowyard.endpoints.figures import Counts, FigureStore, Sample, merged, total
from flowyard.endpoints.online.model import DeploymentRecord, EndpointRecord
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.endpoints.rollouts.model import Progress, RolloutRecord, is_same, split
from flowyard.endpoints.rollouts.ports import RolloutStore
from flowyard.endpoints.rollouts.rules import Seen, check, least_requests, verdict_of
from flowyard.foundation.clock import NANOSECONDS, now_ns, to_rfc3339
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.ids import new_id
from flowyard.identity.model import AuditRecord
from flowyard.wire.rollouts import RolloutState, RolloutStep

log = logging.getLogger(__name__)

#: Who moves traffic, in the audit trail.
ACTOR = "rollout"
# Gateways read the event log every 200 ms and tell what they count every second: what is counted sooner may be of the split before.
_SETTLE_NS = 2 * NANOSECONDS
# Other rollouts wait while a judge thinks.
_SCORED_AT_A_TIME = 8


class Scorer(Protocol):
    """Scores answers."""

    def higher_is_better(self, rollout: RolloutRecord) -> bool:
        """Whether the rollout's evaluator gives better answers a higher score."""
        ...

    def scores(self, rollout: RolloutRecord, samples: Sequence[Sample]) -> list[float]:
        """Return the scores of those answers that have one. Blocks while a model judges.

        Raises:
            FlowyardError: the evaluator cannot be run at all.
        """
        ...


class RolloutDriver:
    """Looks at every rollout that goes on, and moves traffic onwards or back. Safe to repeat, and to be done by two."""

    def __init__(self, store: RolloutStore, endpoints: EndpointStore, figures: FigureStore, scorer: Scorer) -> None:
        self._store = store
        self._endpoints = endpoints
        self._figures = figures
        self._scorer = scorer

    def tick(self) -> None:
        """Look once at all of them."""
        for rollout in self._store.active():
            try:
                self._look(rollout)
            except FlowyardError as error:
                log.warning("the rollout of %s to %s cannot go on now: %s", rollout.endpoint, rollout.spec.to, error)
                self._store.save(_saying(rollout, str(error)))

    def _look(self, rollout: RolloutRecord) -> None:
        endpoint = self._endpoints.get(rollout.workspace_id, rollout.endpoint)
        deployment = endpoint.deployment(rollout.spec.to) if endpoint is not None else None
        if endpoint is None or endpoint.id != rollout.endpoint_id or deployment is None:
            self._end(rollout, "stopped", f"The deployment {rollout.spec.to!r} is gone.")
        elif not is_same(endpoint.traffic, rollout.progress.traffic):
            who = self._store.mover(rollout) or "Somebody"
            self._end(rollout, "stopped", f"{who} changed the traffic to {_told(endpoint.traffic)}: the rollout leaves it so.", by=who)
        elif deployment.revision != rollout.progress.revision:
            self._begin(rollout, endpoint, deployment, "It was deployed anew: the step begins again.")
        elif not rollout.progress.baseline:
            if now_ns() - rollout.progress.started_ns >= _SETTLE_NS:
                self._begin(rollout, endpoint, deployment, "")
        else:
            self._judge(rollout, endpoint, deployment)

    def _begin(self, rollout: RolloutRecord, endpoint: EndpointRecord, deployment: DeploymentRecord, why: str) -> None:
        """Note what has been counted so far: what comes now is the step's."""
        rows = self._figures.read(entry.id for entry in endpoint.deployments)
        baseline = {found: {row.gateway: row.counts for row in held} for found, held in rows.items()}
        self._figures.take_samples(deployment.id)
        progress = replace(
            rollout.progress,
            baseline=baseline,
            revision=deployment.revision,
            started_ns=now_ns() if why else rollout.progress.started_ns,
            scores=(),
            detail=f"{why} Step {rollout.progress.step + 1} of {len(rollout.spec.steps)}: {rollout.share} %.".strip(),
        )
        self._store.save(replace(rollout, progress=progress), sample=_wanted(rollout, 0))

    def _judge(self, rollout: RolloutRecord, endpoint: EndpointRecord, deployment: DeploymentRecord) -> None:
        progress, spec = rollout.progress, rollout.spec
        rows = self._figures.read(entry.id for entry in endpoint.deployments)
        counted = {found: total(held, progress.baseline.get(found, {})) for found, held in rows.items()}
        canary = counted[deployment.id]
        live = merged(counts for entry, counts in counted.items() if entry != deployment.id)
        live_p95 = live.quantile_s(0.95) if live.requests >= least_requests(spec) else None
        live_p95_ms = progress.live_p95_ms if live_p95 is None else live_p95 * 1000
        scores = self._scored(rollout, deployment)
        now = now_ns()
        over = now - progress.started_ns >= spec.every_s * NANOSECONDS
        checks = check(
            Seen(
                spec=spec,
                canary=canary,
                live=live,
                over=over,
                state=deployment.state,
                live_p95_ms=live_p95_ms,
                replicas=sum(replica.state == "ready" and replica.revision == deployment.revision for replica in deployment.replicas),
                error=str((deployment.error or {}).get("detail", "")),
                scores=scores,
                higher_is_better=spec.evaluator is None or self._scorer.higher_is_better(rollout),
            )
        )
        step = replace(
            _figures(progress.steps[progress.step], canary, live),
            checks=checks,
            score=sum(scores) / len(scores) if scores else None,
            scored=len(scores),
        )
        seen = replace(rollout, progress=replace(progress, scores=scores, live_p95_ms=live_p95_ms, steps=_with(progress, step)))
        verdict = verdict_of(checks)
        if verdict == "breach":
            why = " ".join(found.text for found in checks if found.verdict == "breach")
            self._end(seen, "rolled_back", f"Step {progress.step + 1} ({rollout.share} %): {why}", traffic=progress.before, step="breached")
        elif verdict == "pass" and over and rollout.state == "running":
            self._go_on(seen)
        else:
            waits = " ".join(found.text for found in checks if found.verdict == "wait")
            detail = f"Step {progress.step + 1} of {len(spec.steps)}: {rollout.share} %. {waits}".strip()
            if (detail, step, scores) != (progress.detail, progress.steps[progress.step], progress.scores):
                self._store.save(_saying(seen, detail), sample=_wanted(seen, len(scores)))

    def _scored(self, rollout: RolloutRecord, deployment: DeploymentRecord) -> tuple[float, ...]:
        held = rollout.progress.scores
        if rollout.spec.evaluator is None or len(held) >= rollout.spec.sample:
            return held
        samples = self._figures.take_samples(deployment.id)[: min(_SCORED_AT_A_TIME, rollout.spec.sample - len(held))]
        return (*held, *self._scorer.scores(rollout, samples)) if samples else held

    def _go_on(self, rollout: RolloutRecord) -> None:
        progress = rollout.progress
        passed = replace(progress.steps[progress.step], state="passed", ended_at=to_rfc3339(now_ns()))
        after = replace(progress, steps=_with(progress, passed))
        if progress.step + 1 == len(rollout.spec.steps):
            self._end(replace(rollout, progress=after), "completed", f"{rollout.spec.to} has {_told(progress.traffic)}.", step="passed")
            return
        following = begun(after, progress.step + 1, rollout.spec.steps[progress.step + 1], rollout.spec.to)
        self._move(replace(rollout, progress=following), progress.traffic)

    def _end(
        self,
        rollout: RolloutRecord,
        state: RolloutState,
        detail: str,
        *,
        traffic: dict[str, int] | None = None,
        step: str = "left",
        by: str | None = None,
    ) -> None:
        log.info("the rollout of %s to %s is %s: %s", rollout.endpoint, rollout.spec.to, state, detail)
        ended = finished(rollout, state, detail, breached=step == "breached", by=by)
        if traffic is None:
            self._store.save(ended, sample=0)
        else:
            self._move(replace(ended, progress=replace(ended.progress, traffic=traffic)), rollout.progress.traffic)

    def _move(self, rollout: RolloutRecord, moved_from: dict[str, int]) -> None:
        try:
            self._store.save(rollout, sample=0, moved_from=moved_from, audit=_audit(rollout, moved_from))
        except TrafficInvalidError as error:
            # What it goes back to may have been deleted meanwhile; what serves is better than nothing.
            self._end(rollout, "stopped", f"The traffic cannot be {_told(rollout.progress.traffic)}: {error.message}")


def begun(progress: Progress, index: int, share: int, to: str) -> Progress:
    """Return `progress` at the beginning of a step; nothing is counted yet."""
    now = now_ns()
    step = replace(progress.steps[index], state="running", started_at=to_rfc3339(now))
    steps = (*progress.steps[:index], step, *progress.steps[index + 1 :])
    return replace(
        progress,
        step=index,
        steps=steps,
        started_ns=now,
        baseline={},
        scores=(),
        traffic=split(progress.before, to, share),
        detail=f"Step {index + 1} of {len(steps)}: {share} %.",
    )


def finished(rollout: RolloutRecord, state: RolloutState, detail: str, *, breached: bool = False, by: str | None = None) -> RolloutRecord:
    """Return a rollout as it is when it has ended; the step that ran is passed already, breached, or left."""
    progress, now = rollout.progress, now_ns()
    step = progress.steps[progress.step]
    if step.state == "running":
        step = replace(step, state="breached" if breached else "left", ended_at=to_rfc3339(now))
    ended = replace(progress, steps=_with(progress, step), detail=detail, ended_ns=now, ended_by=by, baseline={})
    return replace(rollout, state=state, progress=ended)


def _with(progress: Progress, step: RolloutStep) -> tuple[RolloutStep, ...]:
    return (*progress.steps[: progress.step], step, *progress.steps[progress.step + 1 :])


def _saying(rollout: RolloutRecord, detail: str) -> RolloutRecord:
    return replace(rollout, progress=replace(rollout.progress, detail=detail))


def _wanted(rollout: RolloutRecord, scored: int) -> int:
    """Return how many answers gateways are to keep."""
    return max(0, rollout.spec.sample - scored) if rollout.spec.evaluator is not None else 0


def _figures(step: RolloutStep, canary: Counts, live: Counts) -> RolloutStep:
    p95, live_p95 = canary.quantile_s(0.95), live.quantile_s(0.95)
    return replace(
        step,
        requests=canary.requests,
        errors=canary.failed,
        p95_ms=None if p95 is None else round(p95 * 1000, 1),
        live_requests=live.requests,
        live_errors=live.failed,
        live_p95_ms=None if live_p95 is None else round(live_p95 * 1000, 1),
    )


def _told(traffic: Mapping[str, int]) -> str:
    return " ".join(f"{name}={share}" for name, share in traffic.items()) or "none"


def _audit(rollout: RolloutRecord, before: dict[str, int]) -> AuditRecord:
    return AuditRecord(
        id=new_id(),
        workspace_id=rollout.workspace_id,
        at_ns=now_ns(),
        actor=f"{ACTOR} {rollout.id}",
        action="endpoint.traffic",
        target=f"endpoints/{rollout.endpoint}",
        detail={"before": before, "after": rollout.progress.traffic, "reason": rollout.progress.detail},
    )
