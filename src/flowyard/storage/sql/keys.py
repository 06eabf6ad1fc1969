"""The `api_keys` table."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, delete, insert, select, update

from flowyard.foundation.codecs import decode, to_json
from flowyard.identity.errors import NameTakenError
from flowyard.identity.model import AuditRecord, KeyRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import api_keys
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.events import append_event
from flowyard.storage.sql.workspaces import lock_workspace
from flowyard.wire.limits import Limits

_COLUMNS = [column for column in api_keys.c if column.name != "hash"]


class SqlKeyStore:
    """`identity.ports.KeyStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, key: KeyRecord, secret_hash: str, audit: AuditRecord | None) -> None:
        """See `KeyStore.add`."""
        with writing(self._engine) as connection:
            if not key.scope:
                lock_workspace(connection, key.workspace_id)
                if connection.execute(_named(key.workspace_id, key.name)).first():
                    raise NameTakenError(f"There is a key {key.name!r} already.", remedy="Choose another name, or revoke that key.")
            _insert(connection, key, secret_hash)
            append_audit(connection, audit)

    def by_hash(self, secret_hash: str) -> KeyRecord | None:
        """See `KeyStore.by_hash`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(*_COLUMNS).where(api_keys.c.hash == secret_hash)).mappings().one_or_none()
        return _record(row) if row else None

    def find(self, key_id: str) -> KeyRecord | None:
        """See `KeyStore.find`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(*_COLUMNS).where(api_keys.c.id == key_id)).mappings().one_or_none()
        return _record(row) if row else None

    def named(self, workspace_id: str, name: str) -> KeyRecord | None:
        """See `KeyStore.named`."""
        with reading(self._engine) as connection:
            row = connection.execute(_named(workspace_id, name)).mappings().first()
        return _record(row) if row else None

    def in_workspace(self, workspace_id: str) -> list[KeyRecord]:
        """See `KeyStore.in_workspace`."""
        query = (
            select(*_COLUMNS)
            .where(api_keys.c.workspace_id == workspace_id, api_keys.c.scope == "")
            .order_by(api_keys.c.name, api_keys.c.created_ns.desc())
        )
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def set_limits(self, key_id: str, limits: Limits, audit: AuditRecord) -> bool:
        """See `KeyStore.set_limits`."""
        with writing(self._engine) as connection:
            change = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_ns.is_(None)).values(limits=_written(limits))
            workspace_id = connection.execute(change.returning(api_keys.c.workspace_id)).scalar_one_or_none()
            if workspace_id is None:
                return False
            append_audit(connection, audit)
            append_event(connection, workspace_id, "key", key_id)
            return True

    def revoke(self, key_id: str, at_ns: int, audit: AuditRecord | None) -> bool:
        """See `KeyStore.revoke`."""
        with writing(self._engine) as connection:
            change = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_ns.is_(None)).values(revoked_ns=at_ns)
            workspace_id = connection.execute(change.returning(api_keys.c.workspace_id)).scalar_one_or_none()
            if workspace_id is None:
                return False
            append_audit(connection, audit)
            append_event(connection, workspace_id, "key", key_id)
            return True

    def revoke_scope(self, workspace_id: str, scope: str, at_ns: int) -> int:
        """See `KeyStore.revoke_scope`."""
        with writing(self._engine) as connection:
            return revoke_scope(connection, workspace_id, scope, at_ns)

    def scopes(self, prefix: str) -> list[tuple[str, str]]:
        """See `KeyStore.scopes`."""
        held = api_keys.c.scope.startswith(prefix, autoescape=True), api_keys.c.revoked_ns.is_(None)
        query = select(api_keys.c.workspace_id, api_keys.c.scope).where(*held).distinct()
        with reading(self._engine) as connection:
            return [(row.workspace_id, row.scope) for row in connection.execute(query)]

    def replace(self, key: KeyRecord, secret_hash: str, audit: AuditRecord) -> None:
        """See `KeyStore.replace`."""
        with writing(self._engine) as connection:
            lock_workspace(connection, key.workspace_id)
            which = (*_of_scope(key.workspace_id, key.scope), api_keys.c.name == key.name)
            _revoke(connection, key.workspace_id, *which, at_ns=key.created_ns)
            _insert(connection, key, secret_hash)
            append_audit(connection, audit)

    def of_scope(self, workspace_id: str, scope: str) -> list[KeyRecord]:
        """See `KeyStore.of_scope`."""
        query = select(*_COLUMNS).where(*_of_scope(workspace_id, scope)).order_by(api_keys.c.name, api_keys.c.created_ns.desc())
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def forget_expired(self, workspace_id: str, scope: str, before_ns: int) -> None:
        """See `KeyStore.forget_expired`."""
        mine = (api_keys.c.workspace_id == workspace_id, api_keys.c.scope == scope)
        with writing(self._engine) as connection:
            connection.execute(delete(api_keys).where(*mine, api_keys.c.expires_ns < before_ns))

    def used(self, key_id: str, at_ns: int) -> None:
        """See `KeyStore.used`."""
        with writing(self._engine) as connection:
            connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_ns=at_ns))


def revoke_scope(connection: Connection, workspace_id: str, scope: str, at_ns: int) -> int:
    """Revoke all keys of a scope that is not empty, append their events, and return how many there were."""
    return _revoke(connection, workspace_id, *_of_scope(workspace_id, scope), at_ns=at_ns)


def _revoke(connection: Connection, workspace_id: str, *which: ColumnElement[bool], at_ns: int) -> int:
    ids = list(connection.execute(update(api_keys).where(*which).values(revoked_ns=at_ns).returning(api_keys.c.id)).scalars())
    for key_id in ids:
        append_event(connection, workspace_id, "key", key_id)
    return len(ids)


def _of_scope(workspace_id: str, scope: str) -> tuple[ColumnElement[bool], ...]:
    if not scope:
        raise ValueError("an empty scope names the keys of people")
    return api_keys.c.workspace_id == workspace_id, api_keys.c.scope == scope, api_keys.c.revoked_ns.is_(None)


def _insert(connection: Connection, key: KeyRecord, secret_hash: str) -> None:
    connection.execute(
        insert(api_keys).values(
            id=key.id,
            workspace_id=key.workspace_id,
            name=key.name,
            role=key.role,
            scope=key.scope,
            prefix=key.prefix,
            hash=secret_hash,
            created_ns=key.created_ns,
            created_by=key.created_by,
            expires_ns=key.expires_ns,
            limits=_written(key.limits),
            acts_for=key.acts_for,
        )
    )


def _written(limits: Limits) -> str:
    return to_json(asdict(limits)).decode()


def _record(row: RowMapping) -> KeyRecord:
    fields: dict[str, Any] = {**row, "limits": decode(row["limits"], Limits)}
    return KeyRecord(**fields)


def _named(workspace_id: str, name: str) -> Select[Any]:
    return select(*_COLUMNS).where(
        api_keys.c.workspace_id == workspace_id, api_keys.c.name == name, api_keys.c.scope == "", api_keys.c.revoked_ns.is_(None)
    )
