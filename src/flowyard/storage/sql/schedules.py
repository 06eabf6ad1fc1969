"""The `data_schedules` table."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.data.errors import ScheduleExistsError
from flowyard.data.schedules.model import ScheduleRecord
from flowyard.foundation.codecs import decode, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schedules_table import data_schedules as schedules
from flowyard.storage.sql.audit import append_audit
from flowyard.wire.data_jobs import DataImportCreate


class SqlScheduleStore:
    """`data.schedules.model.ScheduleStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, record: ScheduleRecord, audit: AuditRecord) -> None:
        """See `ScheduleStore.add`."""
        values = {**asdict(record), "request": to_json(record.request).decode()}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(schedules).values(**values))
                append_audit(connection, audit)
        except IntegrityError as error:
            raise ScheduleExistsError(
                f"A schedule makes versions of {record.name!r} already.",
                remedy="Delete it first: flowyard data schedule delete NAME",
            ) from error

    def in_workspace(self, workspace_id: str) -> Sequence[ScheduleRecord]:
        """See `ScheduleStore.in_workspace`."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(schedules).where(schedules.c.workspace_id == workspace_id).order_by(schedules.c.name))
            return [_record(row) for row in rows.mappings()]

    def set_paused(self, workspace_id: str, name: str, audit: AuditRecord, *, paused: bool, next_ns: int) -> bool:
        """See `ScheduleStore.set_paused`."""
        with writing(self._engine) as connection:
            changed = connection.execute(update(schedules).where(*_one(workspace_id, name)).values(paused=paused, next_ns=next_ns)).rowcount
            if changed:
                append_audit(connection, audit)
        return bool(changed)

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """See `ScheduleStore.delete`."""
        with writing(self._engine) as connection:
            gone = connection.execute(delete(schedules).where(*_one(workspace_id, name))).rowcount
            if gone:
                append_audit(connection, audit)
        return bool(gone)

    def due(self, now: int) -> Sequence[ScheduleRecord]:
        """See `ScheduleStore.due`."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(schedules).where(schedules.c.next_ns <= now, schedules.c.paused.is_(False)))
            return [_record(row) for row in rows.mappings()]

    def advance(self, record: ScheduleRecord, *, next_ns: int, job_id: str) -> None:
        """See `ScheduleStore.advance`."""
        same = (*_one(record.workspace_id, record.name), schedules.c.next_ns == record.next_ns)
        with writing(self._engine) as connection:
            connection.execute(update(schedules).where(*same).values(next_ns=next_ns, last_ns=record.next_ns, last_job=job_id))


def _one(workspace_id: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return schedules.c.workspace_id == workspace_id, schedules.c.name == name


def _record(row: RowMapping) -> ScheduleRecord:
    values: dict[str, Any] = {**row, "request": decode(row["request"], DataImportCreate)}
    return ScheduleRecord(**values)
