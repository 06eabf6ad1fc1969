"""What the gateway knows: keys, sessions, connections, endpoints. In memory, kept current by the event log."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

from flowyard.connections.model import LOCAL, ResolvedConnection
from flowyard.endpoints.gateway.ports import DirectorySource, EndpointRoute, KeyEntry, SessionEntry
from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.identity.limits import NO_LIMITS
from flowyard.wire.limits import Limits

log = logging.getLogger(__name__)
T = TypeVar("T")

_UNKNOWN_FOR_S = 5.0
_SESSION_FOR_S = 30.0
_KEY_FOR_S = 60.0
# Names that are not there are asked for again and again by somebody: the database hears of it so often at most.
_REFRESH_S = 0.1
_REMEMBERED = 10_000


class Directory:
    """A snapshot that answers without waiting, and a thread that follows the event log.

    Connections and endpoints are loaded at start and replaced as a whole, so a reader on another thread sees the old or the new,
    never half of it. Keys and sessions are looked up at first use and forgotten when the log says that they changed.

    Args:
        source: where it is read from.
        period_s: how often the event log is asked.
    """

    def __init__(self, source: DirectorySource, *, period_s: float = 0.2) -> None:
        self._source = source
        self._period_s = period_s
        self._keys: dict[str, KeyEntry] = {}
        self._due: dict[str, float] = {}
        self._unknown: dict[str, float] = {}
        self._sessions: dict[str, tuple[float, SessionEntry | None]] = {}
        self._connections: dict[str, dict[str, ResolvedConnection]] = {}
        self._endpoints: dict[str, dict[str, EndpointRoute]] = {}
        self._routes: dict[str, dict[str, RouteRecord]] = {}
        self._limits: dict[str, Limits] = {}
        self._refreshed: dict[tuple[str, str], float] = {}
        self._position = 0
        self._writing = threading.RLock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="directory", daemon=True)

    def start(self) -> None:
        """Load everything and begin to follow. Raises what the source raises."""
        self._position = self._source.position()
        self._load_connections(None)
        self._load_endpoints(None)
        self._load_routes(None)
        self._limits = dict(self._source.limits())
        self._thread.start()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def known_key(self, digest: str) -> KeyEntry | None:
        """Return a key that is in memory; None says nothing about whether it exists: ask `find_key`."""
        return self._keys.get(digest)

    def is_due(self, digest: str) -> bool:
        """Whether a known key should be looked up again, by whoever asks first: it notes when a key was used last."""
        now = time.monotonic()
        if self._due.get(digest, now) > now:
            return False
        self._due[digest] = now + _KEY_FOR_S
        return True

    def is_unknown(self, digest: str) -> bool:
        """Whether this key was looked up within the last seconds and was not there."""
        until = self._unknown.get(digest)
        return until is not None and until > time.monotonic()

    def find_key(self, digest: str) -> KeyEntry | None:
        """Look a key up in the source (blocks) and remember the answer: a fresh key works at once."""
        # Within the lock, so that a revocation that is read meanwhile is not overwritten by what was read before it.
        with self._writing:
            found = self._source.key(digest)
            if found is None:
                self._keys.pop(digest, None)
                if len(self._unknown) >= _REMEMBERED:
                    self._unknown.clear()
                self._unknown[digest] = time.monotonic() + _UNKNOWN_FOR_S
            else:
                if len(self._keys) >= _REMEMBERED:
                    self._keys, self._due = {}, {}
                self._keys[digest] = found
                self._due[digest] = time.monotonic() + _KEY_FOR_S
        return found

    def renew_key(self, digest: str) -> None:
        """Look a known key up again (blocks). While the source does not answer, what is known stays."""
        try:
            self.find_key(digest)
        except Exception:
            log.exception("A key could not be looked up again")

    def known_session(self, digest: str) -> tuple[bool, SessionEntry | None]:
        """Return whether memory has an answer for this session, and the answer."""
        held = self._sessions.get(digest)
        if held is None or held[0] < time.monotonic():
            return False, None
        return True, held[1]

    def find_session(self, digest: str) -> SessionEntry | None:
        """Look a session up in the source (blocks) and remember the answer for a while."""
        with self._writing:
            found = self._source.session(digest)
            if len(self._sessions) >= _REMEMBERED:
                self._sessions.clear()
            self._sessions[digest] = (time.monotonic() + (_SESSION_FOR_S if found else _UNKNOWN_FOR_S), found)
        return found

    def connection(self, workspace_id: str, name: str) -> ResolvedConnection | None:
        """Return a connection of the workspace; the built-in one where it has prices."""
        return self._connections.get(workspace_id, {}).get(name)

    def connections(self, workspace_id: str) -> Iterable[ResolvedConnection]:
        """Return the workspace's connections, without the built-in one."""
        return [entry for entry in self._connections.get(workspace_id, {}).values() if entry.name != LOCAL]

    def route(self, workspace_id: str, name: str) -> RouteRecord | None:
        """Return a route of the workspace."""
        return self._routes.get(workspace_id, {}).get(name)

    def routes(self, workspace_id: str) -> Iterable[RouteRecord]:
        """Return the workspace's routes."""
        return self._routes.get(workspace_id, {}).values()

    def limits(self, workspace_id: str) -> Limits:
        """Return the limits of a workspace as a whole."""
        return self._limits.get(workspace_id, NO_LIMITS)

    def endpoint(self, workspace_id: str, name: str) -> EndpointRoute | None:
        """Return an endpoint of the workspace."""
        return self._endpoints.get(workspace_id, {}).get(name)

    def endpoints(self, workspace_id: str) -> Iterable[EndpointRoute]:
        """Return the workspace's endpoints."""
        return self._endpoints.get(workspace_id, {}).values()

    def all_endpoints(self) -> Iterable[EndpointRoute]:
        """Return the endpoints of all workspaces."""
        return [endpoint for held in self._endpoints.values() for endpoint in held.values()]

    def refresh_endpoints(self, workspace_id: str) -> None:
        """Read the workspace's endpoints now (blocks), unless that was done a moment ago."""
        self._refresh("endpoint", workspace_id)

    def refresh_connections(self, workspace_id: str) -> None:
        """Read the workspace's connections now (blocks), unless that was done a moment ago."""
        self._refresh("connection", workspace_id)

    def _refresh(self, kind: str, workspace_id: str) -> None:
        with self._writing:
            now = time.monotonic()
            if self._refreshed.get((kind, workspace_id), 0.0) < now - _REFRESH_S:
                self._refreshed[kind, workspace_id] = now
                self._reload(kind, workspace_id)

    def _load_connections(self, workspace_id: str | None) -> None:
        found = self._source.connections(workspace_id)
        self._connections = _replaced(self._connections, workspace_id, found, lambda entry: (entry.workspace_id, entry.name))

    def _load_routes(self, workspace_id: str | None) -> None:
        found = self._source.routes(workspace_id)
        self._routes = _replaced(self._routes, workspace_id, found, lambda entry: (entry.workspace_id, entry.name))

    def _load_endpoints(self, workspace_id: str | None) -> None:
        found = self._source.endpoints(workspace_id)
        self._endpoints = _replaced(self._endpoints, workspace_id, found, lambda entry: (entry.workspace_id, entry.name))

    def _follow(self) -> None:
        failing = False
        while not self._stop.wait(self._period_s):
            try:
                self._catch_up()
            except Exception:
                # The last snapshot keeps serving: a database that is away for a moment must not stop the data plane.
                if not failing:
                    log.exception("The event log cannot be read; going on with what is known")
                failing = True
            else:
                if failing:
                    log.warning("The event log can be read again")
                failing = False

    def _catch_up(self) -> None:
        events = self._source.events(self._position)
        for event in events:
            if event.kind == "key":
                self._forget_key(event.key)
            elif event.kind == "session":
                self._sessions.pop(event.key, None)
        for kind, workspace_id in dict.fromkeys((event.kind, event.workspace_id) for event in events):
            self._reload(kind, workspace_id)
        if events:
            self._position = events[-1].sequence

    def _forget_key(self, key_id: str) -> None:
        with self._writing:
            self._keys = {digest: key for digest, key in self._keys.items() if key.id != key_id}
            self._unknown.clear()
            self._sessions.clear()

    def _reload(self, kind: str, workspace_id: str) -> None:
        with self._writing:
            if kind == "user":
                self._sessions.clear()
            elif kind == "connection":
                self._load_connections(workspace_id)
            elif kind == "endpoint":
                self._load_endpoints(workspace_id)
            elif kind == "route":
                self._load_routes(workspace_id)
            elif kind == "limits":
                self._limits = {**self._limits, **self._source.limits(workspace_id)}


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a secret in hex: how keys and sessions are stored and found."""
    return sha256(secret.encode()).hexdigest()


def _replaced(
    held: dict[str, dict[str, T]], workspace_id: str | None, found: Iterable[T], place: Callable[[T], tuple[str, str]]
) -> dict[str, dict[str, T]]:
    fresh: dict[str, dict[str, T]] = defaultdict(dict)
    for entry in found:
        workspace, name = place(entry)
        fresh[workspace][name] = entry
    if workspace_id is None:
        return dict(fresh)
    return {**held, workspace_id: fresh.get(workspace_id, {})}
