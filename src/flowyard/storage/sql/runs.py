"""The table `runs`, beside its runs' jobs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.data.lineage.model import EdgeRecord
from flowyard.flows.runs.errors import RunExistsError
from flowyard.flows.runs.guarding import keys_of_run
from flowyard.flows.runs.ports import RunQuery, RunRecord
from flowyard.foundation.codecs import from_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.guards_table import trace_guards
from flowyard.storage.schema import jobs, runs
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.lineage import append_edges

_status = func.coalesce(jobs.c.status, "queued")
_MOST_NAMES = 1000


class SqlRunIndex:
    """`flows.runs.ports.RunIndex` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, record: RunRecord, audit: AuditRecord, edges: Sequence[EdgeRecord] = ()) -> None:
        """See `RunIndex.add`."""
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    insert(runs).values(
                        id=record.id,
                        workspace_id=record.workspace_id,
                        name=record.name,
                        flow=record.flow[:300],
                        archived=record.archived,
                        created_ns=record.created_ns,
                        created_by=record.created_by,
                    )
                )
                append_audit(connection, audit)
                append_edges(connection, edges)
        except IntegrityError as error:
            if self.get(record.workspace_id, record.name) is None:
                raise
            raise RunExistsError(f"There is a run {record.name!r} already.", remedy="Choose another name.") from error

    def get(self, workspace_id: str, name: str) -> RunRecord | None:
        """See `RunIndex.get`."""
        return self._one(_selected().where(runs.c.workspace_id == workspace_id, runs.c.name == name))

    def by_id(self, run_id: str) -> RunRecord | None:
        """See `RunIndex.by_id`."""
        return self._one(_selected().where(runs.c.id == run_id))

    def find(self, workspace_id: str, query: RunQuery) -> list[RunRecord]:
        """See `RunIndex.find`."""
        statement = _selected().where(runs.c.workspace_id == workspace_id)
        if query.flow is not None:
            statement = statement.where(runs.c.flow == query.flow)
        if query.status is not None:
            statement = statement.where(_status == query.status)
        if query.archived is not None:
            statement = statement.where(runs.c.archived.is_(query.archived))
        if query.before_id is not None:
            at = select(runs.c.created_ns).where(runs.c.workspace_id == workspace_id, runs.c.id == query.before_id).scalar_subquery()
            statement = statement.where(or_(runs.c.created_ns < at, and_(runs.c.created_ns == at, runs.c.id < query.before_id)))
        statement = statement.order_by(runs.c.created_ns.desc(), runs.c.id.desc()).limit(query.limit)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(statement).mappings()]

    def all(self) -> list[RunRecord]:
        """See `RunIndex.all`."""
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(_selected()).mappings()]

    def names(self, workspace_id: str) -> list[str]:
        """See `RunIndex.names`."""
        statement = select(runs.c.name).where(runs.c.workspace_id == workspace_id).order_by(runs.c.created_ns.desc()).limit(_MOST_NAMES)
        with reading(self._engine) as connection:
            return list(connection.scalars(statement))

    def set_job(self, run_id: str, job_id: str) -> None:
        """See `RunIndex.set_job`."""
        with writing(self._engine) as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(job_id=job_id))

    def set_archived(self, run_id: str, archived: bool, audit: AuditRecord) -> None:
        """See `RunIndex.set_archived`."""
        with writing(self._engine) as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(archived=archived))
            append_audit(connection, audit)

    def delete(self, run_id: str, audit: AuditRecord) -> None:
        """See `RunIndex.delete`."""
        with writing(self._engine) as connection:
            connection.execute(delete(trace_guards).where(trace_guards.c.trace_id.between(*keys_of_run(run_id))))
            if connection.execute(delete(runs).where(runs.c.id == run_id)).rowcount:
                append_audit(connection, audit)

    def _one(self, statement: Select[Any]) -> RunRecord | None:
        with reading(self._engine) as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else _record(row)


def _selected() -> Select[Any]:
    return select(*runs.c, _status.label("status"), jobs.c.error, jobs.c.started_ns, jobs.c.ended_ns).join(
        jobs, jobs.c.id == runs.c.job_id, isouter=True
    )


def _record(row: RowMapping) -> RunRecord:
    values: dict[str, Any] = {**row, "error": from_json(row["error"]) if row["error"] else None}
    return RunRecord(**values)
