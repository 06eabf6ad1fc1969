"""What the gateway reads of the rest of the installation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.identity.limits import NO_LIMITS
from flowyard.wire.endpoints import RequestSettings
from flowyard.wire.identity import Role
from flowyard.wire.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """An API key that is not revoked. `digest` is the SHA-256 of its secret in hex; `expires_ns` 0 means never.

    `scope` is empty for keys that people made, names a deployment or session for those that processes hold, and an endpoint (by its
    id, after `identity.model.ENDPOINT_SCOPE`) for that endpoint's own.
    """

    id: str
    digest: str
    workspace_id: str
    name: str
    role: Role
    scope: str = ""
    expires_ns: int = 0
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEntry:
    """A studio session: whose it is, until when, and the person's role in each of their workspaces (id → role), oldest first."""

    actor: str
    expires_ns: int
    roles: dict[str, Role]
    names: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaRoute:
    """A ready replica: its ``host:port`` and the token it wants to see."""

    name: str
    address: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRoute:
    """A deployment and its ready replicas. `error` is the problem details that say why it has none; `request` bounds its requests.

    `captured`: headers that its replicas collect with requests, in lower case.

    `sample`: of so many answers at a time gateways keep copies, for an evaluator.
    """

    id: str
    name: str
    kind: Literal["flow", "model", "script"]
    replicas: tuple[ReplicaRoute, ...]
    model: str | None = None
    flow: str | None = None
    error: dict[str, Any] | None = None
    request: RequestSettings = field(default_factory=RequestSettings)
    captured: tuple[bytes, ...] = ()
    sample: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRoute:
    """An endpoint: its deployments by name, their shares of the traffic in per cent, and of which one gets copies of how many per cent."""

    id: str
    workspace_id: str
    name: str
    traffic: dict[str, int]
    deployments: dict[str, DeploymentRoute]
    mirror_traffic: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEvent:
    """A row of the event log: what changed in which workspace. `kind` and `key` are those of `identity.ports.EventLog`."""

    sequence: int
    workspace_id: str
    kind: str
    key: str


class DirectorySource(Protocol):
    """Where the directory is read from. Calls block and come from a thread; each sees at least what was committed before it."""

    def position(self) -> int:
        """Return the newest event number; 0 when there is none."""
        ...

    def events(self, after: int) -> Sequence[DirectoryEvent]:
        """Return the events with a number above `after`, lowest first. Numbers become visible in order."""
        ...

    def key(self, digest: str) -> KeyEntry | None:
        """Return a key that is neither revoked nor expired by the digest of its secret."""
        ...

    def session(self, digest: str) -> SessionEntry | None:
        """Return a session that has not ended, by the digest of its cookie."""
        ...

    def connections(self, workspace_id: str | None = None) -> Sequence[ResolvedConnection]:
        """Return the connections with their secrets, of one workspace or of all."""
        ...

    def limits(self, workspace_id: str | None = None) -> Mapping[str, Limits]:
        """Return the limits of workspaces that have some, of one or of all, by workspace id."""
        ...

    def routes(self, workspace_id: str | None = None) -> Sequence[RouteRecord]:
        """Return the routes, of one workspace or of all."""
        ...

    def endpoints(self, workspace_id: str | None = None) -> Sequence[EndpointRoute]:
        """Return the endpoints with their deployments and ready replicas, of one workspace or of all."""
        ...
