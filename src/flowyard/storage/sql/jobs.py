"""The tables `jobs` and `job_events`."""

from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.compute.errors import LeaseLostError
from flowyard.compute.jobs.model import (
    ACTIVE,
    ENDED,
    RESUMABLE,
    EventKind,
    JobEventRecord,
    JobQuery,
    JobRecord,
    JobRun,
    Outcome,
    stages_again,
)
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import decode, from_json, to_json
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import job_events, jobs
from flowyard.wire.jobs import JobStage

# Asked several times a second for ever: put together once, they cost less than half.
_BEFORE = jobs.alias("before")
_GOES_ON = select(_BEFORE.c.id).where(_BEFORE.c.id == jobs.c.after_id, _BEFORE.c.status.in_(ACTIVE))
_UNSENT = (
    select(jobs.c.id)
    .where(jobs.c.status == "queued", jobs.c.enqueued_ns.is_(None), or_(jobs.c.after_id.is_(None), ~_GOES_ON.exists()))
    .order_by(jobs.c.created_ns)
    .limit(bindparam("most"))
)
_CANCELING = select(jobs.c.id).where(jobs.c.status == "canceling", jobs.c.worker_id == bindparam("worker"))
_COLUMNS = [column for column in jobs.c if column.name not in {"enqueued_ns", "cancel_ns"}]


class SqlJobStore:
    """`compute.jobs.ports.JobStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, record: JobRecord) -> JobRecord:
        """See `JobStore.add`."""
        try:
            with writing(self._engine) as connection:
                present = _by_key(connection, record)
                if present is not None:
                    return present
                connection.execute(insert(jobs).values(**_row(record)))
                _event(connection, record.id, "status", {"status": record.status})
                return record
        except IntegrityError:
            # PostgreSQL: the same key came in another transaction at the same moment, and was first.
            with reading(self._engine) as connection:
                present = _by_key(connection, record)
            if present is None:
                raise
            return present

    def get(self, job_id: str, workspace_id: str | None = None) -> JobRecord | None:
        """See `JobStore.get`."""
        with reading(self._engine) as connection:
            return _get(connection, job_id, workspace_id)

    def find(self, workspace_id: str, query: JobQuery) -> list[JobRecord]:
        """See `JobStore.find`."""
        statement = select(*_COLUMNS).where(jobs.c.workspace_id == workspace_id)
        for column, wanted in ((jobs.c.kind, query.kind), (jobs.c.status, query.status), (jobs.c.target, query.target)):
            if wanted is not None:
                statement = statement.where(column == wanted)
        if query.before_id is not None:
            at = select(jobs.c.created_ns).where(jobs.c.workspace_id == workspace_id, jobs.c.id == query.before_id).scalar_subquery()
            statement = statement.where(or_(jobs.c.created_ns < at, and_(jobs.c.created_ns == at, jobs.c.id < query.before_id)))
        statement = statement.order_by(jobs.c.created_ns.desc(), jobs.c.id.desc()).limit(query.limit)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(statement).mappings()]

    def request_cancel(self, workspace_id: str, job_id: str) -> JobRecord | None:
        """See `JobStore.request_cancel`."""
        mine, now = (jobs.c.id == job_id, jobs.c.workspace_id == workspace_id), now_ns()
        with writing(self._engine) as connection:
            queued = update(jobs).where(*mine, jobs.c.status == "queued")
            running = update(jobs).where(*mine, jobs.c.status == "running")
            if connection.execute(queued.values(status="canceled", cancel_ns=now, ended_ns=now)).rowcount:
                _event(connection, job_id, "status", {"status": "canceled"})
            elif connection.execute(running.values(status="canceling", cancel_ns=now)).rowcount:
                _event(connection, job_id, "status", {"status": "canceling"})
            return _get(connection, job_id, workspace_id)

    def requeue(self, workspace_id: str, job_id: str) -> JobRecord | None:
        """See `JobStore.requeue`."""
        mine = (jobs.c.id == job_id, jobs.c.workspace_id == workspace_id)
        with writing(self._engine) as connection:
            job = _get(connection, job_id, workspace_id)
            if job is None or job.status not in RESUMABLE:
                return job
            cleared = {"result": None, "error": None, "ended_ns": None, "enqueued_ns": None, "cancel_ns": None, "worker_id": None}
            stages = to_json(stages_again(job.stages)).decode()
            connection.execute(update(jobs).where(*mine).values(status="queued", stages=stages, **cleared))
            _event(connection, job_id, "status", {"status": "queued"})
            return _get(connection, job_id, workspace_id)

    def unsent(self, limit: int = 100) -> list[str]:
        """See `JobStore.unsent`."""
        with reading(self._engine) as connection:
            return list(connection.scalars(_UNSENT, {"most": limit}))

    def mark_sent(self, job_id: str) -> None:
        """See `JobStore.mark_sent`."""
        with writing(self._engine) as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id, jobs.c.enqueued_ns.is_(None)).values(enqueued_ns=now_ns()))

    def active(self) -> list[JobRecord]:
        """See `JobStore.active`."""
        statement = select(*_COLUMNS).where(jobs.c.status.in_(ACTIVE), jobs.c.enqueued_ns.is_not(None))
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(statement).mappings()]

    def begin(self, job_id: str, worker_id: str) -> JobRun | None:
        """See `JobStore.begin`."""
        now = now_ns()
        with writing(self._engine) as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id).with_for_update()).mappings().one_or_none()
            if row is None or row["status"] in ENDED:
                return None
            status = "running" if row["status"] == "queued" else row["status"]
            connection.execute(
                update(jobs)
                .where(jobs.c.id == job_id)
                .values(
                    status=status,
                    worker_id=worker_id,
                    epoch=row["epoch"] + 1,
                    attempt=row["attempt"] + 1,
                    started_ns=row["started_ns"] or now,
                    enqueued_ns=row["enqueued_ns"] or now,
                    stages=to_json(stages_again(_stages(row["stages"]))).decode(),
                )
            )
            begun = _begun(connection, job_id) + 1
            _event(connection, job_id, "status", {"status": status, "attempt": row["attempt"] + 1, "begun": begun})
            job = _get(connection, job_id, None)
        return JobRun(job=job, begun=begun) if job else None

    def save_progress(self, job_id: str, epoch: int, stages: tuple[JobStage, ...], log: list[str]) -> None:
        """See `JobStore.save_progress`."""
        with writing(self._engine) as connection:
            _write_as(connection, job_id, epoch, {"stages": to_json(stages).decode()})
            # A stage event only says "look again": the newest does for all.
            connection.execute(delete(job_events).where(job_events.c.job_id == job_id, job_events.c.kind == "stage"))
            for message in log:
                _event(connection, job_id, "log", {"message": message})
            _event(connection, job_id, "stage", {})

    def end(self, job_id: str, epoch: int, outcome: Outcome, stages: tuple[JobStage, ...]) -> None:
        """See `JobStore.end`."""
        values: dict[str, Any] = {
            "status": outcome.status,
            "result": None if outcome.result is None else to_json(outcome.result).decode(),
            "error": None if outcome.error is None else to_json(outcome.error).decode(),
            "ended_ns": now_ns(),
            "stages": to_json(stages).decode(),
        }
        with writing(self._engine) as connection:
            _write_as(connection, job_id, epoch, values)
            _event(connection, job_id, "status", {"status": outcome.status})

    def canceling(self, worker_id: str) -> set[str]:
        """See `JobStore.canceling`."""
        with reading(self._engine) as connection:
            return set(connection.scalars(_CANCELING, {"worker": worker_id}))

    def events(self, job_id: str, *, after: int, limit: int = 500) -> list[JobEventRecord]:
        """See `JobStore.events`."""
        table = job_events.c
        statement = (
            select(table.seq, table.at_ns, table.kind, table.payload)
            .where(table.job_id == job_id, table.seq > after)
            .order_by(table.seq)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(statement).mappings().all()
        return [JobEventRecord(**{**row, "payload": from_json(row["payload"])}) for row in rows]


def _row(record: JobRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "workspace_id": record.workspace_id,
        "kind": record.kind,
        "title": record.title,
        "target": record.target,
        "status": record.status,
        "arguments": to_json(record.arguments).decode(),
        "stages": to_json(record.stages).decode(),
        "created_ns": record.created_ns,
        "created_by": record.created_by,
        "idempotency_key": record.idempotency_key,
        "after_id": record.after_id,
        "attempt": 0,
        "epoch": 0,
    }


def _record(row: RowMapping) -> JobRecord:
    values: dict[str, Any] = {**row, "stages": _stages(row["stages"])}
    for name in ("arguments", "result", "error"):
        values[name] = None if values[name] is None else from_json(values[name])
    return JobRecord(**values)


def _stages(text: str) -> tuple[JobStage, ...]:
    return decode(text, tuple[JobStage, ...])


def _get(connection: Connection, job_id: str, workspace_id: str | None) -> JobRecord | None:
    statement = select(*_COLUMNS).where(jobs.c.id == job_id)
    if workspace_id is not None:
        statement = statement.where(jobs.c.workspace_id == workspace_id)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _record(row)


def _by_key(connection: Connection, record: JobRecord) -> JobRecord | None:
    if record.idempotency_key is None:
        return None
    same = (jobs.c.workspace_id == record.workspace_id, jobs.c.idempotency_key == record.idempotency_key)
    row = connection.execute(select(*_COLUMNS).where(*same)).mappings().one_or_none()
    return None if row is None else _record(row)


def _begun(connection: Connection, job_id: str) -> int:
    """Count how often the job was begun since it was last queued."""
    newest = select(job_events.c.payload).where(job_events.c.job_id == job_id, job_events.c.kind == "status")
    payload = connection.scalar(newest.order_by(job_events.c.seq.desc()).limit(1))
    return int(from_json(payload).get("begun", 0)) if payload else 0


def _event(connection: Connection, job_id: str, kind: EventKind, payload: dict[str, Any]) -> None:
    connection.execute(insert(job_events).values(job_id=job_id, at_ns=now_ns(), kind=kind, payload=to_json(payload).decode()))


def _write_as(connection: Connection, job_id: str, epoch: int, values: dict[str, Any]) -> None:
    fence = (jobs.c.id == job_id, jobs.c.epoch == epoch, jobs.c.status.in_(("running", "canceling")))
    if connection.execute(update(jobs).where(*fence).values(**values)).rowcount == 0:
        present = connection.scalar(select(func.max(jobs.c.epoch)).where(jobs.c.id == job_id))
        raise LeaseLostError(f"Run {epoch} of job {job_id} may not write: run {present} has taken over, or the job has ended.")
