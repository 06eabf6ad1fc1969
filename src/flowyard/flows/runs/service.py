"""Runs as the platform offers them: made here, carried out by a job, looked into while and after they run."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TypeVar

from flowyard.compute.jobs.service import JobService
from flowyard.flows.platform_ports import Audit
from flowyard.flows.runs import browse
from flowyard.flows.runs.browse import LineFilter
from flowyard.flows.runs.compare import CompareFilter, compare
from flowyard.flows.runs.describe import asked, read_run, reword, unreadable_run, without_speed
from flowyard.flows.runs.errors import RunDamagedError, RunExistsError, RunNotFoundError, RunStateError
from flowyard.flows.runs.export import ExportFormat, export
from flowyard.flows.runs.guarding import check_data_seen, check_row_seen, check_rows_seen, opens_for, seen_metrics, seen_run
from flowyard.flows.runs.job import RUN
from flowyard.flows.runs.making import make_run
from flowyard.flows.runs.names import check_run_name
from flowyard.flows.runs.places import RunPlaces, flow_path
from flowyard.flows.runs.ports import RunIndex, RunQuery, RunRecord
from flowyard.flows.runs.prepare import checked, inherited, mapping_warnings
from flowyard.flows.runs.store import RunStore
from flowyard.flows.runs.unread import unread_answers
from flowyard.flows.runs.uploads import UploadStore
from flowyard.flows.runs.withheld import Opens
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.identity.access import acts_for
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.tracing.guarding import Guards
from flowyard.wire.runs import (
    Run,
    RunComparison,
    RunCreate,
    RunLineCounts,
    RunLineDetail,
    RunLinePage,
    RunLog,
    RunMetrics,
    RunUpdate,
    UnreadAnswerPage,
)
from flowyard.wire.shared import Page

T = TypeVar("T")

LARGEST_PAGE = 200
#: The states of a run that has not ended.
ACTIVE = frozenset({"queued", "running", "canceling"})


class RunService:
    """Runs by name, within the caller's workspace. All methods block.

    Args:
        index: which runs there are.
        jobs: carries them out.
        places: their folders.
        audit: the audit trail.
        guards: says who sees what rows held.
    """

    def __init__(self, index: RunIndex, jobs: JobService, places: RunPlaces, audit: Audit, guards: Guards) -> None:
        self._index = index
        self._jobs = jobs
        self._places = places
        self._audit = audit
        self._guards = guards
        #: Held where a run comes to refer to another one, and where old ones are pruned.
        self.changing = threading.Lock()

    @property
    def uploads(self) -> UploadStore:
        """Where data is uploaded to."""
        return self._places.uploads

    def create(self, caller: Caller, request: RunCreate) -> Run:
        """Make a run and queue it.

        Raises:
            RunNameError, RunExistsError: it cannot be called so.
            RunNotFoundError: a run that it builds on is not there.
            RunStateError: a run that it builds on has not ended, and is not the caller's own, after which it could begin.
            FlowNotFoundError, NotFoundError, UploadNotFoundError, DataAssetNotFoundError: the flow, snapshot or data is not there.
            InvalidFlowError: the flow has errors; `findings` has all of them.
            InvalidInputError, DataError, MappingError: what is asked for does not fit together.
            WithheldError: a run that it builds on has rows that the caller may not see.
        """
        if request.name is not None and self._index.get(caller.workspace_id, check_run_name(request.name)) is not None:
            raise RunExistsError(f"There is a run {request.name!r} already.", remedy="Choose another name.")
        if request.resume_from is not None:
            request = inherited(request, self._asked(self._ended(caller, request.resume_from)))
        self._check_earlier(caller, request)
        if request.data is not None:
            check_data_seen(self._guards, caller, request.data)
            request = replace(request, data=self._places.data.pin(caller.workspace_id, request.data, addresses=True))
        request, flow_name = self._with_snapshot(caller, request)
        snapshot = self._places.snapshots.folder(request.snapshot or "")
        request = checked(
            request, flow=flow_path(snapshot, request.flow_file), data=self._data(caller.workspace_id, request.data), root=snapshot
        )
        warnings = mapping_warnings(request, flow_path(snapshot, request.flow_file), snapshot)
        with self.changing:
            after = self._check_earlier(caller, request)  # still there
            return self._make(caller, request, flow_name, warnings, after)

    def page(self, caller: Caller, query: RunQuery) -> Page[Run]:
        """Return up to `query.limit` (at most 200) runs, newest first."""
        limit = min(max(query.limit, 1), LARGEST_PAGE)
        records = self._index.find(caller.workspace_id, replace(query, limit=limit + 1))
        shown = records[:limit]
        return Page(items=tuple(self._show(caller, record) for record in shown), next_cursor=shown[-1].id if len(records) > limit else None)

    def get(self, caller: Caller, name: str) -> Run:
        """Return one run as it is now.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        return self._show(caller, self._record(caller, name))

    def update(self, caller: Caller, name: str, update: RunUpdate) -> Run:
        """Change the words about a run.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        reword(self.folder(caller, name), update)
        self._audit.record(caller, "run.update", f"runs/{name}")
        return self.get(caller, name)

    def delete(self, caller: Caller, name: str) -> None:
        """Delete a run with all that it recorded.

        Raises:
            RunNotFoundError: there is none of this name.
            RunStateError: it has not ended.
        """
        record = self._ended(caller, name)
        self._index.delete(record.id, audit_record(caller, "run.delete", f"runs/{name}"))
        shutil.rmtree(self._folder(record), ignore_errors=True)

    def archive(self, caller: Caller, name: str, *, archived: bool) -> Run:
        """Put a run away, so that lists leave it out, or take it back.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        record = self._record(caller, name)
        action = "run.archive" if archived else "run.restore"
        self._index.set_archived(record.id, archived, audit_record(caller, action, f"runs/{name}"))
        return self.get(caller, name)

    def cancel(self, caller: Caller, name: str) -> Run:
        """Stop a run; what is done stays, and it can be resumed.

        Raises:
            RunNotFoundError: there is none of this name.
            RunStateError: it has ended.
        """
        record = self._record(caller, name)
        if record.status not in ACTIVE or record.job_id is None:
            raise RunStateError(f"The run {name!r} is {record.status} and cannot be canceled.", remedy="See: flowyard run show")
        self._jobs.cancel(caller.workspace_id, record.job_id)
        self._audit.record(caller, "run.cancel", f"runs/{name}")
        return self.get(caller, name)

    def resume(self, caller: Caller, name: str) -> Run:
        """Go on with a run that failed or was canceled, or run the failed rows of a completed one again. Completed rows stay.

        Raises:
            RunNotFoundError: there is none of this name.
            RunStateError: it runs, or there is nothing left to do.
        """
        with self.changing:
            return self._resume(caller, name)

    def _resume(self, caller: Caller, name: str) -> Run:
        record = self._record(caller, name)
        run = self._show(caller, record)
        if _goes_on(record):
            raise RunStateError(f"The run {name!r} is {record.status}.", remedy="Wait for it, or cancel it first.")
        if record.status == "completed" and run.counts.failed == 0:
            raise RunStateError(f"All rows of the run {name!r} are completed.", remedy="Make a new run to run them again.")
        if record.job_id is not None and record.status in {"failed", "canceled"}:
            self._jobs.resume(caller.workspace_id, record.job_id)
        else:
            self._submit(caller, record)
        self._audit.record(caller, "run.resume", f"runs/{name}")
        return self.get(caller, name)

    def lines(self, caller: Caller, name: str, where: LineFilter) -> RunLinePage:
        """Return rows of a run.

        Raises:
            RunNotFoundError: there is none of this name.
            InvalidInputError: `where` asks for what there is not.
        """
        return self._seen(caller, name, lambda folder, opens: browse.page_of_lines(folder, where, opens))

    def line_counts(self, caller: Caller, name: str, variant: str | None, text: str | None) -> RunLineCounts:
        """Return how many rows completed, failed, and passed on each score.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        return self._seen(caller, name, lambda folder, opens: browse.line_counts(folder, variant, text, opens))

    def line(self, caller: Caller, name: str, line: int, variant: str) -> RunLineDetail:
        """Return one row with what each node did.

        Raises:
            RunNotFoundError, RowNotFoundError: it is not there.
            WithheldError: it is withheld from the caller.
        """
        return self._seen(caller, name, lambda folder, opens: check_row_seen(browse.line_detail(folder, line, variant, opens)))

    def unread_answers(self, caller: Caller, name: str, cursor: str | None, limit: int) -> UnreadAnswerPage:
        """Return the answers of judges that could not be read.

        Raises:
            RunNotFoundError: there is none of this name.
            InvalidInputError: the cursor is none.
        """
        return self._seen(caller, name, lambda folder, opens: unread_answers(folder, cursor, limit, opens))

    def metrics(self, caller: Caller, name: str) -> RunMetrics:
        """Return what the aggregation gave, for each variant; where rows are withheld from the caller, only what is a number.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        folder = self.folder(caller, name)
        return seen_metrics(self._guards, caller, folder, browse.metrics_of(folder))

    def logs(self, caller: Caller, name: str, tail: int) -> tuple[RunLog, ...]:
        """Return the last lines of a run's log.

        Raises:
            RunNotFoundError: there is none of this name.
            WithheldError: some of its rows are withheld from the caller.
        """
        folder = self.folder(caller, name)
        found = browse.logs_of(folder, tail)
        check_rows_seen(self._guards, caller, folder, name)
        return found

    def compare(self, caller: Caller, names: Sequence[str], where: CompareFilter) -> RunComparison:
        """Return runs, or the variants of one, side by side.

        Raises:
            RunNotFoundError: there is none of one of the names.
            InvalidInputError: there are none, or too many.
            WithheldError: some of their rows are withheld from the caller.
        """
        folders = {name: self.folder(caller, name) for name in names}
        found = compare(folders, where)
        for name, folder in folders.items():
            check_rows_seen(self._guards, caller, folder, name)
        states = {side.run: self._record(caller, side.run).status for side in found.sides}
        return replace(found, sides=tuple(replace(side, status=states[side.run]) for side in found.sides))

    def export(self, caller: Caller, name: str, form: ExportFormat) -> IO[bytes]:
        """Return an open file with a run's rows, at its beginning; the caller closes it.

        Raises:
            RunNotFoundError: there is none of this name.
            MissingExtraError: the format needs a package that is not installed.
        """
        folder = self.folder(caller, name)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            export(folder, form, target)
            opens = opens_for(self._guards, caller, folder)
            if opens is not RunStore:
                target.seek(0)
                target.truncate()
                export(folder, form, target, opens)
        except BaseException:
            target.close()
            raise
        target.seek(0)
        return target

    def folder(self, caller: Caller, name: str) -> Path:
        """Return a run's folder.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        return self._folder(self._record(caller, name))

    def _seen(self, caller: Caller, name: str, look: Callable[[Path, Opens], T]) -> T:
        """Return what a look into a run's rows finds, as the caller sees them.

        Raises:
            RunNotFoundError: there is none of this name.
        """
        folder = self.folder(caller, name)
        found = look(folder, RunStore)
        opens = opens_for(self._guards, caller, folder)
        return found if opens is RunStore else look(folder, opens)

    def _check_earlier(self, caller: Caller, request: RunCreate) -> RunRecord | None:
        """Look whether a run may build on others; return the one whose end it has to wait for, which is the caller's own."""
        if request.resume_from is not None:
            check_rows_seen(self._guards, caller, self._folder(self._ended(caller, request.resume_from)), request.resume_from)
        if request.run is None:
            return None
        record = self._record(caller, request.run)
        if _goes_on(record) and record.created_by == caller.actor:
            return record
        check_rows_seen(self._guards, caller, self._folder(self._ended(caller, request.run)), request.run)
        return None

    def _make(self, caller: Caller, request: RunCreate, flow_name: str, warnings: list[str], after: RunRecord | None) -> Run:
        record = make_run(self._index, self._places.root, caller, request, flow_name, warnings)
        self._submit(caller, record, after)
        return self.get(caller, record.name)

    def _submit(self, caller: Caller, record: RunRecord, after: RunRecord | None = None) -> None:
        title = f"Run {record.flow} as {record.name}"
        told = {"run_id": record.id, "acts_for": acts_for(caller), "waits_for": after.name if after is not None else None}
        before = after.job_id if after is not None else None
        job = self._jobs.submit(caller, RUN, told, title=title, target=f"runs/{record.name}", after=before)
        self._index.set_job(record.id, job.id)

    def _with_snapshot(self, caller: Caller, request: RunCreate) -> tuple[RunCreate, str]:
        """Return the request with a snapshot of its flow, and the flow's name."""
        if request.snapshot is None:
            if not request.flow:
                raise InvalidInputError(
                    "The run names no flow.",
                    remedy="Give the name of a flow of the workspace, or the digest of an uploaded snapshot.",
                    location=Location(pointer="/flow"),
                )
            folder = self._places.flows.folder(caller.workspace, request.flow)
            taken = self._places.snapshots.take(folder, folder.parent)
            request = replace(request, snapshot=taken.digest)
        return request, request.flow or f"snapshot-{(request.snapshot or '')[:12]}"

    def _data(self, workspace_id: str, data: str | None) -> Path | None:
        return None if data is None else self._places.data.resolve(workspace_id, data)

    def _asked(self, record: RunRecord) -> RunCreate:
        with RunStore(self._folder(record)) as store:
            return asked(store)

    def _show(self, caller: Caller, record: RunRecord) -> Run:
        folder = self._folder(record)
        try:
            run = read_run(folder)
            run = replace(run, error=(record.error or run.error) if record.status == "failed" else None)
            run = seen_run(self._guards, caller, folder, run)
        except (RunNotFoundError, RunDamagedError) as error:
            created_at = to_rfc3339(record.created_ns)
            return unreadable_run(record.name, error, flow=record.flow, created_at=created_at, created_by=record.created_by)
        shown = replace(
            run,
            status=record.status,
            job_id=record.job_id,
            archived=record.archived,
            started_at=_time(record.started_ns),
            ended_at=_time(record.ended_ns),
        )
        return shown if record.status == "running" else without_speed(shown)

    def _folder(self, record: RunRecord) -> Path:
        return self._places.root / record.id

    def _record(self, caller: Caller, name: str) -> RunRecord:
        record = self._index.get(caller.workspace_id, name)
        if record is None:
            near = nearest(name, self._index.names(caller.workspace_id))
            remedy = f"Did you mean {near!r}?" if near else "See: flowyard run list --all"
            raise RunNotFoundError(f"There is no run {name[:200]!r} in this workspace.", remedy=remedy)
        return record

    def _ended(self, caller: Caller, name: str) -> RunRecord:
        record = self._record(caller, name)
        if _goes_on(record):
            raise RunStateError(f"The run {name!r} is {record.status}.", remedy="Wait for its end, or cancel it first.")
        return record


def _goes_on(record: RunRecord) -> bool:
    return record.status in ACTIVE and record.job_id is not None


def _time(ns: int | None) -> str | None:
    return None if ns is None else to_rfc3339(ns)
