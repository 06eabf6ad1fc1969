"""Scores of one workspace, from its segments and the tail. They are few: Arrow reads and filters them."""

from collections.abc import Sequence
from typing import Any

import pyarrow
import pyarrow.compute

from flowyard.storage.telemetry.columns import join_tables, sorted_once
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.segments import TraceIndexes, read_segment, trace_keys
from flowyard.storage.telemetry.tail import Tail
from flowyard.tracing.rows import decode_signal_row
from flowyard.tracing.signals import Score

_pa: Any = pyarrow
_pc: Any = pyarrow.compute


class StoredScores:
    """`tracing.scores.ScoreQueries` over the telemetry store."""

    def __init__(self, manifest: Manifest, tail: Tail, files: SegmentFiles) -> None:
        self._manifest = manifest
        self._tail = tail
        self._files = files
        self._indexes = TraceIndexes(files)

    def scores_of(self, workspace_id: str, trace_ids: Sequence[str]) -> list[Score]:
        """See `ScoreQueries.scores_of`."""
        if not trace_ids:
            return []
        tail = self._tail.of(workspace_id, "scores")
        holding = self._indexes.holding(self._manifest.segments(workspace_id, signal="scores"), trace_keys(trace_ids))
        wanted = _pa.array(trace_ids, _pa.string())
        return self._records([tail, *self._read(holding)], _pc.is_in(_pc.field("trace_id"), wanted))

    def score(self, workspace_id: str, score_id: str) -> Score | None:
        """See `ScoreQueries.score`."""
        tail = self._tail.of(workspace_id, "scores")
        segments = self._manifest.segments(workspace_id, signal="scores")
        found = self._records([tail, *self._read(segments)], _pc.field("score_id") == score_id)
        return found[0] if found else None

    def _read(self, segments: Sequence[Segment]) -> list[Table]:
        return [read_segment(self._files, segment) for segment in segments]

    def _records(self, tables: list[Table], condition: Any) -> list[Score]:
        rows: list[dict[str, Any]] = sorted_once(join_tables(tables, "scores").filter(condition), "scores").to_pylist()
        return [decode_signal_row(row, Score) for row in rows]
