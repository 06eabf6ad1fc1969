"""The node cache's file: results of nodes by key, in one SQLite file that several processes share.

A cache that is locked, full or damaged is no reason for a line to fail: it answers "not there", keeps nothing, and says so in the log.
"""

import hashlib
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

from flowyard.connections.prices import PRICES
from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.foundation.clock import NANOSECONDS
from flowyard.foundation.settings import Settings

logger = logging.getLogger(__name__)

#: The bytes that a cache keeps, and for how long (ns), unless told otherwise.
BYTES_LIMIT = 1024**3
AGE_LIMIT_NS = 30 * 24 * 3600 * NANOSECONDS

#: Where the cache is below a home folder; those of a workspace's flow processes are in a folder of that workspace beside it.
CACHE_FOLDER, CACHE_FILE = "cache", "nodes.db"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    key BLOB PRIMARY KEY, flow TEXT NOT NULL, node TEXT NOT NULL, body TEXT NOT NULL, bytes INTEGER NOT NULL,
    created_ns INTEGER NOT NULL, used_ns INTEGER NOT NULL, saved_tokens INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_use ON entries (used_ns, bytes);
"""
_BUSY_S = 0.1
#: So long nobody tries again after the file was locked or full, and after it was found damaged.
_REST_S, _LONG_REST_S = 1.0, 60.0
#: An entry's last use is written at most this often.
_USE_NS = 60 * NANOSECONDS
#: What a row costs besides its body, roughly.
_ROW_BYTES = 200


class ConnectionFacts(Protocol):
    """What identifies a connection."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def type(self) -> str:
        """Its type."""
        ...

    @property
    def configs(self) -> Mapping[str, str]:
        """Its values that are no secret."""
        ...


def cache_file(home: Path, workspace_id: str | None = None) -> Path:
    """Return the cache file of a home folder, or of one workspace's flow processes in it: what one workspace keeps, no other reads."""
    folder = home / CACHE_FOLDER
    return (folder / workspace_id if workspace_id else folder) / CACHE_FILE


def cache_spec(settings: Settings, workspace_id: str, connections: Iterable[ConnectionFacts]) -> CacheSpec:
    """Return the cache of a workspace's flow processes; `connections` are the workspace's."""
    return CacheSpec(
        path=str(cache_file(settings.home, workspace_id)),
        mib=settings.cache_mib,
        days=settings.cache_days,
        connections={each.name: connection_identity(each.type, each.configs) for each in connections},
    )


def connection_identity(kind: str, configs: Mapping[str, Any]) -> str:
    """Return what identifies a connection of that name: 64 hex digits of its type and configs, of no secret and no price."""
    return hashlib.sha256(
        json.dumps([kind, sorted((key, value) for key, value in configs.items() if key != PRICES)], default=str).encode(
            "utf-8", "surrogatepass"
        )
    ).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a node gave. `pieces` are those of a generator, None where it was none; values are JSON. `seconds` is what the call took."""

    value: Any = None
    pieces: list[Any] | None = None
    model: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    logs: str = ""
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedNode:
    """What a cache keeps of one node: how many results, their bytes, the tokens that one use of each saves, and the last use (UTC ns)."""

    flow: str
    node: str
    entries: int
    bytes: int
    tokens: int
    used_ns: int


class NodeCache:
    """Results of nodes in the SQLite file at `path`, made at first use. Safe to use from many threads and processes.

    Args:
        path: the file.
        bytes_limit: beyond it the results go that were not used for longest; the file may be a sixteenth larger for a while.
        age_limit_ns: a result that is older is not used.
        clock: gives UTC nanoseconds.
        connections: by name, what identifies connections that this process does not know itself.
    """

    def __init__(
        self,
        path: Path,
        *,
        bytes_limit: int = BYTES_LIMIT,
        age_limit_ns: int = AGE_LIMIT_NS,
        clock: Callable[[], int] = time.time_ns,
        connections: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path
        self.connections = dict(connections or {})
        self._bytes_limit = bytes_limit
        self._slack = max(bytes_limit // 16, 1)
        self._age_limit_ns = age_limit_ns
        self._clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._written = self._slack
        self._resting_until = 0.0
        self._said_until = 0.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the cache of a home folder, as large and for as long as its settings say."""
        return cls.at(CacheSpec(path=str(cache_file(settings.home)), mib=settings.cache_mib, days=settings.cache_days))

    @classmethod
    def at(cls, spec: CacheSpec) -> Self:
        """Return the cache that `spec` tells of."""
        age_ns = spec.days * 24 * 3600 * NANOSECONDS
        return cls(Path(spec.path), bytes_limit=spec.mib * 1024**2, age_limit_ns=age_ns, connections=spec.connections)

    def get(self, key: str) -> Kept | None:
        """Return what is kept under `key` (hex digits), or None."""
        found = self._safely(lambda connection: self._read(connection, bytes.fromhex(key)))
        if found is None:
            return None
        try:
            return Kept(**json.loads(found))
        except (TypeError, ValueError) as error:
            self._complain(f"an entry cannot be read: {error}")
            return None

    def put(self, key: str, flow: str, node: str, kept: Kept) -> bool:
        """Keep a result and return whether it was kept: not when it alone takes more than a sixteenth of the cache."""
        body = json.dumps(asdict(kept), separators=(",", ":"))  # ASCII: lone surrogates too
        size = len(body) + _ROW_BYTES
        if size > self._slack:
            return False
        now = self._clock()
        tokens = (kept.prompt_tokens or 0) + (kept.completion_tokens or 0)
        row = (bytes.fromhex(key), flow, node, body, size, now, now, tokens)
        return bool(self._safely(lambda connection: self._write(connection, row)))

    def nodes(self) -> list[CachedNode]:
        """Return what is kept, by flow and node.

        Raises:
            sqlite3.Error: the file is no cache, or damaged.
        """
        if not self.path.is_file():
            return []
        with closing(self._open()) as connection:
            rows = connection.execute(
                "SELECT flow, node, count(*), sum(bytes), sum(saved_tokens), max(used_ns) FROM entries GROUP BY flow, node ORDER BY 1, 2"
            ).fetchall()
        return [CachedNode(flow=row[0], node=row[1], entries=row[2], bytes=row[3], tokens=row[4], used_ns=row[5]) for row in rows]

    def clear(self, *, flow: str | None = None) -> None:
        """Forget the results of `flow`, or all of them; a damaged file goes.

        Raises:
            sqlite3.OperationalError: others write for too long.
        """
        if not self.path.is_file():
            return
        try:
            with closing(self._open()) as connection:
                if flow is not None:
                    connection.execute("DELETE FROM entries WHERE flow = ?", (flow,))
                else:
                    connection.execute("DELETE FROM entries")
                    connection.execute("VACUUM")
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self.close()
            for end in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + end).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            self._drop()

    def _read(self, connection: sqlite3.Connection, key: bytes) -> str | None:
        row = connection.execute("SELECT body, created_ns, used_ns FROM entries WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        body, created_ns, used_ns = row
        now = self._clock()
        if now - created_ns > self._age_limit_ns:
            return None
        if now - used_ns > _USE_NS:
            with suppress(sqlite3.OperationalError):  # somebody writes just now: it is found all the same
                connection.execute("UPDATE entries SET used_ns = ? WHERE key = ?", (now, key))
        return body

    def _write(self, connection: sqlite3.Connection, row: tuple[Any, ...]) -> bool:
        connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._written += row[4]
        if self._written > self._slack:
            self._written = 0
            self._evict(connection)
        return True

    def _evict(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM entries WHERE created_ns < ?", (self._clock() - self._age_limit_ns,))
        surplus = (connection.execute("SELECT sum(bytes) FROM entries").fetchone()[0] or 0) - self._bytes_limit
        if surplus <= 0:
            return
        gone: list[tuple[bytes]] = []
        for key, size in connection.execute("SELECT key, bytes FROM entries ORDER BY used_ns, created_ns"):
            if surplus <= 0:
                break
            gone.append((key,))
            surplus -= size
        connection.execute("BEGIN")
        connection.executemany("DELETE FROM entries WHERE key = ?", gone)
        connection.execute("COMMIT")

    def _safely(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what `work` gives; None, and a word in the log, when the file does not let it."""
        with self._lock:
            if time.monotonic() < self._resting_until:
                return None
            try:
                if self._connection is None or self._owner != os.getpid():
                    self._connection, self._owner = self._open(), os.getpid()
                return work(self._connection)
            except (sqlite3.Error, OSError) as error:
                passing = isinstance(error, sqlite3.OperationalError)
                self._resting_until = time.monotonic() + (_REST_S if passing else _LONG_REST_S)
                self._complain(str(error))
                self._drop()
                return None

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        self.path.chmod(0o600)
        return connection

    def _drop(self) -> None:
        if self._connection is not None and self._owner == os.getpid():
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _complain(self, reason: str) -> None:
        if time.monotonic() < self._said_until:
            return
        self._said_until = time.monotonic() + _LONG_REST_S
        logger.warning(
            "The node cache %s cannot be used (%s); nodes run without it. If it is damaged, run: flowyard cache clear", self.path, reason
        )
