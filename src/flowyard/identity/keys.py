"""API keys: made, shown once, listed, revoked."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from flowyard.foundation.clock import DAY_NS, NANOSECONDS, now_ns, to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.errors import KeyNotFoundError, RoleTooHighError
from flowyard.identity.limits import NO_LIMITS, check_limits
from flowyard.identity.model import Caller, KeyRecord
from flowyard.identity.names import check_name
from flowyard.identity.permissions import covers
from flowyard.identity.ports import KeyStore
from flowyard.identity.secrets import PREFIX_LENGTH, new_key, secret_hash
from flowyard.wire.identity import ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyUpdate, Role
from flowyard.wire.limits import Limits

MAX_DAYS = 3650
USED_EVERY_NS = 60 * NANOSECONDS


class KeyService:
    """The keys of workspaces."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store

    def list(self, caller: Caller) -> tuple[ApiKey, ...]:
        """Return the keys that people made, revoked ones too. Keys of processes are not shown."""
        return tuple(to_wire(record) for record in self._store.in_workspace(caller.workspace_id))

    def create(self, caller: Caller, request: ApiKeyCreate) -> ApiKeyCreated:
        """Make a key; the answer holds its secret, which nobody can see again.

        Raises:
            InvalidInputError: the name, the expiry or a limit is not valid.
            RoleTooHighError: the role has rights that the caller has not.
            NameTakenError: another unrevoked key has the name.
        """
        check_name("key", request.name)
        days = request.expires_in_days
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise InvalidInputError(
                f"A key cannot expire in {days} days.",
                remedy=f"Give 1 to {MAX_DAYS} days, or leave it out for a key that does not expire.",
                location=Location(pointer="/expires_in_days"),
            )
        if not covers(caller.role, request.role):
            raise RoleTooHighError(
                f"Your role is {caller.role}, which may not make a key with the role {request.role}.",
                remedy="Ask an owner of the workspace to make it.",
            )
        check_limits(request.limits, "/limits")
        record, secret = _new(caller.workspace_id, request.name, request.role, created_by=caller.actor)
        record = replace(record, limits=request.limits)
        if days is not None:
            record = _expiring(record, record.created_ns + days * DAY_NS)
        audit = audit_record(
            caller, "key.create", f"keys/{record.name}", {"role": record.role, "expires_in_days": days, **_told(request.limits)}
        )
        self._store.add(record, secret_hash(secret), audit)
        return ApiKeyCreated(key=to_wire(record), secret=secret)

    def update(self, caller: Caller, name: str, request: ApiKeyUpdate) -> ApiKey:
        """Put limits in the place of a key's; gateways know them within a second.

        Raises:
            InvalidInputError: a limit is not valid.
            KeyNotFoundError: there is no such key, or it is revoked.
            RoleTooHighError: the key has rights that the caller has not.
        """
        check_limits(request.limits, "/limits")
        record = self._mine(caller, name, "change")
        audit = audit_record(caller, "key.update", f"keys/{name}", _told(request.limits))
        if not self._store.set_limits(record.id, request.limits, audit):
            raise _no_key(name)
        return to_wire(replace(record, limits=request.limits))

    def revoke(self, caller: Caller, name: str) -> None:
        """Revoke a key; gateways refuse it within a second.

        Raises:
            KeyNotFoundError: there is no such key, or it is revoked.
            RoleTooHighError: the key has rights that the caller has not.
        """
        record = self._mine(caller, name, "revoke")
        if not self._store.revoke(record.id, now_ns(), audit_record(caller, "key.revoke", f"keys/{name}")):
            raise _no_key(name)

    def issue(
        self, workspace_id: str, name: str, role: Role, *, scope: str, expires_ns: int | None = None, acts_for: str | None = None
    ) -> str:
        """Make a key for a process and return its secret. `scope` is ``deployment:<id>``, ``session:<id>`` or alike; not listed.

        `acts_for` is an `access.Holder` as text, by whose tags the process sees documents; None: it sees those without tags.
        """
        record, secret = _new(workspace_id, name, role, created_by=scope)
        record = replace(_expiring(record, expires_ns, scope), acts_for=acts_for)
        self._store.add(record, secret_hash(secret), None)
        return secret

    def revoke_scope(self, workspace_id: str, scope: str) -> int:
        """Revoke all keys that were issued for `scope`; returns how many there were."""
        return self._store.revoke_scope(workspace_id, scope, now_ns())

    def scopes(self, prefix: str) -> Sequence[tuple[str, str]]:
        """Return the scopes of unrevoked keys that begin with `prefix`, each after the id of its workspace."""
        return self._store.scopes(prefix)

    def regenerate(self, caller: Caller, name: str, scope: str, target: str) -> ApiKeyCreated:
        """Make an invoker's key for `scope`, which takes the place of the one of that name; `target` is what the audit trail tells."""
        record, secret = _new(caller.workspace_id, name, "invoker", created_by=caller.actor)
        record = _expiring(record, None, scope)
        self._store.replace(record, secret_hash(secret), audit_record(caller, "key.regenerate", target, {"key": name}))
        return ApiKeyCreated(key=to_wire(record), secret=secret)

    def token(self, caller: Caller, name: str, scope: str, target: str, lasts_ns: int) -> tuple[str, int]:
        """Make an invoker's token for `scope`; return it and when it expires. Those that have expired are forgotten."""
        record, secret = _new(caller.workspace_id, name, "invoker", created_by=caller.actor)
        expires_ns = record.created_ns + lasts_ns
        self._store.forget_expired(caller.workspace_id, scope, record.created_ns)
        self._store.add(_expiring(record, expires_ns, scope), secret_hash(secret), audit_record(caller, "key.token", target))
        return secret, expires_ns

    def of_scope(self, workspace_id: str, scope: str) -> tuple[ApiKey, ...]:
        """Return the keys and tokens of `scope` that are not revoked, by name."""
        return tuple(to_wire(record) for record in self._store.of_scope(workspace_id, scope))

    def by_hash(self, key_hash: str) -> KeyRecord | None:
        """Return the key whose secret has this SHA-256 (hex) when it is active now: neither revoked nor expired."""
        record = self._store.by_hash(key_hash)
        return record if record is not None and record.active(now_ns()) else None

    def _mine(self, caller: Caller, name: str, verb: str) -> KeyRecord:
        record = self._store.named(caller.workspace_id, name)
        if record is None:
            raise _no_key(name)
        if not covers(caller.role, record.role):
            raise RoleTooHighError(
                f"Your role is {caller.role}, which may not {verb} a key with the role {record.role}.",
                remedy=f"Ask an owner of the workspace to {verb} it.",
            )
        return record

    def used(self, record: KeyRecord) -> None:
        """Note that a key was used; written at most once a minute."""
        now = now_ns()
        if record.last_used_ns is None or now - record.last_used_ns >= USED_EVERY_NS:
            self._store.used(record.id, now)


def to_wire(record: KeyRecord) -> ApiKey:
    """Return a key as the API shows it."""
    return ApiKey(
        name=record.name,
        role=record.role,
        prefix=record.prefix,
        created_at=to_rfc3339(record.created_ns),
        created_by=record.created_by,
        expires_at=_time(record.expires_ns),
        revoked_at=_time(record.revoked_ns),
        last_used_at=_time(record.last_used_ns),
        limits=record.limits,
    )


def _no_key(name: str) -> KeyNotFoundError:
    return KeyNotFoundError(f"There is no key {name!r}.", remedy="List them with: flowyard key list")


def _told(limits: Limits) -> dict[str, object]:
    """Return the limits that differ from having none, for the audit trail."""
    return {name: value for name, value in asdict(limits).items() if value != getattr(NO_LIMITS, name)}


def _new(workspace_id: str, name: str, role: Role, *, created_by: str) -> tuple[KeyRecord, str]:
    secret = new_key()
    record = KeyRecord(
        id=new_id(),
        workspace_id=workspace_id,
        name=name,
        role=role,
        scope="",
        prefix=secret[:PREFIX_LENGTH],
        created_ns=now_ns(),
        created_by=created_by,
    )
    return record, secret


def _expiring(record: KeyRecord, expires_ns: int | None, scope: str = "") -> KeyRecord:
    return replace(record, expires_ns=expires_ns, scope=scope)


def _time(ns: int | None) -> str | None:
    return None if ns is None else to_rfc3339(ns)
