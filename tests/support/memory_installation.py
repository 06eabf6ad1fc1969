"""An installation in memory for the gateway's tests: what its ports read, and servers in threads."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import uvicorn
import uvloop

from flowyard.catalog.errors import ModelNotPulledError, ModelUnknownError
from flowyard.catalog.service import LocalEngine
from flowyard.compute.model import ProcessSpec, ProcessStatus
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.gateway.directory import digest_of
from flowyard.endpoints.gateway.ports import (
    DirectoryEvent,
    EndpointRoute,
    KeyEntry,
    SessionEntry,
)
from flowyard.endpoints.local_models import LocalModel
from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.foundation.codecs import convert
from flowyard.identity.limits import NO_LIMITS
from flowyard.wire.identity import Role
from flowyard.wire.limits import Limits
from flowyard.wire.routes import RouteSpec


class MemorySource:
    """A directory source that tests change; every change appends its event."""

    def __init__(self) -> None:
        self.log: list[DirectoryEvent] = []
        self.held_keys: dict[str, KeyEntry] = {}
        self.sessions: dict[str, SessionEntry] = {}
        self.held_connections: dict[tuple[str, str], ResolvedConnection] = {}
        self.held_endpoints: dict[tuple[str, str], EndpointRoute] = {}
        self.held_limits: dict[str, Limits] = {}
        self.held_routes: dict[tuple[str, str], RouteRecord] = {}
        self.key_lookups = 0
        self.broken = False

    def append(self, workspace_id: str, kind: str, key: str) -> None:
        self.log.append(DirectoryEvent(sequence=len(self.log) + 1, workspace_id=workspace_id, kind=kind, key=key))

    def add_key(
        self,
        secret: str,
        role: Role = "invoker",
        *,
        workspace: str = "w1",
        scope: str = "",
        expires_ns: int = 0,
        limits: Limits = NO_LIMITS,
    ) -> None:
        entry = KeyEntry(
            id=f"id-{secret}",
            digest=digest_of(secret),
            workspace_id=workspace,
            name=secret,
            role=role,
            scope=scope,
            expires_ns=expires_ns,
            limits=limits,
        )
        self.held_keys[entry.digest] = entry

    def revoke_key(self, secret: str) -> None:
        entry = self.held_keys.pop(digest_of(secret))
        self.append(entry.workspace_id, "key", entry.id)

    def set_limits(self, limits: Limits, *, key: str | None = None, workspace: str = "w1") -> None:
        """Change the limits of a key, or of the workspace."""
        if key is None:
            self.held_limits[workspace] = limits
            self.append(workspace, "limits", "")
            return
        entry = replace(self.held_keys[digest_of(key)], limits=limits)
        self.held_keys[entry.digest] = entry
        self.append(workspace, "key", entry.id)

    def put_connection(
        self, name: str, kind: str, configs: dict[str, str], secrets: dict[str, str] | None = None, workspace: str = "w1"
    ) -> None:
        entry = ResolvedConnection(workspace_id=workspace, name=name, type=kind, configs=configs, secrets=secrets or {})
        self.held_connections[workspace, name] = entry
        self.append(workspace, "connection", name)

    def put_endpoint(self, endpoint: EndpointRoute) -> None:
        self.held_endpoints[endpoint.workspace_id, endpoint.name] = endpoint
        self.append(endpoint.workspace_id, "endpoint", endpoint.name)

    def position(self) -> int:
        return len(self.log)

    def events(self, after: int) -> Sequence[DirectoryEvent]:
        if self.broken:
            raise ConnectionError("the database is away")
        return self.log[after:]

    def key(self, digest: str) -> KeyEntry | None:
        self.key_lookups += 1
        return self.held_keys.get(digest)

    def session(self, digest: str) -> SessionEntry | None:
        return self.sessions.get(digest)

    def put_route(self, name: str, workspace: str = "w1", **spec: Any) -> None:
        """Make or change a route; `spec` as its YAML has it."""
        record = RouteRecord(workspace_id=workspace, name=name, spec=convert(spec, RouteSpec), created_ns=1, updated_ns=len(self.log) + 1)
        self.held_routes[workspace, name] = record
        self.append(workspace, "route", name)

    def routes(self, workspace_id: str | None = None) -> Sequence[RouteRecord]:
        return [record for record in self.held_routes.values() if workspace_id in {None, record.workspace_id}]

    def limits(self, workspace_id: str | None = None) -> Mapping[str, Limits]:
        return {name: limits for name, limits in self.held_limits.items() if workspace_id in {None, name}}

    def connections(self, workspace_id: str | None = None) -> Sequence[ResolvedConnection]:
        return [entry for entry in self.held_connections.values() if workspace_id in {None, entry.workspace_id}]

    def endpoints(self, workspace_id: str | None = None) -> Sequence[EndpointRoute]:
        return [entry for entry in self.held_endpoints.values() if workspace_id in {None, entry.workspace_id}]


class MemoryHost:
    """A process host whose processes are addresses that tests set."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.ensured: list[str] = []
        self.delay_s = 0.0
        self.error: Exception | None = None
        self.statuses: list[ProcessStatus] = []

    def ensure(self, spec: ProcessSpec, *, wait_s: float | None = None) -> ProcessStatus:
        time.sleep(self.delay_s)
        self.ensured.append(spec.name)
        if self.error is not None:
            raise self.error
        address = self.addresses[min(len(self.ensured), len(self.addresses)) - 1]
        return ProcessStatus(name=spec.name, state="ready", digest="d", address=address)

    def get(self, name: str) -> ProcessStatus | None:
        return self.statuses.pop(0) if self.statuses else None

    def find(self, prefix: str = "") -> list[ProcessStatus]:
        return []

    def touch(self, name: str) -> bool:
        return True

    def stop(self, name: str) -> None:
        return None

    def logs(self, name: str, *, tail: int = 200) -> list[str]:
        return []


class MemoryCatalog:
    """A catalog with one model that is here and one that is not."""

    def engine(self, name: str) -> LocalEngine:
        if name == "small":
            return LocalEngine(process=ProcessSpec(name="engine/small", module="nothing"), key="engine-key", slots=2)
        if name == "absent":
            raise ModelNotPulledError("The model 'absent' is not on this machine.", remedy="Run: flowyard model pull absent")
        raise ModelUnknownError(f"There is no model {name!r}.", remedy="GET /v1/models lists what there is.")

    def ready(self) -> Sequence[LocalModel]:
        return [LocalModel(name="small", publisher="tests", created=1_700_000_000)]


class Served:
    """An ASGI application on a port of its own, in a thread."""

    def __init__(self, make: Callable[[], Any], *, lifespan: str = "on") -> None:
        self._make = make
        self._lifespan = lifespan
        self._listener = socket.create_server(("127.0.0.1", 0))
        host, port = self._listener.getsockname()
        self.address = f"{host}:{port}"
        self.url = f"http://{self.address}"
        self._server: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Served":
        self._thread.start()
        for _ in range(500):
            if self._server is not None and self._server.started:
                return self
            time.sleep(0.01)
        raise RuntimeError("the server did not start")

    def __exit__(self, *reason: object) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._loop = None
        self._thread.join(timeout=10)

    def drop_connections(self) -> None:
        """Break every open connection off."""
        for connection in list(self._server.server_state.connections):
            self._loop.call_soon_threadsafe(connection.transport.abort)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        # What uvicorn's own `serve` does, without its pauses of a tenth of a second.
        config = uvicorn.Config(self._make(), log_config=None, access_log=False, lifespan=self._lifespan, proxy_headers=False, ws="none")
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await server.startup(sockets=[self._listener])
        self._server = server
        await self._stop.wait()
        for listening in server.servers:
            listening.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        for _ in range(100):
            if not server.server_state.tasks:
                break
            await asyncio.sleep(0.01)
        await server.lifespan.shutdown()
