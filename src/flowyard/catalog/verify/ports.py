"""What trying models needs of other rooms."""

from typing import Protocol

from flowyard.connections.model import ResolvedConnection
from flowyard.identity.model import Caller
from flowyard.wire.connections import Connection
from flowyard.wire.identity import Role
from flowyard.wire.models import Model


class Models(Protocol):
    """The catalog of a workspace, as `catalog.workspace.WorkspaceModels` has it."""

    def get(self, caller: Caller, name: str) -> Model:
        """Return a model (ModelUnknownError: there is none)."""
        ...


class Connections(Protocol):
    """The connections of workspaces, as `connections.service.ConnectionService` has them."""

    def get(self, caller: Caller, name: str) -> Connection:
        """Return a connection without its secrets (ConnectionNotFoundError: there is none)."""
        ...

    def resolve(self, workspace_id: str, name: str) -> ResolvedConnection:
        """Return a connection with its secrets."""
        ...


class Keys(Protocol):
    """Short-lived keys, as `identity.keys.KeyService` makes them."""

    def issue(self, workspace_id: str, name: str, role: Role, *, scope: str, expires_ns: int | None = None) -> str:
        """Make a key and return its secret."""
        ...

    def revoke_scope(self, workspace_id: str, scope: str) -> object:
        """Revoke all keys of a scope."""
        ...
