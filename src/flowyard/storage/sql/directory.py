"""What gateways read: keys, sessions, connections, and where requests to endpoints go."""

import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy import Engine

from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.collecting.settings import captured_headers
from flowyard.endpoints.gateway.ports import DeploymentRoute, DirectoryEvent, EndpointRoute, KeyEntry, ReplicaRoute, SessionEntry
from flowyard.endpoints.online.model import DeploymentRecord, EndpointRecord
from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.foundation.clock import now_ns
from flowyard.foundation.errors import FlowyardError, UnauthenticatedError
from flowyard.identity.keys import KeyService
from flowyard.identity.sign_in import SignInService
from flowyard.storage.engine import reading
from flowyard.storage.sql.endpoints import read_endpoints
from flowyard.storage.sql.events import SqlEventLog
from flowyard.storage.sql.limits import SqlLimitStore
from flowyard.storage.sql.routes import SqlRouteStore
from flowyard.storage.sql.sessions import SqlSessionStore
from flowyard.wire.limits import Limits

log = logging.getLogger(__name__)

_EVENTS = 500


class Connections(Protocol):
    """Connections with their secrets."""

    def resolve_all(self, workspace_id: str | None = None, *, with_local: bool = False) -> Sequence[ResolvedConnection]:
        """Return the connections of a workspace, or of all."""
        ...


class SqlDirectory:
    """`endpoints.gateway.ports.DirectorySource` in SQL."""

    def __init__(self, engine: Engine, keys: KeyService, sign_in: SignInService, connections: Connections) -> None:
        self._engine = engine
        self._events = SqlEventLog(engine)
        self._sessions = SqlSessionStore(engine)
        self._keys = keys
        self._sign_in = sign_in
        self._connections = connections

    def position(self) -> int:
        """See `DirectorySource.position`."""
        return self._events.latest()

    def events(self, after: int) -> Sequence[DirectoryEvent]:
        """See `DirectorySource.events`."""
        return [
            DirectoryEvent(sequence=event.seq, workspace_id=event.workspace_id, kind=event.kind, key=event.key)
            for event in self._events.since(after, limit=_EVENTS)
        ]

    def key(self, digest: str) -> KeyEntry | None:
        """See `DirectorySource.key`."""
        record = self._keys.by_hash(digest)
        if record is None:
            return None
        self._keys.used(record)
        return KeyEntry(
            id=record.id,
            digest=digest,
            workspace_id=record.workspace_id,
            name=record.name,
            role=record.role,
            scope=record.scope,
            expires_ns=record.expires_ns or 0,
            limits=record.limits,
        )

    def session(self, digest: str) -> SessionEntry | None:
        """See `DirectorySource.session`."""
        record = self._sessions.by_hash(digest)
        if record is None or not record.active(now_ns()):
            return None
        try:
            principal = self._sign_in.by_session_hash(digest)
        except UnauthenticatedError:
            return None
        return SessionEntry(
            actor=principal.actor,
            expires_ns=record.expires_ns,
            roles={membership.workspace.id: membership.role for membership in principal.memberships},
            names={membership.workspace.id: membership.workspace.name for membership in principal.memberships},
        )

    def connections(self, workspace_id: str | None = None) -> Sequence[ResolvedConnection]:
        """See `DirectorySource.connections`. Where secrets cannot be decrypted there are none, and the log says why."""
        try:
            return self._connections.resolve_all(workspace_id, with_local=True)
        except FlowyardError:
            log.exception("The connections cannot be read; models of connections are not served")
            return []

    def limits(self, workspace_id: str | None = None) -> Mapping[str, Limits]:
        """See `DirectorySource.limits`."""
        return SqlLimitStore(self._engine).all(workspace_id)

    def routes(self, workspace_id: str | None = None) -> Sequence[RouteRecord]:
        """See `DirectorySource.routes`."""
        return SqlRouteStore(self._engine).all(workspace_id)

    def endpoints(self, workspace_id: str | None = None) -> Sequence[EndpointRoute]:
        """See `DirectorySource.endpoints`."""
        with reading(self._engine) as connection:
            return [_route(record) for record in read_endpoints(connection, workspace_id)]


def _route(record: EndpointRecord) -> EndpointRoute:
    return EndpointRoute(
        id=record.id,
        workspace_id=record.workspace_id,
        name=record.name,
        traffic=record.traffic,
        mirror_traffic=record.mirror_traffic,
        deployments={deployment.name: _deployment_route(deployment) for deployment in record.deployments},
    )


def _deployment_route(record: DeploymentRecord) -> DeploymentRoute:
    return DeploymentRoute(
        id=record.id,
        name=record.name,
        kind="model" if record.plan.model else "script" if record.plan.script else "flow",
        model=record.plan.model,
        flow=record.plan.flow,
        error=record.error,
        request=record.plan.settings.request,
        captured=captured_headers(record.plan.settings.data_collector),
        sample=record.sample,
        replicas=tuple(
            ReplicaRoute(name=replica.name, address=replica.address, token=replica.token)
            for replica in record.replicas
            if replica.revision == record.revision and replica.state == "ready" and replica.address is not None
        ),
    )
