"""The `data_assets` table."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Engine, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.data.errors import DataAssetExistsError
from flowyard.data.lineage.model import EdgeRecord
from flowyard.data.model import DataAssetRecord
from flowyard.foundation.codecs import from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import data_assets
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.lineage import append_edges

_JSON = ("tags", "origin")


class SqlDataAssetStore:
    """`data.ports.DataAssetStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, record: DataAssetRecord, audit: AuditRecord, edges: Sequence[EdgeRecord] = ()) -> None:
        """See `DataAssetStore.add`."""
        values = asdict(record)
        values |= {name: to_json(values[name]).decode() for name in _JSON}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(data_assets).values(**values))
                append_audit(connection, audit)
                append_edges(connection, edges)
        except IntegrityError as error:
            if not self._has(record):
                raise
            raise DataAssetExistsError(
                f"There is a version {record.version!r} of {record.name!r} already, and versions never change.",
                remedy="Leave the version out: the next whole number is taken.",
            ) from error

    def _has(self, record: DataAssetRecord) -> bool:
        return any(present.version == record.version for present in self.versions(record.workspace_id, record.name))

    def versions(self, workspace_id: str, name: str | None = None) -> Sequence[DataAssetRecord]:
        """See `DataAssetStore.versions`."""
        query = select(data_assets).where(data_assets.c.workspace_id == workspace_id)
        if name is not None:
            query = query.where(data_assets.c.name == name)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(data_assets.c.created_ns.desc(), data_assets.c.id.desc())).mappings().all()
        return [_record(row) for row in rows]

    def archive(self, workspace_id: str, name: str, *, archived: bool, audit: AuditRecord) -> int:
        """See `DataAssetStore.archive`."""
        mine = (data_assets.c.workspace_id == workspace_id, data_assets.c.name == name)
        with writing(self._engine) as connection:
            changed = connection.execute(update(data_assets).where(*mine).values(archived=archived)).rowcount
            if changed:
                append_audit(connection, audit)
        return changed


def _record(row: RowMapping) -> DataAssetRecord:
    return DataAssetRecord(**{**row, **{name: from_json(row[name].encode()) for name in _JSON}})
