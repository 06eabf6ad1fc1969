"""The `datastores` table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, insert, select
from sqlalchemy.exc import IntegrityError

from flowyard.data.datastores.errors import DatastoreExistsError
from flowyard.data.datastores.model import DatastoreRecord
from flowyard.foundation.codecs import from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import datastores
from flowyard.storage.sql.audit import append_audit


class SqlDatastoreStore:
    """`data.datastores.ports.DatastoreStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def in_workspace(self, workspace_id: str) -> Sequence[DatastoreRecord]:
        """See `DatastoreStore.in_workspace`."""
        query = select(datastores).where(datastores.c.workspace_id == workspace_id).order_by(datastores.c.name)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def get(self, workspace_id: str, name: str) -> DatastoreRecord | None:
        """See `DatastoreStore.get`."""
        mine = (datastores.c.workspace_id == workspace_id, datastores.c.name == name)
        with reading(self._engine) as connection:
            row = connection.execute(select(datastores).where(*mine)).mappings().one_or_none()
        return _record(row) if row else None

    def add(self, record: DatastoreRecord, audit: AuditRecord) -> None:
        """See `DatastoreStore.add`."""
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(datastores).values(**_row(record)))
                append_audit(connection, audit)
        except IntegrityError as error:
            raise DatastoreExistsError(
                f"There is a datastore {record.name!r} already.", remedy=f"Delete it first: flowyard datastore delete {record.name}"
            ) from error

    def replace(self, record: DatastoreRecord, audit: AuditRecord) -> None:
        """See `DatastoreStore.replace`."""
        with writing(self._engine) as connection:
            connection.execute(delete(datastores).where(datastores.c.workspace_id == record.workspace_id, datastores.c.name == record.name))
            connection.execute(insert(datastores).values(**_row(record)))
            append_audit(connection, audit)

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """See `DatastoreStore.delete`."""
        mine = (datastores.c.workspace_id == workspace_id, datastores.c.name == name)
        with writing(self._engine) as connection:
            if connection.execute(delete(datastores).where(*mine)).rowcount == 0:
                return False
            append_audit(connection, audit)
            return True


def _row(record: DatastoreRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "workspace_id": record.workspace_id,
        "name": record.name,
        "type": record.type,
        "description": record.description,
        "tags": to_json(record.tags).decode(),
        "configs": to_json(record.configs).decode(),
        "secret_names": to_json(record.secret_names).decode(),
        "secrets": record.sealed,
        "created_ns": record.created_ns,
        "updated_ns": record.updated_ns,
    }


def _record(row: RowMapping) -> DatastoreRecord:
    return DatastoreRecord(
        id=row["id"],
        workspace_id=row["workspace_id"],
        name=row["name"],
        type=row["type"],
        description=row["description"],
        tags=from_json(row["tags"]),
        configs=from_json(row["configs"]),
        secret_names=tuple(from_json(row["secret_names"])),
        sealed=bytes(row["secrets"]),
        created_ns=row["created_ns"],
        updated_ns=row["updated_ns"],
    )
