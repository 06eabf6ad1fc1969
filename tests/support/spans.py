"""Makes spans, and puts them where the product would: in spools."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flowyard.tracing.model import SpanRecord
from flowyard.tracing.spool import SpoolSink

START_NS = 1_795_000_000_000_000_000


def make_span(trace: int, number: int, parent: int | None = None, **fields: Any) -> SpanRecord:
    """Return span `number` of trace `trace`, which begins `trace` seconds and `number` milliseconds after `START_NS`."""
    defaults: dict[str, Any] = {
        "name": f"s{number}",
        "kind": "node",
        "start_ns": START_NS + trace * 1_000_000_000 + number * 1_000_000,
        "duration_ns": 1000,
        "workspace_id": "w1",
    }
    return SpanRecord(
        trace_id=trace_id(trace), span_id=f"{number:016x}", parent_id=f"{parent:016x}" if parent else None, **{**defaults, **fields}
    )


def trace_id(number: int) -> str:
    """Return the id of trace `number`."""
    return f"{number:032x}"


def spool(folder: Path, records: Iterable[SpanRecord], *, name: str = "test", close: bool = True) -> SpoolSink:
    """Write `records` to a spool of their own, durably."""
    sink = SpoolSink(folder, name)
    for record in records:
        sink.emit(record)
    sink.flush()
    if close:
        sink.close()
    return sink
