"""Runs on this machine without a workspace: a folder each below the home folder, carried out by the process that asks."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from flowyard.compute.errors import JobCanceledError
from flowyard.data.errors import DataError
from flowyard.flows.runs import browse
from flowyard.flows.runs.browse import LARGEST_PAGE, LineFilter
from flowyard.flows.runs.damage import reading
from flowyard.flows.runs.describe import asked, facts_at_creation, read_run, reword, unreadable_run, without_speed
from flowyard.flows.runs.errors import RunBusyError, RunDamagedError, RunExistsError, RunInterruptedError, RunNotFoundError, RunStateError
from flowyard.flows.runs.export import ExportFormat, export
from flowyard.flows.runs.messages import GatewayAccess
from flowyard.flows.runs.names import check_run_name, new_run_name
from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import FILE, RunStore
from flowyard.flows.runs.unread import unread_answers
from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.flows.runtime.cache_store import cache_file
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import nearest
from flowyard.wire.runs import (
    LineStatus,
    Run,
    RunComparison,
    RunCounts,
    RunCreate,
    RunLine,
    RunLineCounts,
    RunLineDetail,
    RunLog,
    RunMetrics,
    RunsPruned,
    RunStatus,
    RunUpdate,
    UnreadAnswerPage,
    Verdict,
)

if TYPE_CHECKING:
    from flowyard.flows.snapshots import SnapshotStore

Archived = Literal["no", "only", "also"]
_CANCEL = "cancel"
_LOCK = "lock"
_USER = "local"
_BUSY_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalMeans:
    """What whoever carries a local run out gives it: connections with their secrets, a gateway for all others, and who watches."""

    connections: Mapping[str, Mapping[str, Any]]
    gateway: GatewayAccess | None
    check_canceled: Callable[[], None]
    progress: Callable[[RunCounts], None]
    tell: Callable[[str], None]


class LocalRuns:
    """The runs of a home folder: ``runs/<name>/``.

    Args:
        home: the home folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._root = home / "runs"

    def create(self, request: RunCreate, connection_files: Sequence[Path] = ()) -> Run:
        """Make a run; `execute` carries it out. `request.flow` and `request.data` are paths, other runs names or paths of run folders.

        `connection_files` are remembered, not their secrets, for when the run is resumed.

        Raises:
            RunNameError, RunExistsError: it cannot be called so.
            RunNotFoundError, RunStateError: a run that it builds on is not there, or has not ended.
            FlowNotFoundError, InvalidFlowError: there is no flow, or it has errors.
            InvalidInputError, DataError, MappingError: what is asked for does not fit together.
        """
        from flowyard.flows.runs.prepare import checked, inherited, mapping_warnings

        if request.name is not None and (self._root / check_run_name(request.name) / FILE).exists():
            raise RunExistsError(f"There is a run {request.name!r} already.", remedy="Choose another name.")
        if request.resume_from is not None:
            earlier = self._ended(request.resume_from)
            with RunStore(earlier) as store:
                request = inherited(replace(request, resume_from=str(earlier)), asked(store))
        if request.run is not None:
            request = replace(request, run=str(self._ended(request.run)))
        request, flow_name = self._with_snapshot(request)
        data = None if request.data is None else data_path(request.data)
        request = replace(request, data=None if data is None else str(data))
        request = checked(request, flow=self._flow(request), data=data)
        warnings = mapping_warnings(request, self._flow(request))
        name = request.name or new_run_name(flow_name)
        facts = facts_at_creation(
            request, name=name, flow=flow_name, snapshot=request.snapshot or "", created_at=to_rfc3339(now_ns()), created_by=_USER
        )
        files = [str(file.resolve()) for file in connection_files]
        RunStore.create(self._root / name, {**facts, "connection_files": files, "warnings": warnings}).close()
        return self.get(name)

    def execute(self, name: str, means: LocalMeans) -> RunCounts:
        """Carry a run out, or go on with it, and return its counts.

        Raises:
            RunBusyError: another process carries it out.
            JobCanceledError: it was canceled; what is done stays.
            FlowyardError: the run ended with it; failed rows alone are no error.
        """
        from flowyard.flows.runs.execute import execute
        from flowyard.flows.runs.means import RunMeans
        from flowyard.flows.runs.prepare import interpreter, take_over
        from flowyard.flows.runs.pricing import prices_for

        folder = self.folder(name)
        spec, earlier = self._spec(folder)
        if earlier is not None:
            take_over(folder, earlier)
        spec = replace(spec, python=interpreter(spec, self._home, means.tell))
        flag = folder / _CANCEL
        flag.unlink(missing_ok=True)

        def check() -> None:
            means.check_canceled()
            if flag.exists():
                raise JobCanceledError("The run was canceled.")

        spools = self._home / "spools"
        spools.mkdir(parents=True, exist_ok=True, mode=0o700)
        run_means = RunMeans(
            connections=means.connections,
            gateway=means.gateway,
            spools=spools,
            price_of=prices_for(means.connections),
            environment=_own_environment(),
            check_canceled=check,
            progress=means.progress,
            cache=CacheSpec(path=str(cache_file(self._home))),
        )
        until = time.monotonic() + _BUSY_S
        while True:
            try:
                return execute(folder, spec, run_means)
            except RunBusyError:
                # Whoever only looks whether the run is held holds it for a moment.
                if time.monotonic() > until:
                    raise
                time.sleep(_BUSY_S / 5)

    def connection_files(self, name: str) -> tuple[Path, ...]:
        """Return the files of connections that the run was made with."""
        folder = self.folder(name)
        with RunStore(folder) as store, reading(folder):
            return tuple(Path(file) for file in store.fact("connection_files") or ())

    def list(
        self, *, flow: str | None = None, status: RunStatus | None = None, archived: Archived = "no", limit: int | None = None
    ) -> Iterator[Run]:
        """Yield runs, the newest first."""
        found = sorted((self._listed(name) for name in self._names()), key=lambda run: run.created_at, reverse=True)
        wanted = [run for run in found if flow in {None, run.flow} and status in {None, run.status} and _shown(run, archived)]
        yield from wanted[:limit]

    def get(self, name: str) -> Run:
        """Return one run as it is now.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        folder = self.folder(name)
        run = read_run(folder)
        if run.status == "running" and not _held(folder):
            error = RunInterruptedError("The process that ran it has ended.", remedy=f"Go on with it: flowyard run resume {name} --local")
            run = replace(run, status="failed", error=plain(error.problem()))
        return run if run.status == "running" else without_speed(run)

    def lines(  # noqa: PLR0913 - what a request has
        self,
        name: str,
        *,
        status: LineStatus | None = None,
        verdict: Verdict | None = None,
        score: str | None = None,
        variant: str | None = None,
        text: str | None = None,
        sort: str = "line",
        limit: int | None = None,
    ) -> Iterator[RunLine]:
        """Yield rows, at most `limit`."""
        folder, cursor, left = self.folder(name), None, limit
        while left is None or left > 0:
            size = LARGEST_PAGE if left is None else min(left, LARGEST_PAGE)
            where = LineFilter(
                status=status, verdict=verdict, score=score, variant=variant, text=text, sort=sort, cursor=cursor, limit=size
            )
            page = browse.page_of_lines(folder, where)
            yield from page.items
            left = None if left is None else left - len(page.items)
            cursor = page.next_cursor
            if cursor is None:
                return

    def line_counts(self, name: str, *, variant: str | None = None, text: str | None = None) -> RunLineCounts:
        """Return how many rows completed, failed, and passed on each score."""
        return browse.line_counts(self.folder(name), variant, text)

    def line(self, name: str, line: int, variant: str = "") -> RunLineDetail:
        """Return one row with what each node did."""
        return browse.line_detail(self.folder(name), line, variant)

    def unread_answers(self, name: str, *, limit: int = 100) -> UnreadAnswerPage:
        """Return the answers of judges that could not be read, at most `limit` (up to 1,000)."""
        return unread_answers(self.folder(name), limit=limit)

    def metrics(self, name: str) -> RunMetrics:
        """Return what the aggregation gave, for each variant."""
        return browse.metrics_of(self.folder(name))

    def logs(self, name: str, *, tail: int = 200) -> tuple[RunLog, ...]:
        """Return the last lines of a run's log."""
        return browse.logs_of(self.folder(name), tail)

    def compare(self, *names: str, changed: bool = False, least_difference: float | None = None, limit: int = 50) -> RunComparison:
        """Return runs, or the variants of one, side by side."""
        from flowyard.flows.runs.compare import CompareFilter, compare

        where = CompareFilter(changed=changed, least=least_difference, limit=limit)
        return compare({name: self.folder(name) for name in names}, where)

    def export(self, name: str, form: ExportFormat, target: IO[bytes]) -> None:
        """Write a run's rows to `target`."""
        export(self.folder(name), form, target)

    def update(self, name: str, update: RunUpdate) -> Run:
        """Change the words about a run; what is None stays."""
        reword(self.folder(name), update)
        return self.get(name)

    def archive(self, name: str) -> Run:
        """Put a run away, so that lists leave it out."""
        return self._set_archived(name, archived=True)

    def restore(self, name: str) -> Run:
        """Take an archived run back."""
        return self._set_archived(name, archived=False)

    def delete(self, name: str) -> None:
        """Delete a run that has ended, with all that it recorded."""
        try:
            folder = self._ended(name)
        except RunDamagedError:
            folder = self.folder(name)
        shutil.rmtree(folder)

    def prune(self, before: str, *, dry_run: bool = False) -> RunsPruned:
        """Delete runs that ended before `before` (RFC 3339, or how long ago: ``30d``), and that no run which stays was made from.

        The snapshots of their flows stay: a server on this machine shares them, and prunes them.

        Raises:
            InvalidInputError: `before` is no time, or less than an hour ago.
        """
        from flowyard.flows.runs.local_prune import prune_local

        return prune_local(self, self._names(), before, dry_run=dry_run)

    def cancel(self, name: str) -> Run:
        """Ask the process that carries a run out to stop.

        Raises:
            RunStateError: none does.
        """
        run = self.get(name)
        if run.status != "running":
            raise RunStateError(f"The run {name!r} is {run.status} and cannot be canceled.", remedy="See: flowyard run show")
        (self.folder(name) / _CANCEL).touch()
        return run

    def folder(self, name: str) -> Path:
        """Return the folder of a run that is named by its name, or by the path of its folder.

        Raises:
            RunNotFoundError: there is no such run.
        """
        for folder in (self._root / name, Path(name).expanduser()):
            if (folder / FILE).is_file():
                return folder.resolve()
        near = nearest(name, self._names())
        raise RunNotFoundError(
            f"There is no run {name!r} in {str(self._root)!r}.",
            remedy=f"Did you mean {near!r}?" if near else "See: flowyard run list --local",
        )

    def _with_snapshot(self, request: RunCreate) -> tuple[RunCreate, str]:
        """Return the request with a snapshot of its flow, unless a run that it goes on with gave one, and the flow's name."""
        if request.snapshot is not None and request.flow is not None:
            return request, flow_name_of(Path(request.flow))
        source = flow_source(request.flow)
        taken = self._snapshots.take(source.folder)
        return replace(request, flow=str(source.path), flow_file=source.file, snapshot=taken.digest), flow_name_of(source.path)

    def _flow(self, request: RunCreate) -> Path:
        snapshot = self._snapshots.folder(request.snapshot or "")
        return snapshot / request.flow_file if request.flow_file else snapshot

    @property
    def _snapshots(self) -> "SnapshotStore":
        from flowyard.flows.snapshots import SnapshotStore

        return SnapshotStore(self._home / "storage" / "snapshots")

    def _listed(self, name: str) -> Run:
        try:
            return self.get(name)
        except RunDamagedError as error:
            return unreadable_run(name, error)

    def _names(self) -> "list[str]":
        return [file.parent.name for file in self._root.glob(f"*/{FILE}")]

    def _spec(self, folder: Path) -> tuple[RunSpec, Path | None]:
        from flowyard.flows.runs.prepare import spec_of

        with RunStore(folder) as store:
            request, name, flow_name, taken = asked(store), store.fact("name"), store.fact("flow"), store.fact("taken_over")
        data = None if request.data is None else Path(request.data)
        run = None if request.run is None else self.folder(request.run)
        earlier = None if request.resume_from is None or taken is not None else self.folder(request.resume_from)
        return spec_of(request, name=name, flow=self._flow(request), flow_name=flow_name, data=data, run=run), earlier

    def _ended(self, name: str) -> Path:
        if self.get(name).status == "running":
            raise RunStateError(f"The run {name!r} is running.", remedy="Wait for its end, or cancel it first.")
        return self.folder(name)

    def _set_archived(self, name: str, *, archived: bool) -> Run:
        with RunStore(self.folder(name), write=True) as store:
            store.set_facts(archived=archived)
        return self.get(name)


@dataclass(frozen=True, slots=True)
class FlowSource:
    """A flow on this machine: what was named, the folder that belongs to it, and the file in it where a file was named."""

    path: Path
    folder: Path
    file: str | None


def flow_source(text: str | None) -> FlowSource:
    """Return the flow that a path names: a folder, its ``flow.dag.yaml`` or ``flow.flex.yaml``, or a ``.prompty`` file.

    Raises:
        FlowNotFoundError: there is nothing, or none is named.
    """
    from flowyard.flows.errors import FlowNotFoundError

    if not text:
        raise FlowNotFoundError("The run names no flow.", remedy="Give --flow DIR.")
    path = Path(text).expanduser()
    if text.startswith("azureml:") or not path.exists():
        raise FlowNotFoundError(f"There is no flow at {text!r}.", remedy="Give a flow's folder or file on this machine: --flow DIR")
    path = path.resolve()
    return FlowSource(path, path, None) if path.is_dir() else FlowSource(path, path.parent, path.name)


def flow_name_of(path: Path) -> str:
    """Return what the flow at `path` is called: its folder's name, or that of its ``.prompty`` file."""
    return path.stem if path.suffix == ".prompty" else (path.parent.name if path.suffix in {".yaml", ".yml"} else path.name)


def data_path(text: str) -> Path:
    """Return the file or folder that `text` names on this machine.

    Raises:
        DataError: it is an address, which this version does not read.
    """
    if text.startswith("file://"):
        text = text.removeprefix("file://")
    scheme, separator, _ = text.partition(":")
    if separator and len(scheme) > 1 and scheme.replace("+", "").isalnum() and not Path(text).exists():
        raise DataError(
            f"The data {text!r} is an address, and without a server only files and folders of this machine are read.",
            remedy="Leave out --local, or download it: flowyard datastore cat ADDRESS > FILE.",
        )
    return Path(text).expanduser().resolve()


def _shown(run: Run, archived: Archived) -> bool:
    return archived == "also" or run.archived == (archived == "only")


def _own_environment() -> dict[str, str]:
    """Return what a local run's flow sees, as in a test: the variables of this process, without what configures us."""
    return {name: value for name, value in os.environ.items() if not name.startswith("FLOWYARD_")}


def _held(folder: Path) -> bool:
    """Whether a process carries the run out now."""
    try:
        with (folder / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
