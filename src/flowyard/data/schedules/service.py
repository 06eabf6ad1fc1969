"""Schedules of imports: made, listed, paused, deleted, and carried out by the leading worker."""

import logging

from flowyard.compute.jobs.service import JobService
from flowyard.data.errors import ScheduleNotFoundError
from flowyard.data.imports.job import DATA_IMPORT, ImportArguments
from flowyard.data.jobs import DataJobs
from flowyard.data.schedules.cron import parse_cron
from flowyard.data.schedules.model import ScheduleRecord, ScheduleStore
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import FlowyardError, InvalidInputError, Location
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.data_jobs import DataSchedule, DataScheduleCreate

log = logging.getLogger(__name__)


class ScheduleService:
    """Schedules within the caller's workspace; the name of one is that of the asset that it makes versions of."""

    def __init__(self, store: ScheduleStore, data_jobs: DataJobs) -> None:
        self._store = store
        self._data_jobs = data_jobs

    def create(self, caller: Caller, asked: DataScheduleCreate) -> DataSchedule:
        """Make a schedule.

        Raises:
            InvalidInputError: the expression or the import is not valid.
            DatastoreNotFoundError, StoreRefusedError: there is no such database.
            ScheduleExistsError: the asset has one.
        """
        if asked.request.version is not None:
            raise InvalidInputError(
                "A schedule makes many versions, so it has none of its own.",
                remedy="Leave the version out.",
                location=Location(pointer="/request/version"),
            )
        cron = parse_cron(asked.cron)
        self._data_jobs.check_import(caller, asked.request)
        now = now_ns()
        record = ScheduleRecord(
            workspace_id=caller.workspace_id, name=asked.request.name, cron=asked.cron, request=asked.request, paused=False,
            next_ns=cron.after(now), last_ns=None, last_job=None, created_ns=now, created_by=caller.actor,
        )  # fmt: skip
        self._store.add(record, audit_record(caller, "data.schedule", f"data/{record.name}", {"cron": record.cron}))
        return _shown(record)

    def list(self, caller: Caller) -> tuple[DataSchedule, ...]:
        """Return the schedules by name."""
        return tuple(map(_shown, self._store.in_workspace(caller.workspace_id)))

    def set_paused(self, caller: Caller, name: str, *, paused: bool) -> DataSchedule:
        """Pause a schedule, or let it go on with the next time from now.

        Raises:
            ScheduleNotFoundError: there is none of this name.
        """
        found = next((record for record in self._store.in_workspace(caller.workspace_id) if record.name == name), None)
        audit = audit_record(caller, "data.schedule_pause" if paused else "data.schedule_resume", f"data/{name}")
        next_ns = parse_cron(found.cron).after(now_ns()) if found else 0
        if found is None or not self._store.set_paused(caller.workspace_id, name, audit, paused=paused, next_ns=next_ns):
            raise _missing(name)
        return next(one for one in self.list(caller) if one.name == name)

    def delete(self, caller: Caller, name: str) -> None:
        """Delete a schedule. The versions that it made stay.

        Raises:
            ScheduleNotFoundError: there is none of this name.
        """
        if not self._store.delete(caller.workspace_id, name, audit_record(caller, "data.schedule_delete", f"data/{name}")):
            raise _missing(name)


class ScheduleDriver:
    """Queues the imports that are due: the leading worker calls it about once a second. Safe to repeat, and to be done by two.

    A time that passed while no worker was there is made up for once.
    """

    def __init__(self, store: ScheduleStore, jobs: JobService) -> None:
        self._store = store
        self._jobs = jobs

    def tick(self) -> None:
        """Look once at all of them."""
        now = now_ns()
        for record in self._store.due(now):
            try:
                self._start(record, now)
            except FlowyardError:
                log.exception("the schedule of %s cannot begin", record.name)

    def _start(self, record: ScheduleRecord, now: int) -> None:
        arguments = plain(ImportArguments(request=record.request, by=record.created_by, schedule=record.cron, skip_same=True))
        caller = Caller(workspace_id=record.workspace_id, workspace="", actor=record.created_by, kind="user", role="contributor")
        job = self._jobs.submit(
            caller, DATA_IMPORT, arguments, title=f"Scheduled import into {record.name}", target=f"data/{record.name}",
            idempotency_key=f"schedule/{record.name}/{record.next_ns}",
        )  # fmt: skip
        self._store.advance(record, next_ns=parse_cron(record.cron).after(now), job_id=job.id)


def _shown(record: ScheduleRecord) -> DataSchedule:
    return DataSchedule(
        name=record.name,
        cron=record.cron,
        request=record.request,
        paused=record.paused,
        next_at=None if record.paused else to_rfc3339(record.next_ns),
        last_at=None if record.last_ns is None else to_rfc3339(record.last_ns),
        last_job=record.last_job,
        created_at=to_rfc3339(record.created_ns),
        created_by=record.created_by,
    )


def _missing(name: str) -> ScheduleNotFoundError:
    return ScheduleNotFoundError(f"No schedule makes versions of {name!r}.", remedy="List them with: flowyard data schedule list")
