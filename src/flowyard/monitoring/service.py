"""The readings that the server makes of the whole installation, at each scrape."""

import logging
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from flowyard.compute.ports import ProcessHost
from flowyard.compute.processes.home import find_supervisor
from flowyard.compute.processes.usage import Usage, usage_of
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.version import __version__
from flowyard.monitoring import metrics
from flowyard.monitoring.metrics import Metric, Reading, Readings
from flowyard.monitoring.ports import Deployed, IndexerState, Inventory, InventorySource
from flowyard.tracing.frames import SUFFIX

logger = logging.getLogger(__name__)

#: Roles of which there may be many processes with ever new names: they are shown together, their memory only.
_TOGETHER = frozenset({"session", "probe"})


class Monitoring:
    """Reads how the installation is. What cannot be read is left out and named in ``flowyard_scrape_missing_parts``.

    Args:
        host: knows the processes.
        inventory: what the database says.
        indexer: tells how the indexer is.
        home: the home folder; the supervisor is found there.
        spools: the folder of spools.
        folders: by their name, the folders whose file systems are watched.
    """

    def __init__(
        self,
        host: ProcessHost,
        inventory: InventorySource,
        indexer: Callable[[], IndexerState],
        *,
        home: Path,
        spools: Path,
        folders: Mapping[str, Path],
    ) -> None:
        self._host = host
        self._inventory = inventory
        self._indexer = indexer
        self._home = home
        self._spools = spools
        self._folders = dict(folders)
        self._highest: dict[tuple[str, int], float] = {}
        self._counted: dict[tuple[str, int], float] = {}
        self._spent: dict[str, float] = {}

    def sees_all(self, workspace_id: str) -> bool:
        """Whether keys of this workspace are told of the whole installation: of its first one, and of no other."""
        return self._inventory.first_workspace() == workspace_id

    def read(self) -> Readings:
        """Return all readings. Blocks for some milliseconds; call it from one thread at a time."""
        found: Readings = {}
        add = Add(found)
        deployed: list[Deployed] = []
        add(metrics.BUILD, 1, __version__)
        parts: dict[str, Callable[[], None]] = {
            "database": lambda: deployed.extend(_add_inventory(add, self._inventory.read())),
            "indexer": lambda: _add_indexer(add, self._indexer()),
            "processes": lambda: self._add_processes(add, deployed),
            "disks": lambda: self._add_disks(add),
        }
        for name, part in parts.items():
            missing = 0
            try:
                part()
            except (FlowyardError, OSError) as error:
                logger.warning("The scrape lacks the part %s: %s", name, error)
                missing = 1
            add(metrics.INCOMPLETE, missing, name)
        return found

    def _add_processes(self, add: "Add", deployed: list[Deployed]) -> None:
        statuses = self._host.find()
        for (role, state), count in Counter((_role(status.name), status.state) for status in statuses).items():
            add(metrics.PROCESSES, count, role, state)
        pids = {status.name: status.pid for status in statuses if status.pid is not None}
        supervisor = find_supervisor(self._home)
        if supervisor is not None:
            pids["supervisor"] = supervisor.pid
        usage = usage_of(pids.values())
        restarts = {status.name: status.restarts for status in statuses if _role(status.name) not in _TOGETHER}
        for name, count in restarts.items():
            add(metrics.PROCESS_RESTARTS, count, name)
        used = {name: (pid, usage[pid]) for name, pid in pids.items() if pid in usage}
        self._add_replicas(add, deployed, used)
        self._add_usage(add, used)

    def _add_replicas(self, add: "Add", deployed: list[Deployed], used: dict[str, tuple[int, Usage]]) -> None:
        """Add up what the replicas of each deployment use. A counter does not go back when one of them ends."""
        counted: dict[tuple[str, int], float] = {}
        spent: dict[str, float] = {}
        for one in deployed:
            labels = (one.workspace_id, one.endpoint, one.deployment)
            mine = {(name, pid): usage for name, (pid, usage) in used.items() if name.startswith(f"replica/{one.id}/")}
            highest = {key: max(usage.cpu_s, self._counted.get(key, 0.0)) for key, usage in mine.items()}
            spent[one.id] = self._spent.get(one.id, 0.0) + sum(cpu_s - self._counted.get(key, 0.0) for key, cpu_s in highest.items())
            counted |= highest
            add(metrics.DEPLOYMENT_CPU, spent[one.id], *labels)
            add(metrics.DEPLOYMENT_MEMORY, sum(usage.resident for usage in mine.values()), *labels)
        if deployed:
            self._counted, self._spent = counted, spent

    def _add_usage(self, add: "Add", used: dict[str, tuple[int, Usage]]) -> None:
        together: Counter[str] = Counter()
        highest: dict[tuple[str, int], float] = {}
        for name, (pid, usage) in used.items():
            if _role(name) in _TOGETHER:
                together[_role(name)] += usage.resident
                continue
            # A child that has just ended is counted neither as alive nor as ended for a moment: a counter must not go back for that.
            cpu_s = highest[name, pid] = max(usage.cpu_s, self._highest.get((name, pid), 0.0))
            add(metrics.PROCESS_CPU, cpu_s, name)
            add(metrics.PROCESS_MEMORY, usage.resident, name)
        for role, resident in together.items():
            add(metrics.PROCESS_MEMORY, resident, role)
        self._highest = highest

    def _add_disks(self, add: "Add") -> None:
        for name, folder in self._folders.items():
            if folder.exists():
                usage = shutil.disk_usage(folder)
                add(metrics.DISK_FREE, usage.free, name)
                add(metrics.DISK_SIZE, usage.total, name)
        sizes = [_size(path) for path in self._spools.rglob(f"*{SUFFIX}")] if self._spools.is_dir() else []
        add(metrics.SPOOL_BYTES, sum(sizes))
        add(metrics.SPOOL_FILES, len(sizes))


class Add:
    """Adds a reading: the metric, its value, and the values of its labels."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def __call__(self, metric: Metric, value: float, *labels: str) -> None:
        """Add it."""
        self._readings.setdefault(metric.name, []).append(Reading(labels, value))


def _add_inventory(add: Add, inventory: Inventory) -> tuple[Deployed, ...]:
    """Add what the database says, and return the deployments."""
    for workspace_id, name in inventory.workspaces.items():
        add(metrics.WORKSPACES, 1, workspace_id, name)
    for labels, count in inventory.jobs.items():
        add(metrics.JOBS, count, *labels)
    for deployed in inventory.deployments:
        labels = (deployed.workspace_id, deployed.endpoint, deployed.deployment)
        add(metrics.DEPLOYMENTS, 1, *labels, deployed.state)
        add(metrics.REPLICAS_WANTED, deployed.wanted, *labels)
        for state, count in deployed.replicas.items():
            add(metrics.REPLICAS, count, *labels, state)
    for stored in inventory.segments:
        labels = (stored.workspace_id, stored.signal)
        add(metrics.SEGMENTS, stored.segments, *labels)
        add(metrics.SEGMENT_ROWS, stored.rows, *labels)
        add(metrics.SEGMENT_BYTES, stored.bytes, *labels)
    return inventory.deployments


def _add_indexer(add: Add, state: IndexerState) -> None:
    add(metrics.BACKLOG, state.backlog_bytes)
    for signal, count in state.rows.items():
        add(metrics.ROWS_INDEXED, count, signal)
    add(metrics.ROWS_REFUSED, state.refused_rows)
    add(metrics.BYTES_DAMAGED, state.damaged_bytes)
    add(metrics.TAIL_ROWS, state.tail_rows)
    add(metrics.TAIL_BYTES, state.tail_bytes)
    add(metrics.TAIL_AGE, state.tail_age_s)


def _role(name: str) -> str:
    return name.partition("/")[0]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # read and deleted meanwhile
        return 0
