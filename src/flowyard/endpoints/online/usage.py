"""What the replicas of deployments use of processors and memory: the leading worker looks, and a month of it is kept."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.compute.ports import ProcessHost
from flowyard.compute.processes.usage import Usage, usage_of
from flowyard.endpoints.online.model import deployment_of
from flowyard.foundation.clock import NANOSECONDS, now_ns

#: Processes are looked at so often.
EVERY_S = 30.0
#: What was seen is kept for so long.
KEPT_NS = 31 * 24 * 3600 * NANOSECONDS
# Of what happened within a longer time nobody knows when: this worker has not led meanwhile.
_LONGEST_S = 2 * EVERY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentUse:
    """What the replicas of a deployment used within `lasted_ns` until `at_ns`, and the resident memory that they had then."""

    deployment_id: str
    at_ns: int
    lasted_ns: int
    cpu_ns: int
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseFigures:
    """What a deployment used in a bucket of time: processors on average, and resident memory. `begin_ns` None: in the whole period."""

    deployment_id: str
    begin_ns: int | None
    cpu_cores: float
    memory_bytes: int
    memory_peak_bytes: int


class UsageStore(Protocol):
    """Keeps what deployments used. Calls block."""

    def add(self, rows: Sequence[DeploymentUse], *, forget_before_ns: int) -> None:
        """Add rows, and forget those that are older."""
        ...

    def read(self, deployment_ids: Iterable[str], since_ns: int, until_ns: int, grain_ns: int | None) -> Sequence[UseFigures]:
        """Return figures by deployment and bucket, the earliest first. `grain_ns` is a bucket's length; None: the whole period."""
        ...


class UsageSampler:
    """A `compute.jobs.ports.Reconciler` that looks at replicas every 30 s. `clock` tells seconds, for tests.

    What a replica that ends used since the last look is not counted.
    """

    def __init__(self, host: ProcessHost, store: UsageStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._host = host
        self._store = store
        self._clock = clock
        self._looked_at: float | None = None
        self._counted: dict[tuple[str, int], float] = {}

    def tick(self) -> None:
        """Look, when it is time to."""
        now = self._clock()
        passed = None if self._looked_at is None else now - self._looked_at
        if passed is not None and passed < EVERY_S:
            return
        used = self._look()
        if passed is not None and passed <= _LONGEST_S:
            self._keep(used, round(passed * NANOSECONDS))
        self._looked_at = now
        # A child that has just ended is counted neither as alive nor as ended for a moment.
        self._counted = {key: max(usage.cpu_s, self._counted.get(key, 0.0)) for key, usage in used.items()}

    def _look(self) -> dict[tuple[str, int], Usage]:
        pids = {status.name: status.pid for status in self._host.find("replica/") if status.pid is not None}
        usage = usage_of(pids.values())
        return {(name, pid): usage[pid] for name, pid in pids.items() if pid in usage}

    def _keep(self, used: dict[tuple[str, int], Usage], lasted_ns: int) -> None:
        cpu_ns: Counter[str] = Counter()
        memory: Counter[str] = Counter()
        for (name, pid), usage in used.items():
            deployment_id = deployment_of(name)
            cpu_ns[deployment_id] += round(max(0.0, usage.cpu_s - self._counted.get((name, pid), 0.0)) * NANOSECONDS)
            memory[deployment_id] += usage.resident
        at_ns = now_ns()
        rows = [
            DeploymentUse(deployment_id=known, at_ns=at_ns, lasted_ns=lasted_ns, cpu_ns=cpu_ns[known], memory_bytes=held)
            for known, held in memory.items()
        ]
        if rows:
            self._store.add(rows, forget_before_ns=at_ns - KEPT_NS)
