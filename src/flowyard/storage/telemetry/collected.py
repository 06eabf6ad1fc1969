"""Collected rows of one workspace: log records with an event of their own. Arrow reads a segment at a time and filters it."""

from collections.abc import Iterator
from typing import Any

import pyarrow
import pyarrow.compute

from flowyard.endpoints.collecting.ports import Wanted
from flowyard.flows.collecting.keeper import COLLECTED
from flowyard.storage.telemetry.columns import sorted_once
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Table
from flowyard.storage.telemetry.payloads import make_logs_whole
from flowyard.storage.telemetry.segments import read_segment
from flowyard.storage.telemetry.tail import Tail
from flowyard.tracing.rows import decode_signal_row
from flowyard.tracing.signals import LogRecord

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
# The whole of so many records is in memory at once.
_AT_ONCE = 100


class StoredCollected:
    """`endpoints.collecting.ports.CollectedQueries` over the telemetry store."""

    def __init__(self, manifest: Manifest, tail: Tail, files: SegmentFiles) -> None:
        self._manifest = manifest
        self._tail = tail
        self._files = files

    def collected(self, workspace_id: str, wanted: Wanted) -> Iterator[LogRecord]:
        """See `CollectedQueries.collected`."""
        # The tail first: what is rolled between the two lines is there twice then, and never missed.
        tail = _matching(self._tail.of(workspace_id, "logs"), wanted)
        segments = self._manifest.segments(workspace_id, wanted.since_ns, wanted.until_ns, "logs")
        waiting = set(tail["log_id"].to_pylist())
        for segment in reversed(segments):
            rows = _matching(read_segment(self._files, segment), wanted)
            for start in range(0, rows.num_rows, _AT_ONCE):
                records = list(_records(rows.slice(start, _AT_ONCE)))
                make_logs_whole(self._files, segment, records)
                waiting.difference_update(record.log_id for record in records)
                yield from records
        yield from (record for record in _records(tail) if record.log_id in waiting)


def _matching(table: Table, wanted: Wanted) -> Table:
    condition = _pc.field("event") == COLLECTED
    if wanted.deployment is None:
        condition &= _pc.starts_with(_pc.field("service"), f"{wanted.endpoint}/")
    else:
        condition &= _pc.field("service") == f"{wanted.endpoint}/{wanted.deployment}"
    if wanted.collections:
        condition &= _pc.is_in(_pc.field("logger"), _pa.array([name.lower() for name in wanted.collections], _pa.string()))
    if wanted.since_ns is not None:
        condition &= _pc.field("at_ns") >= wanted.since_ns
    if wanted.until_ns is not None:
        condition &= _pc.field("at_ns") < wanted.until_ns
    return table.filter(condition)


def _records(table: Table) -> Iterator[LogRecord]:
    for row in sorted_once(table, "logs").to_pylist():
        yield decode_signal_row(row, LogRecord)
