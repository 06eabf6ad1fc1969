"""What connections need of others."""

from collections.abc import Sequence
from typing import Protocol

from flowyard.connections.model import ConnectionRecord, ResolvedConnection
from flowyard.identity.model import AuditRecord
from flowyard.wire.connections import ConnectionTest


class ConnectionStore(Protocol):
    """Keeps connections. What changes one writes the audit line and the event ``connection`` in the same transaction."""

    def in_workspace(self, workspace_id: str | None) -> Sequence[ConnectionRecord]:
        """Return the connections of a workspace, or of all (None), by name."""
        ...

    def get(self, workspace_id: str, name: str) -> ConnectionRecord | None:
        """Return one connection."""
        ...

    def add(self, record: ConnectionRecord, audit: AuditRecord) -> None:
        """Add a connection.

        Raises:
            ConnectionExistsError: the name is taken.
        """
        ...

    def replace(self, record: ConnectionRecord, audit: AuditRecord) -> None:
        """Replace the connection of this workspace and name; add it when there is none. Its id and creation time stay."""
        ...

    def reseal(self, record: ConnectionRecord) -> None:
        """Write only the encrypted secrets of a record, unless the connection has changed since it was read."""
        ...

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """Delete a connection. False when there is none."""
        ...


class ConnectionTester(Protocol):
    """Makes one real call."""

    def test(self, connection: ResolvedConnection) -> ConnectionTest:
        """Call what the connection leads to and say how it went. A failure is an answer with ``ok`` False, not an error."""
        ...
