"""The connections of workspaces: made, replaced, tested, resolved. Secrets go in and never come out of the API."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from flowyard.connections.errors import (
    BuiltInConnectionError,
    ConnectionExistsError,
    ConnectionInvalidError,
    ConnectionNotFoundError,
    MasterKeyError,
)
from flowyard.connections.kinds import KINDS, check_values
from flowyard.connections.model import KEEP, LOCAL, ConnectionRecord, ResolvedConnection
from flowyard.connections.naming import check_connection_name
from flowyard.connections.ports import ConnectionStore, ConnectionTester
from flowyard.connections.prices import PRICES
from flowyard.connections.redaction import Redactor
from flowyard.connections.sealing import Sealer
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import Location
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.connections import Connection, ConnectionTest, ConnectionWrite

logger = logging.getLogger(__name__)


class ConnectionService:
    """Connections by name."""

    def __init__(self, store: ConnectionStore, sealer: Sealer, tester: ConnectionTester, redactor: Redactor) -> None:
        self._store = store
        self._sealer = sealer
        self._tester = tester
        self._redactor = redactor

    def list(self, caller: Caller) -> tuple[Connection, ...]:
        """Return the workspace's connections by name, the built-in one first."""
        found = self._store.in_workspace(caller.workspace_id)
        local = next((record for record in found if record.name == LOCAL), None)
        return (_built_in(local), *(_shown(record) for record in found if record is not local))

    def get(self, caller: Caller, name: str) -> Connection:
        """Return one connection, without its secrets.

        Raises:
            ConnectionNotFoundError: there is none of this name.
        """
        if name == LOCAL:
            return _built_in(self._store.get(caller.workspace_id, LOCAL))
        return _shown(self._record(caller.workspace_id, name))

    def create(self, caller: Caller, request: ConnectionWrite) -> Connection:
        """Make a connection.

        Raises:
            ConnectionInvalidError: its name, keys or values are not valid.
            ConnectionExistsError: the name is taken.
            BuiltInConnectionError: it is called or typed ``local``.
        """
        if LOCAL in {request.name, request.type}:
            raise _is_built_in()
        if self._store.get(caller.workspace_id, request.name) is not None:
            raise ConnectionExistsError(
                f"There is a connection {request.name!r} already.", remedy=f"Change it with: flowyard connection update {request.name}"
            )
        record = self._checked(caller, request, None)
        self._store.add(record, audit_record(caller, "connection.create", f"connections/{record.name}", _noted(record)))
        return _shown(record)

    def replace(self, caller: Caller, name: str, request: ConnectionWrite) -> Connection:
        """Replace a connection, or make it. What is not given is gone; a secret given as ``******`` or ``<no-change>`` stays.

        Of ``local`` only its prices can be set.
        Secrets cannot stay when the address changes: whoever may edit a connection could have them sent to a place of their own.

        Raises:
            ConnectionInvalidError: its name, keys or values are not valid, or a secret cannot stay.
            BuiltInConnectionError: it is called or typed ``local``, and more than prices are given.
        """
        if request.name != name:
            raise ConnectionInvalidError(
                f"The address names the connection {name!r}, the body {request.name!r}.",
                remedy="Give the same name; a connection cannot be renamed.",
                location=Location(pointer="/name"),
            )
        record = self._checked(caller, request, self._store.get(caller.workspace_id, name))
        self._store.replace(record, audit_record(caller, "connection.update", f"connections/{name}", _noted(record)))
        return _built_in(record) if name == LOCAL else _shown(record)

    def delete(self, caller: Caller, name: str) -> None:
        """Delete a connection.

        Raises:
            ConnectionNotFoundError: there is none of this name.
            BuiltInConnectionError: it is ``local``.
        """
        if name == LOCAL:
            raise _is_built_in()
        if not self._store.delete(caller.workspace_id, name, audit_record(caller, "connection.delete", f"connections/{name}")):
            raise _not_found(name)

    def test(self, caller: Caller, name: str) -> ConnectionTest:
        """Make one real call through a connection.

        Raises:
            ConnectionNotFoundError: there is none of this name.
            MasterKeyError: its secrets cannot be decrypted.
        """
        result = self._tester.test(self.resolve(caller.workspace_id, name))
        return replace(result, detail=self._redactor.scrub(result.detail))

    def resolve(self, workspace_id: str, name: str) -> ResolvedConnection:
        """Return a connection with its secrets, for the platform's own processes.

        Raises:
            ConnectionNotFoundError: there is none of this name.
            MasterKeyError: its secrets cannot be decrypted.
        """
        if name == LOCAL:
            return ResolvedConnection(workspace_id=workspace_id, name=LOCAL, type="local")
        return self._resolved(self._record(workspace_id, name))

    def resolve_all(self, workspace_id: str | None = None, *, with_local: bool = False) -> Sequence[ResolvedConnection]:
        """Return the connections of a workspace, or of all workspaces, with their secrets.

        The built-in one is among them only `with_local`, and where a workspace has given it prices.
        One whose secrets cannot be decrypted is left out, and the log says so: it must not take the others with it.
        """
        found: list[ResolvedConnection] = []
        for record in self._store.in_workspace(workspace_id):
            if record.name == LOCAL and not with_local:
                continue
            try:
                found.append(self._resolved(record))
            except MasterKeyError as error:
                logger.error("connection %r is left out: %s", record.name, error)  # noqa: TRY400 - the reason is in the message
        return found

    def reseal(self) -> int:
        """Encrypt again, under the current master key, what an older one encrypted; returns how many connections there were."""
        old = [record for record in self._store.in_workspace(None) if self._sealer.outdated(record.sealed)]
        for record in old:
            place = _place(record.workspace_id, record.name)
            self._store.reseal(replace(record, sealed=self._sealer.seal(self._sealer.open(record.sealed, place), place)))
        return len(old)

    def _checked(self, caller: Caller, request: ConnectionWrite, present: ConnectionRecord | None) -> ConnectionRecord:
        check_connection_name(request.name)
        if LOCAL in {request.name, request.type} and not _only_prices(request):
            raise _is_built_in()
        check_values(request)
        secrets = self._merged(request, present)
        now = now_ns()
        self._redactor.register(secrets.values())
        return ConnectionRecord(
            id=present.id if present else new_id(),
            workspace_id=caller.workspace_id,
            name=request.name,
            type=request.type,
            configs=request.configs,
            secret_names=tuple(sorted(secrets)),
            sealed=self._sealer.seal(to_json(secrets), _place(caller.workspace_id, request.name)),
            created_ns=present.created_ns if present else now,
            updated_ns=now,
        )

    def _merged(self, request: ConnectionWrite, present: ConnectionRecord | None) -> dict[str, str]:
        kept = [key for key, value in request.secrets.items() if value in KEEP]
        if not kept:
            return dict(request.secrets)
        old = self._resolved(present).secrets if present else {}
        for key in kept:
            if key not in old:
                raise ConnectionInvalidError(
                    f"The secret {key!r} has no present value to keep.",
                    remedy="Give its value.",
                    location=Location(pointer=f"/secrets/{key}"),
                )
        if present is not None and (present.type != request.type or _moved(present, request)):
            raise ConnectionInvalidError(
                f"The address of {request.name!r} changes, so the secret {kept[0]!r} has to be given again.",
                remedy="Give the secret's value together with the new address.",
                location=Location(pointer=f"/secrets/{kept[0]}"),
            )
        return {key: old[key] if value in KEEP else value for key, value in request.secrets.items()}

    def _record(self, workspace_id: str, name: str) -> ConnectionRecord:
        record = self._store.get(workspace_id, name)
        if record is None:
            raise _not_found(name)
        return record

    def _resolved(self, record: ConnectionRecord) -> ResolvedConnection:
        text = self._sealer.open(record.sealed, _place(record.workspace_id, record.name))
        secrets = decode(text, dict[str, str])
        self._redactor.register(secrets.values())
        return ResolvedConnection(
            workspace_id=record.workspace_id, name=record.name, type=record.type, configs=record.configs, secrets=secrets
        )


def _moved(present: ConnectionRecord, request: ConnectionWrite) -> bool:
    return any(present.configs.get(key) != request.configs.get(key) for key in KINDS[request.type].addresses)


def _place(workspace_id: str, name: str) -> str:
    return f"{workspace_id}/{name}"


def _noted(record: ConnectionRecord) -> dict[str, object]:
    return {"type": record.type, "configs": sorted(record.configs), "secrets": list(record.secret_names)}


def _shown(record: ConnectionRecord) -> Connection:
    return Connection(
        name=record.name,
        type=record.type,
        configs=record.configs,
        secrets=record.secret_names,
        created_at=to_rfc3339(record.created_ns),
        updated_at=to_rfc3339(record.updated_ns),
    )


def _only_prices(request: ConnectionWrite) -> bool:
    return request.name == request.type == LOCAL and not request.secrets and set(request.configs) <= {PRICES}


def _built_in(prices: ConnectionRecord | None) -> Connection:
    configs, changed_ns = ({}, 0) if prices is None else (prices.configs, prices.updated_ns)
    return Connection(
        name=LOCAL, type="local", configs=configs, secrets=(), created_at=to_rfc3339(0), updated_at=to_rfc3339(changed_ns), built_in=True
    )


def _is_built_in() -> BuiltInConnectionError:
    return BuiltInConnectionError(
        "The connection 'local' leads to this installation's own models; it is always there, and only its prices can be changed.",
        remedy="Choose another name and type; or set prices: flowyard connection update local --set prices='{MODEL: {input: 1}}'",
    )


def _not_found(name: str) -> ConnectionNotFoundError:
    return ConnectionNotFoundError(
        f"There is no connection {name!r}.", remedy=f"Make it with: flowyard connection create --file FILE.yaml --name {name}"
    )
