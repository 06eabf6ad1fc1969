"""How many replicas a deployment should have, of those that are scaled by what they have to do."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from flowyard.endpoints.figures import Counts, FigureStore, total
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord, EndpointRecord
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.wire.endpoints import ScaleSettings

#: Who scales, in the history.
ACTOR = "autoscaler"
#: What is under way is looked at over so long, or twice the polling interval.
WINDOW_S = 5.0
#: Latency is looked at over so long; after replicas were added for it, so long nothing is concluded.
LATENCY_WINDOW_S = 30.0
#: Nothing is concluded of the latency of fewer requests.
FEW = 20

# Azure ML's default of `max_concurrent_requests_per_instance`.
_EACH = 1
# Figures come once a second: of less time than this nothing is known.
_SHORTEST_S = 2.0


def is_scaled(plan: DeploymentPlan) -> bool:
    """Whether the number of replicas follows what they have to do."""
    return plan.settings.scale.type == "target_utilization"


def within(scale: ScaleSettings, count: int) -> int:
    """Return `count` within the bounds."""
    return min(max(count, scale.min_instances), scale.max_instances)


@dataclass(slots=True)
class _History:
    """What was seen of one deployment, newest last."""

    revision: int
    seen: deque[tuple[float, Counts]] = field(default_factory=deque[tuple[float, Counts]])
    wanted: deque[tuple[float, int]] = field(default_factory=deque[tuple[float, int]])
    next_at: float = 0.0
    raised_at: float = -math.inf

    def add(self, now: float, counts: Counts) -> None:
        self.seen.append((now, counts))
        while now - self.seen[0][0] > LATENCY_WINDOW_S:
            self.seen.popleft()

    def before(self, now: float, window_s: float) -> tuple[float, Counts]:
        """Return the oldest that was seen within the window."""
        return next(entry for entry in self.seen if now - entry[0] <= window_s)


class Autoscaler:
    """Decides, and writes what it decides with the reason. `clock` tells seconds, for tests.

    What it has seen is in memory: a worker that has just begun to lead adds replicas after seconds, and takes some away only after a
    whole cool-down.
    """

    def __init__(self, store: EndpointStore, figures: FigureStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._figures = figures
        self._clock = clock
        self._histories: dict[str, _History] = {}

    def tick(self, endpoints: Iterable[EndpointRecord]) -> bool:
        """Look at every deployment that is scaled; whether one was changed."""
        scaled = {
            deployment.id: deployment
            for endpoint in endpoints
            for deployment in endpoint.deployments
            if deployment.revision and is_scaled(deployment.plan)
        }
        self._histories = {known: history for known, history in self._histories.items() if known in scaled}
        if not scaled:
            return False
        rows = self._figures.read(scaled)
        changed = [self._look(deployment, total(rows[known])) for known, deployment in scaled.items()]
        return any(changed)

    def _look(self, deployment: DeploymentRecord, counts: Counts) -> bool:
        now, scale = self._clock(), deployment.plan.settings.scale
        history = self._histories.get(deployment.id)
        if history is None or history.revision != deployment.revision or (history.seen and counts.open_s < history.seen[-1][1].open_s):
            history = self._histories[deployment.id] = _History(deployment.revision, next_at=now)
        if now < history.next_at:
            return False
        history.next_at = now + scale.polling_interval
        history.add(now, counts)
        bounded = within(scale, deployment.wanted)
        if bounded != deployment.wanted:
            return self._scale(deployment, bounded, f"{scale.min_instances} to {scale.max_instances} instances are allowed.")
        wanted, reason = self._wanted(deployment, history, now)
        history.wanted.append((now, wanted))
        while now - history.wanted[0][0] > scale.cool_down_s:
            history.wanted.popleft()
        if wanted > deployment.wanted:
            return self._scale(deployment, wanted, reason)
        most = max(count for _, count in history.wanted)
        # A whole cool-down has to have been seen: the first of the entries is as old, to one interval.
        cooled = now - history.wanted[0][0] >= scale.cool_down_s - 2 * scale.polling_interval
        if most < deployment.wanted and cooled:
            return self._scale(deployment, most, f"No more than {most} were needed for {scale.cool_down_s} s.")
        return False

    def _wanted(self, deployment: DeploymentRecord, history: _History, now: float) -> tuple[int, str]:
        scale = deployment.plan.settings.scale
        each = deployment.plan.settings.request.max_concurrent_requests_per_instance or _EACH
        then, before = history.before(now, max(WINDOW_S, 2.0 * scale.polling_interval))
        if now - then < _SHORTEST_S:
            return deployment.wanted, ""
        load = (history.seen[-1][1].open_s - before.open_s) / (now - then)
        needed = math.ceil(round(load / (each * scale.target_utilization_percentage / 100), 2))
        told = f"{load:.1f} requests under way or waiting; {scale.target_utilization_percentage} % of {each} each"
        slow = _over_target(scale, history, now)
        if slow and needed <= deployment.wanted:
            return (deployment.wanted + 1, slow) if self._may_add(deployment, history, now) else (deployment.wanted, "")
        return within(scale, needed), f"{told} make {needed} instances."

    def _may_add(self, deployment: DeploymentRecord, history: _History, now: float) -> bool:
        """Whether one more may be added for slow answers: those that were are ready, and have had time to help."""
        ready = sum(replica.state == "ready" and replica.revision == deployment.revision for replica in deployment.replicas)
        if ready < deployment.wanted or now - history.raised_at < LATENCY_WINDOW_S:
            return False
        if deployment.wanted >= deployment.plan.settings.scale.max_instances:
            return False
        history.raised_at = now
        return True

    def _scale(self, deployment: DeploymentRecord, count: int, reason: str) -> bool:
        return self._store.scale(deployment, count, reason, ACTOR)


def _over_target(scale: ScaleSettings, history: _History, now: float) -> str:
    """Return what is said where answers take longer than they should, else an empty text."""
    _, before = history.before(now, LATENCY_WINDOW_S)
    newest = history.seen[-1][1]
    if scale.target_p95_ms is None or newest.requests - before.requests < FEW:
        return ""
    durations = {bucket: count - before.durations.get(bucket, 0) for bucket, count in newest.durations.items()}
    p95_s = Counts(durations=durations).quantile_s(0.95)
    if p95_s is None or p95_s * 1000 <= scale.target_p95_ms:
        return ""
    return f"P95 {p95_s * 1000:.0f} ms in {LATENCY_WINDOW_S:.0f} s, the target is {scale.target_p95_ms} ms."
