"""Workspaces, users, keys, sign-in and the audit trail."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.limits import Limits

Role = Literal["owner", "contributor", "reader", "invoker", "monitor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A room of its own for assets, people and spans."""

    name: str
    display_name: str
    role: Role
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceCreate:
    """Make a workspace; whoever makes it owns it."""

    name: str
    display_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Exchange a one-time sign-in token (from the link) or an API key for a session cookie. Give exactly one."""

    token: str | None = None
    api_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who is asking, and where they may go."""

    name: str
    kind: Literal["user", "key"]
    workspaces: tuple[Workspace, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person in this workspace."""

    name: str
    role: Role
    created_at: str
    last_seen_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCreate:
    """Let a person in, with a role in this workspace."""

    name: str
    role: Role = "contributor"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUpdate:
    """Change a person's role; it takes effect at once."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """A link that signs one person in, once, until it expires."""

    url: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without its secret: `prefix` is its first characters, to recognise it by."""

    name: str
    role: Role
    prefix: str
    created_at: str
    created_by: str
    expires_at: str | None = None
    revoked_at: str | None = None
    last_used_at: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCreate:
    """Make a key. `expires_in_days` None means that it never expires."""

    name: str
    role: Role = "invoker"
    expires_in_days: int | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyUpdate:
    """Change a key's limits: these take the place of all that it had."""

    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCreated:
    """A new key with its secret. It is shown this once."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who changed what, and when."""

    id: str
    at: str
    actor: str
    action: str
    target: str
    detail: dict[str, Any]
