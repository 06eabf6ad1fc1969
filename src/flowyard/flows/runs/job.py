"""The job that carries a run out: durable, resumable row by row, with a key of its own for the models it calls."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowyard.compute.errors import LeaseLostError
from flowyard.compute.ports import JobContext, StageReport
from flowyard.compute.processes.users import FlowUser, FlowUsers
from flowyard.connections.model import LOCAL
from flowyard.flows.environments.apart import Apart
from flowyard.flows.platform_ports import ConnectionSource, ProcessKeys
from flowyard.flows.runs.describe import asked
from flowyard.flows.runs.errors import RunBusyError, RunNotFoundError, RunStateError
from flowyard.flows.runs.guarding import RunGuards
from flowyard.flows.runs.making import make_run
from flowyard.flows.runs.messages import GatewayAccess
from flowyard.flows.runs.places import RunPlaces, flow_path
from flowyard.flows.runs.ports import RunIndex, RunRecord
from flowyard.flows.runs.prepare import checked, interpreter, spec_of, take_over, tool_connections_of
from flowyard.flows.runs.pricing import prices_for
from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import RunStore
from flowyard.flows.runs.words import progress_words
from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.flows.runtime.cache_store import cache_spec
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import plain
from flowyard.foundation.settings import Settings
from flowyard.identity.model import Caller
from flowyard.tracing.guarding import TraceGuards
from flowyard.wire.runs import RunCounts, RunCreate

if TYPE_CHECKING:
    from flowyard.flows.runs.execute import RunMeans

#: The kind's name; its arguments are ``run_id``, ``acts_for``, by whose access tags it sees documents, and ``waits_for``, the run that it
#: was queued behind.
RUN = "run"
STAGES = ("prepare", "rows", "aggregate")

_KEY_NS = 30 * 24 * 3600 * NANOSECONDS
# A worker that was given up by the others ends within seconds, and lets go of the run then.
_BUSY_S = 60.0
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSurroundings:
    """What runs find around them: the gateway's URL (without ``/v1``), the settings, and the folder for spans.

    `users`: whom row processes run as; None: as us.
    """

    gateway_url: str
    settings: Settings
    spools: Path
    users: FlowUsers | None = None


class RunJob:
    """Implements `compute.ports.JobKind`."""

    name = RUN
    stages = STAGES

    def __init__(
        self,
        index: RunIndex,
        places: RunPlaces,
        connections: ConnectionSource,
        keys: ProcessKeys,
        surroundings: RunSurroundings,
        guards: TraceGuards,
    ) -> None:
        self._index = index
        self._places = places
        self._connections = connections
        self._keys = keys
        self._surroundings = surroundings
        self._guards = guards

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Carry the run out and return its counts.

        Raises:
            RunNotFoundError: it was deleted before it began.
            FlowyardError: the run ended with it; failed rows alone are no error.
        """
        record = self._index.by_id(str(arguments["run_id"]))
        if record is None:
            raise RunNotFoundError("The run was deleted before it began.", remedy="Make it again.")
        with context.stage("prepare") as report:
            self._check_completed(record.workspace_id, arguments.get("waits_for"))
            spec = self._prepare(context, record, self._places.root / record.id, report)
        with ExitStack() as stack:
            counts = self._keyed(context, record, spec, arguments.get("acts_for"), _Stages(context, stack))
        return {"run": record.name, "counts": plain(counts)}

    def make(self, caller: Caller, request: RunCreate, flow_name: str, job_id: str) -> RunRecord:
        """Return the run that another job, `job_id`, carries out; one that an attempt of it made before is that one.

        Args:
            caller: who makes it.
            request: with a name, and a snapshot of its flow.
            flow_name: what the flow is called.
            job_id: the job.

        Raises:
            RunExistsError: a run of another job has this name.
            InvalidFlowError, InvalidInputError, DataError, MappingError: what is asked for cannot be run.
        """
        record = self._index.get(caller.workspace_id, request.name or "")
        if record is None or record.job_id not in {None, job_id}:
            snapshot = self._places.snapshots.folder(request.snapshot or "")
            data = None if request.data is None else self._places.data.resolve(caller.workspace_id, request.data)
            request = checked(request, flow=flow_path(snapshot, request.flow_file), data=data, root=snapshot)
            record = make_run(self._index, self._places.root, caller, request, flow_name)
        self._index.set_job(record.id, job_id)
        return record

    def within(self, context: JobContext, record: RunRecord, report: StageReport, acts_for: str | None) -> Path:
        """Carry a run out within a stage of another job, from where it is on, and return its folder.

        Raises:
            JobCanceledError: the job was canceled.
            FlowyardError: the run ended with it; failed rows alone are no error.
        """
        folder = self._places.root / record.id
        spec = self._prepare(context, record, folder, report)
        self._keyed(context, record, spec, acts_for, _Shown(context, report))
        return folder

    def _keyed(self, context: JobContext, record: RunRecord, spec: RunSpec, acts_for: str | None, shown: "_Shown") -> RunCounts:
        """Carry the run out with a key that ends with it."""
        scope = f"run:{record.id}"
        try:
            means = self._means(context, record, spec, self._key(record, scope, acts_for))
            counts = _carried_out(self._places.root / record.id, spec, means, shown)
        except LeaseLostError:
            # Another worker carries the run out now, with keys of the same scope.
            raise
        except BaseException:
            self._keys.revoke_scope(record.workspace_id, scope)
            raise
        self._keys.revoke_scope(record.workspace_id, scope)
        return counts

    def _prepare(self, context: JobContext, record: RunRecord, folder: Path, report: StageReport) -> RunSpec:
        with RunStore(folder) as store:
            request, snapshot, taken = asked(store), store.fact("snapshot"), store.fact("taken_over")
        flow = flow_path(self._places.snapshots.folder(snapshot), request.flow_file)
        data = None if request.data is None else self._places.data.resolve(record.workspace_id, request.data)
        spec = spec_of(
            request, name=record.name, flow=flow, flow_name=record.flow, data=data, run=self._folder_of(record.workspace_id, request.run)
        )
        earlier = self._folder_of(record.workspace_id, request.resume_from) if taken is None else None
        if earlier is not None:
            report.detail("taking over rows")
            RunGuards(self._guards, record.workspace_id, folder).take_over(earlier)
            take_over(folder, earlier)

        def tell(line: str) -> None:
            context.check_canceled()
            context.log(line)
            report.detail(line[:100])

        users = self._surroundings.users
        apart = Apart(users, record.workspace_id) if users is not None else None
        return replace(spec, python=interpreter(spec, self._surroundings.settings.home, tell, apart))

    def _check_completed(self, workspace_id: str, name: str | None) -> None:
        """Look how the run ended that this one was queued behind."""
        before = self._index.get(workspace_id, name) if name is not None else None
        if before is not None and before.status != "completed":
            raise RunStateError(
                f"The run {name!r}, which this one builds on, is {before.status}.",
                remedy=f"Go on with it, and then with this one: flowyard run resume {name}",
            )

    def _folder_of(self, workspace_id: str, name: str | None) -> Path | None:
        if name is None:
            return None
        record = self._index.get(workspace_id, name)
        if record is None:
            raise RunNotFoundError(f"The run {name!r}, which this one builds on, was deleted.", remedy="Make a new run without it.")
        return self._places.root / record.id

    def _key(self, record: RunRecord, scope: str, acts_for: str | None) -> str:
        expires_ns = now_ns() + _KEY_NS
        return self._keys.issue(record.workspace_id, f"run/{record.name}", "invoker", scope=scope, expires_ns=expires_ns, acts_for=acts_for)

    def _means(self, context: JobContext, record: RunRecord, spec: RunSpec, key: str) -> "RunMeans":
        from flowyard.flows.runs.execute import RunMeans

        folder = self._places.root / record.id
        with RunStore(folder) as store:
            data = asked(store).data
        every = self._connections.resolve_all(record.workspace_id, with_local=True)
        there = [found for found in every if found.name != LOCAL]
        known: dict[str, dict[str, Any]] = {
            found.name: {"type": found.type, "configs": dict(found.configs), "secrets": dict(found.secrets)} for found in there
        }
        cache = cache_spec(self._surroundings.settings, record.workspace_id, there)
        return RunMeans(
            connections={name: known[name] for name in sorted(tool_connections_of(spec, known))},
            gateway=GatewayAccess(url=self._surroundings.gateway_url, api_key=key),
            spools=self._surroundings.spools / record.workspace_id,
            workspace_id=record.workspace_id,
            price_of=prices_for(known | {found.name: {"configs": found.configs} for found in every if found.name == LOCAL}),
            check_canceled=context.check_canceled,
            cache=cache,
            user=self._let_in(record, spec, cache),
            withholding=RunGuards(self._guards, record.workspace_id, folder, data),
        )

    def _let_in(self, record: RunRecord, spec: RunSpec, cache: CacheSpec) -> FlowUser | None:
        """Return the user of the row processes, once it gets to the flow, its packages, the data, its spool and its cache."""
        around = self._surroundings
        if around.users is None:
            return None
        user = around.users.of(record.workspace_id)
        for path in (spec.flow, spec.data, Path(spec.python) if spec.python else None):
            if path is not None and path.is_relative_to(around.settings.home):
                around.users.let_read(user, path)
        for folder in (around.spools / record.workspace_id, Path(cache.folder)):
            around.users.let_write(user, folder)
        return user


def _carried_out(folder: Path, spec: RunSpec, means: "RunMeans", shown: "_Shown") -> RunCounts:
    from flowyard.flows.runs.execute import execute

    while True:
        try:
            counts = execute(folder, spec, replace(means, progress=shown.show))
        except RunBusyError:
            if shown.waited_s > _BUSY_S:
                raise
            shown.wait()
        else:
            shown.show(counts)
            shown.aggregate()
            return counts


class _Shown:
    """Shows a run's progress in a stage of a job."""

    def __init__(self, context: JobContext, report: StageReport) -> None:
        self._context = context
        self._report = report
        self.waited_s = 0.0

    def wait(self) -> None:
        """Wait a little for the worker that still holds the run."""
        self._context.check_canceled()
        self._report.detail("waiting for the worker that had it before")
        time.sleep(_LOOK_S)
        self.waited_s += _LOOK_S

    def show(self, counts: RunCounts) -> None:
        """Show how far the rows are."""
        self._report.progress(counts.completed + counts.failed, counts.total, "rows")
        self._report.detail(progress_words(counts))

    def aggregate(self) -> None:
        """Note that all rows are done."""


class _Stages(_Shown):
    """As stages of the run's own job: all rows, then what is made of them."""

    def __init__(self, context: JobContext, stack: ExitStack) -> None:
        super().__init__(context, stack.enter_context(context.stage("rows")))
        self._stack = stack
        self._aggregates = False

    def show(self, counts: RunCounts) -> None:
        """Show how far the rows are; once all are done, the next stage."""
        if self._aggregates:
            return
        super().show(counts)
        if counts.total is not None and counts.completed + counts.failed >= counts.total:
            self.aggregate()

    def aggregate(self) -> None:
        """End the stage of rows and begin the one after it."""
        if not self._aggregates:
            self._aggregates = True
            self._stack.close()
            self._stack.enter_context(self._context.stage("aggregate"))
