"""What the platform's side of flows (authoring, sessions) needs of other rooms. The engine needs none of it."""

from collections.abc import Sequence
from typing import Any, Protocol

from flowyard.connections.model import ResolvedConnection
from flowyard.identity.model import Caller
from flowyard.wire.identity import Role


class ConnectionSource(Protocol):
    """The connections of workspaces with their secrets, as `connections.service.ConnectionService` gives them."""

    def resolve_all(self, workspace_id: str | None = None, *, with_local: bool = False) -> Sequence[ResolvedConnection]:
        """Return the connections of a workspace."""
        ...


class ProcessKeys(Protocol):
    """Keys for processes, as `identity.keys.KeyService` makes them."""

    def issue(
        self, workspace_id: str, name: str, role: Role, *, scope: str, expires_ns: int | None = None, acts_for: str | None = None
    ) -> str:
        """Make a key and return its secret. `acts_for`: by whose access tags the process sees documents."""
        ...

    def revoke_scope(self, workspace_id: str, scope: str) -> object:
        """Revoke all keys of a scope."""
        ...


class Audit(Protocol):
    """The audit trail, as `identity.audit.AuditTrail` keeps it."""

    def record(self, caller: Caller, action: str, target: str, detail: dict[str, Any] | None = None) -> None:
        """Add a line."""
        ...
