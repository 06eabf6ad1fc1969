"""What identity needs of a store. Every call is one transaction; what takes an `audit` record writes it in the same one."""

from collections.abc import Sequence
from typing import Protocol

from flowyard.identity.model import AuditRecord, Event, KeyRecord, Member, Membership, SessionRecord, UserRecord, WorkspaceRecord
from flowyard.wire.identity import Role
from flowyard.wire.limits import Limits


class WorkspaceStore(Protocol):
    """Keeps workspaces."""

    def add(self, workspace: WorkspaceRecord, owner_id: str, audit: AuditRecord) -> None:
        """Add `workspace` with one member, its owner.

        Raises:
            NameTakenError: there is one of this name.
        """
        ...

    def get(self, name: str) -> WorkspaceRecord | None:
        """Return the workspace of this name."""
        ...

    def find(self, workspace_id: str) -> WorkspaceRecord | None:
        """Return the workspace with this id."""
        ...

    def all(self) -> list[WorkspaceRecord]:
        """Return every workspace of the installation, by name."""
        ...


class UserStore(Protocol):
    """Keeps people and their memberships."""

    def get(self, name: str) -> UserRecord | None:
        """Return the person of this name, whether in a workspace or not."""
        ...

    def find(self, user_id: str) -> UserRecord | None:
        """Return the person with this id."""
        ...

    def add(self, user: UserRecord) -> UserRecord:
        """Add a person without a membership; returns the one who has the name already, if somebody does."""
        ...

    def memberships(self, user_id: str) -> list[Membership]:
        """Return the workspaces that a person is in, by name."""
        ...

    def members(self, workspace_id: str) -> list[Member]:
        """Return who is in a workspace, by name."""
        ...

    def add_member(self, workspace_id: str, user_id: str, role: Role, audit: AuditRecord) -> None:
        """Let a person in.

        Raises:
            NameTakenError: they are in already.
        """
        ...

    def set_role(self, workspace_id: str, user_id: str, role: Role, audit: AuditRecord) -> None:
        """Change a member's role; appends the event ``user``.

        Raises:
            UserNotFoundError: no such member.
            LastOwnerError: the workspace would be left without an owner.
        """
        ...

    def remove_member(self, workspace_id: str, user_id: str, audit: AuditRecord) -> None:
        """End a membership; appends the event ``user``.

        Raises:
            UserNotFoundError: no such member.
            LastOwnerError: the workspace would be left without an owner.
        """
        ...

    def seen(self, user_id: str, at_ns: int) -> None:
        """Note when a person was here last."""
        ...


class KeyStore(Protocol):
    """Keeps API keys by the SHA-256 of their secret (hex)."""

    def add(self, key: KeyRecord, secret_hash: str, audit: AuditRecord | None) -> None:
        """Add a key. A key of a person (empty `scope`) has a name that no other unrevoked one of its workspace has.

        Raises:
            NameTakenError: the name is in use.
        """
        ...

    def by_hash(self, secret_hash: str) -> KeyRecord | None:
        """Return the key with this hash, active or not."""
        ...

    def find(self, key_id: str) -> KeyRecord | None:
        """Return the key with this id, active or not."""
        ...

    def named(self, workspace_id: str, name: str) -> KeyRecord | None:
        """Return the unrevoked key of a person with this name."""
        ...

    def in_workspace(self, workspace_id: str) -> list[KeyRecord]:
        """Return the keys of people (empty `scope`), by name, the newest first within a name."""
        ...

    def set_limits(self, key_id: str, limits: Limits, audit: AuditRecord) -> bool:
        """Replace an unrevoked key's limits and append the event ``key``. False when it is revoked."""
        ...

    def revoke(self, key_id: str, at_ns: int, audit: AuditRecord | None) -> bool:
        """Revoke a key and append the event ``key``. False when it was revoked already."""
        ...

    def revoke_scope(self, workspace_id: str, scope: str, at_ns: int) -> int:
        """Revoke all keys of a process's or an endpoint's scope and append their events; returns how many."""
        ...

    def scopes(self, prefix: str) -> Sequence[tuple[str, str]]:
        """Return the scopes of unrevoked keys that begin with `prefix`, each after the id of its workspace."""
        ...

    def replace(self, key: KeyRecord, secret_hash: str, audit: AuditRecord) -> None:
        """Add a key with a scope and revoke those of the same scope and name, with their events."""
        ...

    def of_scope(self, workspace_id: str, scope: str) -> list[KeyRecord]:
        """Return the unrevoked keys of a scope, by name, the newest first within a name."""
        ...

    def forget_expired(self, workspace_id: str, scope: str, before_ns: int) -> None:
        """Delete the keys of a scope that expired before `before_ns`."""
        ...

    def used(self, key_id: str, at_ns: int) -> None:
        """Note when a key was used last."""
        ...


class SessionStore(Protocol):
    """Keeps sign-in tokens and sessions by the SHA-256 of their secret (hex)."""

    def add_token(self, secret_hash: str, user_id: str, expires_ns: int) -> None:
        """Keep a one-time token."""
        ...

    def redeem(self, secret_hash: str, now_ns: int) -> str | None:
        """Use a token up and return its user's id; None when it is unknown, used or expired. Of two at once, one gets it."""
        ...

    def add(self, secret_hash: str, session: SessionRecord) -> None:
        """Keep a session."""
        ...

    def by_hash(self, secret_hash: str) -> SessionRecord | None:
        """Return a session, active or not."""
        ...

    def end(self, secret_hash: str, at_ns: int) -> None:
        """End a session and append the event ``session`` with its hash as key. Unknown ones are no error."""
        ...


class AuditLog(Protocol):
    """Keeps the audit trail. Rows are only ever added."""

    def append(self, record: AuditRecord) -> None:
        """Add one line."""
        ...

    def read(self, workspace_id: str, *, limit: int, before_id: str | None = None) -> list[AuditRecord]:
        """Return lines, newest first, older than the line `before_id`."""
        ...


class EventLog(Protocol):
    """Tells other processes what changed. Sequence numbers become visible in order: who has seen `n` misses nothing below.

    | kind | key |
    |---|---|
    | ``key`` | id of the API key |
    | ``session`` | hash of the session |
    | ``user`` | id of the user whose role or membership changed |
    | ``connection`` | name |
    | ``endpoint`` | name |
    | ``route`` | name |
    | ``limits`` | empty: the workspace's own |
    """

    def append(self, workspace_id: str, kind: str, key: str) -> None:
        """Add one event; it is visible to all processes when this returns."""
        ...

    def since(self, seq: int, *, limit: int = 500) -> Sequence[Event]:
        """Return events after `seq`, oldest first."""
        ...

    def latest(self) -> int:
        """Return the newest sequence number, 0 when there is none. Read it before the state that events then keep fresh."""
        ...
