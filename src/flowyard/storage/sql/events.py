"""The append-only `events` table: what gateways and other processes follow."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, text

from flowyard.foundation.clock import now_ns
from flowyard.identity.model import Event
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import events

_ADVISORY_LOCK = 0x666C_6F77_0002
# Asked several times a second for ever: put together once, it costs less than half.
_SINCE = select(events).where(events.c.seq > bindparam("after")).order_by(events.c.seq).limit(bindparam("most"))


def append_event(connection: Connection, workspace_id: str, kind: str, key: str) -> None:
    """Add an event within the caller's transaction, best as its last statement.

    PostgreSQL hands out sequence numbers before commit, so a reader could pass by a lower number that commits later: the lock,
    held until commit, makes the order of numbers the order of commits. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    connection.execute(insert(events).values(workspace_id=workspace_id, at_ns=now_ns(), kind=kind, key=key))


class SqlEventLog:
    """`identity.ports.EventLog` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(self, workspace_id: str, kind: str, key: str) -> None:
        """See `EventLog.append`."""
        with writing(self._engine) as connection:
            append_event(connection, workspace_id, kind, key)

    def since(self, seq: int, *, limit: int = 500) -> Sequence[Event]:
        """See `EventLog.since`."""
        with reading(self._engine) as connection:
            return [Event(**row) for row in connection.execute(_SINCE, {"after": seq, "most": limit}).mappings()]

    def latest(self) -> int:
        """See `EventLog.latest`."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(events.c.seq))).scalar() or 0
