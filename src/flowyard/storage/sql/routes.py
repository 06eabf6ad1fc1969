"""The `gateway_routes` table."""

from collections.abc import Sequence

from sqlalchemy import Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.foundation.codecs import decode, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import gateway_routes
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.events import append_event
from flowyard.wire.routes import RouteSpec


class SqlRouteStore:
    """`endpoints.routes.ports.RouteStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, workspace_id: str | None = None) -> Sequence[RouteRecord]:
        """See `RouteStore.all`."""
        query = select(gateway_routes).order_by(gateway_routes.c.name)
        if workspace_id is not None:
            query = query.where(gateway_routes.c.workspace_id == workspace_id)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def get(self, workspace_id: str, name: str) -> RouteRecord | None:
        """See `RouteStore.get`."""
        mine = (gateway_routes.c.workspace_id == workspace_id, gateway_routes.c.name == name)
        with reading(self._engine) as connection:
            row = connection.execute(select(gateway_routes).where(*mine)).mappings().one_or_none()
        return _record(row) if row else None

    def add(self, record: RouteRecord, audit: AuditRecord) -> bool:
        """See `RouteStore.add`."""
        values = {
            "workspace_id": record.workspace_id,
            "name": record.name,
            "spec": to_json(record.spec).decode(),
            "created_ns": record.created_ns,
            "updated_ns": record.updated_ns,
        }
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(gateway_routes).values(**values))
                append_audit(connection, audit)
                append_event(connection, record.workspace_id, "route", record.name)
        except IntegrityError:
            return False
        return True

    def replace(self, record: RouteRecord, audit: AuditRecord) -> bool:
        """See `RouteStore.replace`."""
        mine = (gateway_routes.c.workspace_id == record.workspace_id, gateway_routes.c.name == record.name)
        values = {"spec": to_json(record.spec).decode(), "updated_ns": record.updated_ns}
        with writing(self._engine) as connection:
            if connection.execute(update(gateway_routes).where(*mine).values(**values)).rowcount == 0:
                return False
            append_audit(connection, audit)
            append_event(connection, record.workspace_id, "route", record.name)
        return True

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """See `RouteStore.delete`."""
        mine = (gateway_routes.c.workspace_id == workspace_id, gateway_routes.c.name == name)
        with writing(self._engine) as connection:
            if connection.execute(delete(gateway_routes).where(*mine)).rowcount == 0:
                return False
            append_audit(connection, audit)
            append_event(connection, workspace_id, "route", name)
        return True


def _record(row: RowMapping) -> RouteRecord:
    return RouteRecord(
        workspace_id=row["workspace_id"],
        name=row["name"],
        spec=decode(row["spec"], RouteSpec),
        created_ns=row["created_ns"],
        updated_ns=row["updated_ns"],
    )
