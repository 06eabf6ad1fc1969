"""The `model_reports` table."""

from typing import Any

from sqlalchemy import Engine, delete, func, insert, select, update

from flowyard.catalog.reports import ReportKind, ReportRecord
from flowyard.foundation.codecs import from_json, to_json
from flowyard.storage.engine import reading, writing
from flowyard.storage.reports_table import model_reports


class SqlReportStore:
    """`catalog.reports.ReportStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, record: ReportRecord) -> None:
        """See `ReportStore.put`."""
        document = to_json(record.document).decode()
        changed = {"completed": record.completed, "document": document}
        with writing(self._engine) as connection:
            mine = update(model_reports).where(model_reports.c.id == record.id, model_reports.c.workspace_id == record.workspace_id)
            if connection.execute(mine.values(**changed)).rowcount == 0:
                fixed = {name: getattr(record, name) for name in ("id", "workspace_id", "kind", "target", "created_ns")}
                connection.execute(insert(model_reports).values(**fixed, **changed))

    def get(self, workspace_id: str, kind: ReportKind, report_id: str) -> ReportRecord | None:
        """See `ReportStore.get`."""
        query = select(model_reports).where(*_of(workspace_id, kind), model_reports.c.id == report_id)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _record(row)

    def find(self, workspace_id: str, kind: ReportKind, *, target: str | None = None, limit: int = 50) -> list[ReportRecord]:
        """See `ReportStore.find`."""
        query = select(model_reports).where(*_of(workspace_id, kind)).order_by(model_reports.c.id.desc()).limit(limit)
        if target is not None:
            query = query.where(model_reports.c.target == target)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def newest(self, workspace_id: str, kind: ReportKind) -> dict[str, ReportRecord]:
        """See `ReportStore.newest`."""
        # Ids are UUIDv7: the greatest is the newest.
        last = select(func.max(model_reports.c.id)).where(*_of(workspace_id, kind), model_reports.c.completed)
        query = select(model_reports).where(model_reports.c.id.in_(last.group_by(model_reports.c.target)))
        with reading(self._engine) as connection:
            return {row["target"]: _record(row) for row in connection.execute(query).mappings()}

    def delete(self, workspace_id: str, kind: ReportKind, report_id: str) -> bool:
        """See `ReportStore.delete`."""
        with writing(self._engine) as connection:
            gone = delete(model_reports).where(*_of(workspace_id, kind), model_reports.c.id == report_id)
            return connection.execute(gone).rowcount > 0


def _of(workspace_id: str, kind: ReportKind) -> tuple[Any, ...]:
    return (model_reports.c.workspace_id == workspace_id, model_reports.c.kind == kind)


def _record(row: Any) -> ReportRecord:
    return ReportRecord(**{**row, "document": from_json(row["document"])})
