"""How questions reach DuckDB: one thread, reading only the segments of the workspace that asks, and the tail."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import duckdb
import msgspec
import numpy as np

from flowyard.storage.telemetry import statements
from flowyard.storage.telemetry.columns import join_tables
from flowyard.storage.telemetry.digests import Digests
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.segments import Footers, TraceIndexes, TraceKeys, read_segment
from flowyard.storage.telemetry.sharing import Sharing
from flowyard.storage.telemetry.tail import Tail
from flowyard.tracing.signals import Signal

logger = logging.getLogger(__name__)

_MEMORY = "1GB"
#: Of a segment so many rows are read at most to find those of a few traces, with prompts and answers, and without.
FEW_ROWS, NARROW_ROWS = 60_000, 400_000

Row = tuple[Any, ...]


class Source(msgspec.Struct, frozen=True):
    """Where to look: the tail as it was, and the segments that counted after it was taken, the latest first.

    `scores`: where those are, for a question that asks for them; `given`: what else it looks up, tables by their names.
    """

    tail: Table
    segments: list[Segment]
    scores: "Source | None" = None
    given: Mapping[str, Any] = MappingProxyType({})

    def only(self, segments: list[Segment]) -> "Source":
        """Return the same tail with other segments."""
        return msgspec.structs.replace(self, segments=segments)


class Reader:
    """Runs queries over one installation's segments and tail. Safe to use from many threads."""

    def __init__(self, manifest: Manifest, tail: Tail, files: SegmentFiles) -> None:
        self._manifest = manifest
        self._tail = tail
        self.files = files
        self.indexes = TraceIndexes(files)
        self.footers = Footers(files)
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

    def of_traces(self, source: Source, keys: TraceKeys, columns: Sequence[str], *, most_rows: int = FEW_ROWS) -> Source:
        """Return a source of the same spans of the traces with `keys`, whose segments are fewer: some rows are read ahead, into the tail.

        A segment of which more than `most_rows` rows would have to be read stays.
        """
        segments = self.indexes.holding(source.segments, keys)
        kept: list[Segment] = []
        tables: list[Table] = [source.tail]
        for segment in segments:
            found = self._rows_of(segment, keys, columns, most_rows)
            kept += [] if found is not None else [segment]
            tables += [] if found is None else [found]
        return msgspec.structs.replace(source, tail=join_tables(tables), segments=kept)

    def _rows_of(self, segment: Segment, keys: TraceKeys, columns: Sequence[str], most_rows: int) -> Table | None:
        known = self.indexes.keys(segment)
        if known is None:
            return None
        places = np.searchsorted(known, keys)
        places = places[places < len(known)]
        rows = self.digests.rows(segment, places[np.isin(known[places], keys)])
        if rows is None:
            return None
        groups = np.unique(rows[0] // rows[1])
        if len(groups) * rows[1] > most_rows:
            return None
        try:
            file = self.footers.open(segment)
            tables = [file.read_row_group(group, columns=list(columns)) for group in groups.tolist()]
        except (OSError, ValueError):
            return None  # a scan names what is missing or damaged
        wanted = [rows[0][rows[0] // rows[1] == group] - group * rows[1] for group in groups]
        return join_tables([table.take(place) for table, place in zip(tables, wanted, strict=True)])

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
            sound = self.sound(source.segments, error)
            if sound is None:
                raise
            return self._execute(source.only(sound), query, parameters)

    def sound(self, segments: list[Segment], error: Exception) -> list[Segment] | None:
        """Return, after `error`, the segments that can be read, and name the others in the log; None: all could be read before."""
        damaged = [segment for segment in segments if not self._is_sound(segment)]
        if not damaged:
            return None
        lost = [segment for segment in damaged if not (self.files.renew(segment) and self._is_sound(segment))]
        if lost:
            self._lost.update(segment.id for segment in lost)
            paths = ", ".join(sorted(segment.path for segment in lost))
            logger.error("Segments are missing or damaged, the others answer: %s (%s)", paths, error)
        return [segment for segment in segments if segment not in lost]

    def over(self, given: Table, query: str, parameters: statements.Parameters) -> Table:
        """Return the rows of a query over a table that is called ``given``, as a table."""
        with self._cursor() as cursor:
            cursor.register("given", given)
            answer: Any = cursor.sql(query, params=parameters)
            return answer.to_arrow_table()

    def _execute(self, source: Source, query: str, parameters: statements.Parameters) -> tuple[list[str], list[Row]]:
        with self._cursor() as cursor:
            cursor.register("tail", source.tail)
            relations = statements.relation("spans", self._files(source.segments), "tail")
            for name, table in source.given.items():
                cursor.register(name, table)
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
