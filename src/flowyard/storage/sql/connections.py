"""The `connections` table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.connections.errors import ConnectionExistsError
from flowyard.connections.model import ConnectionRecord
from flowyard.foundation.codecs import from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import connections
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.events import append_event
from flowyard.storage.sql.workspaces import lock_workspace

_EVENT = "connection"


class SqlConnectionStore:
    """`connections.ports.ConnectionStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def in_workspace(self, workspace_id: str | None) -> Sequence[ConnectionRecord]:
        """See `ConnectionStore.in_workspace`."""
        query = select(connections).order_by(connections.c.name)
        if workspace_id is not None:
            query = query.where(connections.c.workspace_id == workspace_id)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def get(self, workspace_id: str, name: str) -> ConnectionRecord | None:
        """See `ConnectionStore.get`."""
        mine = (connections.c.workspace_id == workspace_id, connections.c.name == name)
        with reading(self._engine) as connection:
            row = connection.execute(select(connections).where(*mine)).mappings().one_or_none()
        return _record(row) if row else None

    def add(self, record: ConnectionRecord, audit: AuditRecord) -> None:
        """See `ConnectionStore.add`."""
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(connections).values(**_row(record)))
                append_audit(connection, audit)
                append_event(connection, record.workspace_id, _EVENT, record.name)
        except IntegrityError as error:
            raise ConnectionExistsError(
                f"There is a connection {record.name!r} already.", remedy=f"Change it with: flowyard connection update {record.name}"
            ) from error

    def replace(self, record: ConnectionRecord, audit: AuditRecord) -> None:
        """See `ConnectionStore.replace`."""
        mine = (connections.c.workspace_id == record.workspace_id, connections.c.name == record.name)
        changed = {key: value for key, value in _row(record).items() if key not in {"id", "workspace_id", "name", "created_ns"}}
        with writing(self._engine) as connection:
            lock_workspace(connection, record.workspace_id)
            if connection.execute(update(connections).where(*mine).values(**changed)).rowcount == 0:
                connection.execute(insert(connections).values(**_row(record)))
            append_audit(connection, audit)
            append_event(connection, record.workspace_id, _EVENT, record.name)

    def reseal(self, record: ConnectionRecord) -> None:
        """See `ConnectionStore.reseal`."""
        same = (connections.c.id == record.id, connections.c.updated_ns == record.updated_ns)
        with writing(self._engine) as connection:
            connection.execute(update(connections).where(*same).values(secrets=record.sealed))

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """See `ConnectionStore.delete`."""
        mine = (connections.c.workspace_id == workspace_id, connections.c.name == name)
        with writing(self._engine) as connection:
            if connection.execute(delete(connections).where(*mine)).rowcount == 0:
                return False
            append_audit(connection, audit)
            append_event(connection, workspace_id, _EVENT, name)
            return True


def _row(record: ConnectionRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "workspace_id": record.workspace_id,
        "name": record.name,
        "type": record.type,
        "configs": to_json(record.configs).decode(),
        "secret_names": to_json(record.secret_names).decode(),
        "secrets": record.sealed,
        "created_ns": record.created_ns,
        "updated_ns": record.updated_ns,
    }


def _record(row: RowMapping) -> ConnectionRecord:
    return ConnectionRecord(
        id=row["id"],
        workspace_id=row["workspace_id"],
        name=row["name"],
        type=row["type"],
        configs=from_json(row["configs"]),
        secret_names=tuple(from_json(row["secret_names"])),
        sealed=bytes(row["secrets"]),
        created_ns=row["created_ns"],
        updated_ns=row["updated_ns"],
    )
