"""How questions reach DuckDB: one thread, reading only the segments of the workspace that asks, and the tail."""

import logging
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
import msgspec

from flowyard.storage.telemetry import statements
from flowyard.storage.telemetry.digests import Digests
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.segments import TraceIndexes, read_segment
from flowyard.storage.telemetry.sharing import Sharing
from flowyard.storage.telemetry.tail import Tail
from flowyard.tracing.signals import Signal

logger = logging.getLogger(__name__)

_MEMORY = "1GB"

Row = tuple[Any, ...]


class Source(msgspec.Struct, frozen=True):
    """Where to look: the tail as it was, and the segments that counted after it was taken, the latest first.

    `scores`: where those are, for a question that asks for them; `again`: what else it looks up, as the table ``again``.
    """

    tail: Table
    segments: list[Segment]
    scores: "Source | None" = None
    again: Table | None = None

    def only(self, segments: list[Segment]) -> "Source":
        """Return the same tail with other segments."""
        return Source(self.tail, segments, self.scores, self.again)


class Reader:
    """Runs queries over one installation's segments and tail. Safe to use from many threads."""

    def __init__(self, manifest: Manifest, tail: Tail, files: SegmentFiles) -> None:
        self._manifest = manifest
        self._tail = tail
        self.files = files
        self.indexes = TraceIndexes(files)
        self.digests = Digests(files)
        self.sharing = Sharing(self.indexes, self.digests)
        self._lock = Lock()
        # Named in the log when it was noticed; asked again after the next start.
        self._lost: set[str] = set()
        self._database: duckdb.DuckDBPyConnection | None = None

    def source(self, workspace_id: str, since_ns: int | None = None, until_ns: int | None = None, signal: Signal = "spans") -> Source:
        """Return where a workspace's rows of a period are."""
        # The tail first: what is rolled between the two lines is seen twice then, and never missed.
        tail = self._tail.of(workspace_id, signal)
        segments = self._manifest.segments(workspace_id, since_ns, until_ns, signal)
        return Source(tail, [segment for segment in segments if segment.id not in self._lost] if self._lost else segments)

    def close(self) -> None:
        """Let the database go; a later question opens it again."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None

    def fetch(self, source: Source, query: str, parameters: statements.Parameters) -> list[Row]:
        """Return the rows of a query over ``spans``; a segment that is missing or damaged is named in the log and left out."""
        return self.run(source, query, parameters)[1]

    def run(self, source: Source, query: str, parameters: statements.Parameters) -> tuple[list[str], list[Row]]:
        """Return the names of the columns, and the rows, as `fetch`."""
        try:
            return self._execute(source, query, parameters)
        except duckdb.Error as error:
            damaged = [segment for segment in source.segments if not self._is_sound(segment)]
            if not damaged:
                raise
            lost = [segment for segment in damaged if not (self.files.renew(segment) and self._is_sound(segment))]
            if lost:
                self._lost.update(segment.id for segment in lost)
                paths = ", ".join(sorted(segment.path for segment in lost))
                logger.error("Segments are missing or damaged, the others answer: %s (%s)", paths, error)  # noqa: TRY400 (data, not code)
            return self._execute(source.only([segment for segment in source.segments if segment not in lost]), query, parameters)

    def over(self, given: Table, query: str, parameters: statements.Parameters) -> list[Row]:
        """Return the rows of a query over a table that is called ``given``."""
        with self._cursor() as cursor:
            cursor.register("given", given)
            return cursor.execute(query, parameters).fetchall()

    def _execute(self, source: Source, query: str, parameters: statements.Parameters) -> tuple[list[str], list[Row]]:
        with self._cursor() as cursor:
            cursor.register("tail", source.tail)
            relations = statements.relation("spans", self._files(source.segments), "tail")
            if source.again is not None:
                cursor.register("again", source.again)
            if source.scores is not None:
                cursor.register("score_tail", source.scores.tail)
                relations += ", " + statements.relation("scores", self._files(source.scores.segments), "score_tail")
            cursor.execute(f"WITH {relations} {query}", parameters)
            names = [str(column[0]) for column in cursor.description or ()]
            return names, cursor.fetchall()

    def _files(self, segments: Iterable[Segment]) -> list[str]:
        segments = list(segments)
        self.files.fetch(segments)
        return [str(self.files.folder / segment.path) for segment in segments]

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._database is None:
                self._database = _open(self.files.folder)
            return self._database.cursor()

    def _is_sound(self, segment: Segment) -> bool:
        try:
            read_segment(self.files, segment)
        except (OSError, ValueError):
            return False
        return True


def _open(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that can read files of `folder` and nothing else."""
    database = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": _MEMORY})
    quoted = str(folder).replace("'", "''")
    database.execute(f"SET allowed_directories = ['{quoted}']")
    for name in ("enable_external_access", "autoinstall_known_extensions", "autoload_known_extensions", "preserve_insertion_order"):
        database.execute(f"SET {name} = false")
    database.execute("SET parquet_metadata_cache = true")
    database.execute("SET lock_configuration = true")
    return database
