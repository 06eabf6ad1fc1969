"""The telemetry of an installation, put together: what the server opens."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from flowyard.endpoints.collecting.ports import Wanted
from flowyard.storage.sql.guards import SqlGuardStore
from flowyard.storage.sql.telemetry_policies import SqlPolicyStore
from flowyard.storage.telemetry.compaction import Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.tracing.figures import Question, Tally, Value
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import CallCounts, FacetCounts, FacetWish, Place, TraceFilter, TraceSummary
from flowyard.tracing.signals import LogRecord, Score
from flowyard.wire.logs import LogAnswer, LogQuery, SqlTable
from flowyard.wire.telemetry import Verification
from flowyard.wire.traces import TraceOrder

if TYPE_CHECKING:
    from flowyard.storage.telemetry.asking import StoredFigures
    from flowyard.storage.telemetry.queries import DuckQueries
    from flowyard.storage.telemetry.scores import StoredScores
    from flowyard.storage.telemetry.sql.runner import SubprocessRunner
    from flowyard.tracing.otlp.spans import PriceOf


class TelemetryStore:
    """Indexer, upkeep and queries over one spool folder and one place of segments.

    `queries` answers at once, from the segments; what is still in the spools shows after `start`. One process of an
    installation starts it: the server.
    """

    def __init__(self, engine: Engine, spool_folder: Path, files: SegmentFiles, *, price_of: "PriceOf | None" = None) -> None:
        self.indexer = Indexer(engine, spool_folder, files, price_of=price_of)
        self.upkeep = Upkeep(self.indexer.manifest, files, policies=SqlPolicyStore(engine).all, guards=SqlGuardStore(engine))
        self.queries = LateQueries(self.indexer, files)

    def start(self) -> None:
        """Begin to follow the spools and to keep the segments in order."""
        self.indexer.start()
        self.upkeep.start()

    def stop(self) -> None:
        """Take in what the spools hold, and end."""
        self.upkeep.stop()
        self.indexer.stop()
        self.queries.close()


class LateQueries:
    """All that is asked of telemetry: `tracing.ports.TelemetryQueries`, `tracing.figures.FigureQueries`,
    `tracing.sql.SqlRunner`, `tracing.scores.ScoreQueries` and `endpoints.collecting.ports.CollectedQueries`.

    They load DuckDB and Arrow with the first question: the first page needs neither.
    """

    def __init__(self, indexer: Indexer, files: SegmentFiles) -> None:
        self._indexer = indexer
        self._files = files
        self._lock = Lock()
        self._made: DuckQueries | None = None
        self._made_scores: StoredScores | None = None
        self._made_sql: SubprocessRunner | None = None

    def list_traces(self, workspace_id: str, where: TraceFilter, *, limit: int = 50, before_ns: int | None = None) -> list[TraceSummary]:
        """See `TelemetryQueries.list_traces`."""
        return self._queries().list_traces(workspace_id, where, limit=limit, before_ns=before_ns)

    def list_ordered(
        self, workspace_id: str, where: TraceFilter, order: TraceOrder, *, limit: int = 50, after: Place | None = None
    ) -> list[TraceSummary]:
        """See `TelemetryQueries.list_ordered`."""
        return self._queries().list_ordered(workspace_id, where, order, limit=limit, after=after)

    def get_trace(self, workspace_id: str, trace_id: str, *, whole: bool = True) -> list[SpanRecord]:
        """See `TelemetryQueries.get_trace`."""
        return self._queries().get_trace(workspace_id, trace_id, whole=whole)

    def get_span(self, workspace_id: str, trace_id: str, span_id: str) -> SpanRecord | None:
        """See `TelemetryQueries.get_span`."""
        return self._queries().get_span(workspace_id, trace_id, span_id)

    def get_traces(self, workspace_id: str, trace_ids: Sequence[str]) -> dict[str, list[SpanRecord]]:
        """See `TelemetryQueries.get_traces`."""
        return self._queries().get_traces(workspace_id, trace_ids)

    def count_calls(self, workspace_id: str, since_ns: int) -> CallCounts:
        """See `TelemetryQueries.count_calls`."""
        return self._queries().count_calls(workspace_id, since_ns)

    def facets(self, workspace_id: str, where: TraceFilter, wish: FacetWish) -> FacetCounts:
        """See `TelemetryQueries.facets`."""
        from flowyard.storage.telemetry.faceting import StoredFacets

        return StoredFacets(self._queries().reader).facets(workspace_id, where, wish)

    def figures(self, workspace_id: str, question: Question) -> tuple[list[tuple[Value, ...]], str]:
        """See `FigureQueries.figures`."""
        return self._figures().figures(workspace_id, question)

    def tallies(self, workspace_id: str, by: str, since_ns: int, until_ns: int, limit: int) -> list[Tally]:
        """See `FigureQueries.tallies`."""
        return self._figures().tallies(workspace_id, by, since_ns, until_ns, limit)

    def run(self, workspace_id: str, query: LogQuery, since_ns: int, until_ns: int, withheld: frozenset[str]) -> LogAnswer:
        """See `SqlRunner.run`."""
        return self._sql().run(workspace_id, query, since_ns, until_ns, withheld)

    def parquet(self, workspace_id: str, query: LogQuery, since_ns: int, until_ns: int, withheld: frozenset[str]) -> tuple[bytes, bool]:
        """See `SqlRunner.parquet`."""
        return self._sql().parquet(workspace_id, query, since_ns, until_ns, withheld)

    def tables(self) -> tuple[SqlTable, ...]:
        """See `SqlRunner.tables`."""
        return self._sql().tables()

    def scores_of(self, workspace_id: str, trace_ids: Sequence[str]) -> list[Score]:
        """See `ScoreQueries.scores_of`."""
        return self._scores().scores_of(workspace_id, trace_ids)

    def score(self, workspace_id: str, score_id: str) -> Score | None:
        """See `ScoreQueries.score`."""
        return self._scores().score(workspace_id, score_id)

    def collected(self, workspace_id: str, wanted: Wanted) -> Iterator[LogRecord]:
        """See `CollectedQueries.collected`."""
        from flowyard.storage.telemetry.collected import StoredCollected

        return StoredCollected(self._indexer.manifest, self._indexer.tail, self._files).collected(workspace_id, wanted)

    def verify(self, workspace_id: str) -> Verification:
        """Hold the manifest against the files of a workspace, and name what could not be read; see `verify_segments`."""
        from flowyard.storage.telemetry.verifying import unreadable_frames, verify_segments

        found = verify_segments(self._indexer.manifest, self._files, workspace_id)
        return replace(found, findings=(*found.findings, *unreadable_frames(self._indexer.spool_folder, workspace_id)))

    def close(self) -> None:
        """Let the database go; a later question opens it again."""
        with self._lock:
            if self._made is not None:
                self._made.close()

    def _figures(self) -> "StoredFigures":
        from flowyard.storage.telemetry.asking import StoredFigures

        return StoredFigures(self._queries().reader)

    def _sql(self) -> "SubprocessRunner":
        reader = self._queries().reader
        with self._lock:
            if self._made_sql is None:
                from flowyard.storage.telemetry.sql.runner import SubprocessRunner

                self._made_sql = SubprocessRunner(reader)
            return self._made_sql

    def _scores(self) -> "StoredScores":
        with self._lock:
            if self._made_scores is None:
                from flowyard.storage.telemetry.scores import StoredScores

                self._made_scores = StoredScores(self._indexer.manifest, self._indexer.tail, self._files)
            return self._made_scores

    def _queries(self) -> "DuckQueries":
        with self._lock:
            if self._made is None:
                from flowyard.storage.telemetry.queries import DuckQueries

                self._made = DuckQueries(self._indexer.manifest, self._indexer.tail, self._files)
            return self._made
