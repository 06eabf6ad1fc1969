"""The tables `index_versions` and `index_documents`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, insert, select
from sqlalchemy.exc import IntegrityError

from flowyard.data.lineage.model import EdgeRecord
from flowyard.foundation.codecs import convert, from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.rag.building.model import LedgerEntry, Recipe, VersionRecord
from flowyard.rag.errors import IndexConflictError
from flowyard.storage.engine import reading, writing
from flowyard.storage.indexes_table import index_documents, index_versions
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.lineage import append_edges

_VERSION, _DOCUMENT = index_versions.c, index_documents.c
_ENTRY = [column for column in _DOCUMENT if column.name not in {"version_id", "number"}]
_ROWS = 1000


class SqlIndexLedger:
    """`rag.building.ports.IndexLedger` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, record: VersionRecord, entries: Sequence[LedgerEntry], audit: AuditRecord, edges: Sequence[EdgeRecord] = ()) -> None:
        """See `IndexLedger.add`."""
        values = asdict(record) | {"recipe": to_json(record.recipe).decode()}
        rows = [{"version_id": record.id, "number": number, **asdict(entry)} for number, entry in enumerate(entries)]
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(index_versions).values(**values))
                for start in range(0, len(rows), _ROWS):
                    connection.execute(insert(index_documents), rows[start : start + _ROWS])
                append_audit(connection, audit)
                append_edges(connection, edges)
        except IntegrityError as error:
            if all(record.version != present.version for present in self.versions(record.workspace_id, record.name)):
                raise
            raise IndexConflictError(
                f"Version {record.version} of the index {record.name!r} is there.", remedy="Build it again: the next number is taken."
            ) from error

    def versions(self, workspace_id: str, name: str | None = None) -> list[VersionRecord]:
        """See `IndexLedger.versions`."""
        query = select(index_versions).where(_VERSION.workspace_id == workspace_id)
        if name is not None:
            query = query.where(_VERSION.name == name)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_VERSION.created_ns.desc(), _VERSION.id.desc())).mappings().all()
        return [_record(row) for row in rows]

    def entries(
        self, version_id: str, *, after: int = -1, limit: int | None = None, unread: bool | None = None
    ) -> list[tuple[int, LedgerEntry]]:
        """See `IndexLedger.entries`."""
        query = select(_DOCUMENT.number, *_ENTRY).where(_DOCUMENT.version_id == version_id, _DOCUMENT.number > after)
        if unread is not None:
            query = query.where(_DOCUMENT.why.is_not(None) if unread else _DOCUMENT.why.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_DOCUMENT.number).limit(limit)).mappings().all()
        return [(row["number"], LedgerEntry(**{column.name: row[column.name] for column in _ENTRY})) for row in rows]

    def titles(self, version_id: str, keys: Sequence[str]) -> dict[str, str]:
        """See `IndexLedger.titles`."""
        query = select(_DOCUMENT.key, _DOCUMENT.title).where(_DOCUMENT.version_id == version_id, _DOCUMENT.key.in_(list(keys)))
        with reading(self._engine) as connection:
            return {row.key: row.title for row in connection.execute(query)}

    def made_by(self, workspace_id: str, job_id: str) -> VersionRecord | None:
        """See `IndexLedger.made_by`."""
        query = select(index_versions).where(_VERSION.workspace_id == workspace_id, _VERSION.job_id == job_id)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _record(row)

    def drop(self, workspace_id: str, name: str, audit: AuditRecord) -> int:
        """See `IndexLedger.drop`."""
        mine = (_VERSION.workspace_id == workspace_id, _VERSION.name == name)
        with writing(self._engine) as connection:
            connection.execute(delete(index_documents).where(_DOCUMENT.version_id.in_(select(_VERSION.id).where(*mine))))
            gone = connection.execute(delete(index_versions).where(*mine)).rowcount
            append_audit(connection, audit)
        return gone


def _record(row: RowMapping) -> VersionRecord:
    values: dict[str, Any] = {**row, "recipe": convert(from_json(row["recipe"]), Recipe)}
    return VersionRecord(**values)
