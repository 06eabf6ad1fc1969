"""Who asks, and what identity keeps."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.identity import Role
from flowyard.wire.limits import Limits

CallerKind = Literal["user", "key"]

#: What the scope of a key begins with that opens one endpoint and nothing else; the endpoint's id follows.
ENDPOINT_SCOPE = "endpoint:"
#: What the scope of a notebook's key begins with, which may do what a contributor may.
NOTEBOOK_SCOPE = "notebook:"
#: What the scope of a key begins with that a process has in which somebody tests a flow.
SESSION_SCOPE = "session:"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, within one workspace.

    `actor` is what the audit trail shows: a user's name, or ``key/<name>``. `scope` is empty for people and their keys, and
    ``deployment:<id>``, ``session:<id>`` or ``notebook:<id>`` for the keys of processes, ``endpoint:<id>`` for those of an endpoint.
    `id` is the user's or the key's. `acts_for` says of a process's key by whose access tags it sees documents: ``user:<id>``,
    ``key:<id>`` or ``endpoint:<id>``.
    """

    workspace_id: str
    workspace: str
    actor: str
    kind: CallerKind
    role: Role
    scope: str = ""
    id: str = ""
    acts_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceRecord:
    """A workspace as it is kept."""

    id: str
    name: str
    display_name: str
    created_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """A person as they are kept. `name` is unique in the installation."""

    id: str
    name: str
    created_ns: int
    last_seen_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in one workspace."""

    user: UserRecord
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A workspace that a principal may enter, and as what."""

    workspace: WorkspaceRecord
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """An API key without its secret; of that only the SHA-256 is kept, and not here."""

    id: str
    workspace_id: str
    name: str
    role: Role
    scope: str
    prefix: str
    created_ns: int
    created_by: str
    expires_ns: int | None = None
    revoked_ns: int | None = None
    last_used_ns: int | None = None
    limits: Limits = field(default_factory=Limits)
    acts_for: str | None = None

    def active(self, now_ns: int) -> bool:
        """Return whether it still opens anything at `now_ns` (UTC)."""
        return self.revoked_ns is None and (self.expires_ns is None or now_ns < self.expires_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """A browser's session, of a user or of a key (exactly one is set)."""

    created_ns: int
    expires_ns: int
    user_id: str | None = None
    api_key_id: str | None = None
    ended_ns: int | None = None

    def active(self, now_ns: int) -> bool:
        """Return whether it still opens anything at `now_ns` (UTC)."""
        return self.ended_ns is None and now_ns < self.expires_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks, before a workspace is chosen: a user with all their memberships, or a key with its one workspace."""

    id: str
    name: str
    kind: CallerKind
    memberships: tuple[Membership, ...]
    scope: str = ""
    acts_for: str = ""

    @property
    def actor(self) -> str:
        """Their name in the audit trail."""
        return self.name if self.kind == "user" else f"key/{self.name}"

    def enter(self, workspace: str | None = None) -> Caller | None:
        """Return the caller within the workspace of this name (None: the first they have), or None when they are not in it."""
        for membership in self.memberships:
            if workspace is None or membership.workspace.name == workspace:
                return Caller(
                    workspace_id=membership.workspace.id,
                    workspace=membership.workspace.name,
                    actor=self.actor,
                    kind=self.kind,
                    role=membership.role,
                    scope=self.scope,
                    id=self.id,
                    acts_for=self.acts_for,
                )
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One line of the audit trail. `action` is ``<noun>.<verb>``, `target` is ``<noun>/<name>``; `detail` never holds a secret."""

    id: str
    workspace_id: str
    at_ns: int
    actor: str
    action: str
    target: str
    detail: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something changed that other processes keep in memory. `kind` is the noun, `key` its name, id or hash (see `EventLog`)."""

    seq: int
    workspace_id: str
    at_ns: int
    kind: str
    key: str
