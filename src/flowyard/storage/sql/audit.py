"""The audit trail's table."""

from sqlalchemy import Connection, Engine, and_, insert, or_, select

from flowyard.foundation.codecs import from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import audit


def append_audit(connection: Connection, record: AuditRecord | None) -> None:
    """Add a line within the caller's transaction; None adds nothing."""
    if record is None:
        return
    connection.execute(
        insert(audit).values(
            id=record.id,
            workspace_id=record.workspace_id,
            at_ns=record.at_ns,
            actor=record.actor,
            action=record.action,
            target=record.target,
            detail=to_json(record.detail).decode(),
        )
    )


class SqlAuditLog:
    """`identity.ports.AuditLog` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, record: AuditRecord) -> None:
        """See `AuditLog.append`."""
        with writing(self._engine) as connection:
            append_audit(connection, record)

    def read(self, workspace_id: str, *, limit: int, before_id: str | None = None) -> list[AuditRecord]:
        """See `AuditLog.read`."""
        query = select(audit).where(audit.c.workspace_id == workspace_id)
        if before_id is not None:
            at = select(audit.c.at_ns).where(audit.c.workspace_id == workspace_id, audit.c.id == before_id).scalar_subquery()
            query = query.where(or_(audit.c.at_ns < at, and_(audit.c.at_ns == at, audit.c.id < before_id)))
        query = query.order_by(audit.c.at_ns.desc(), audit.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            return [AuditRecord(**{**row, "detail": from_json(row["detail"])}) for row in connection.execute(query).mappings()]
