"""Traces as a file: JSON lines of whole traces, or Parquet of spans. A few traces at a time are in memory, however many are written."""

import io
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import MissingExtraError
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.rows import row_of
from flowyard.tracing.service import summarise, to_span, to_trace
from flowyard.tracing.signals import SPANS
from flowyard.wire.traces import TraceDetail

ExportFormat = Literal["jsonl", "parquet"]
MEDIA_TYPES: dict[ExportFormat, str] = {"jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
# A row group is written when it has so many spans, or when their attributes take so many bytes.
_GROUP_ROWS, _GROUP_BYTES = 10_000, 16 * 1024 * 1024
_PIECE = 64 * 1024


def export_traces(traces: Iterable[list[SpanRecord]], form: ExportFormat) -> Iterator[bytes]:
    """Return the pieces of a file of `traces`, each with its spans, the earliest first.

    JSON lines are `TraceDetail`, a trace a line. Parquet has a row a span, with the columns of the span schema (docs/telemetry.md).

    Raises:
        MissingExtraError: Parquet was asked for, and pyarrow is not installed.
    """
    match form:
        case "jsonl":
            return _lines(traces)
        case "parquet":
            return _Parquet().pieces(traces)


def _lines(traces: Iterable[list[SpanRecord]]) -> Iterator[bytes]:
    piece = bytearray()
    for spans in traces:
        piece += _line(spans)
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _line(spans: list[SpanRecord]) -> bytes:
    first = spans[0].start_ns
    return to_json(TraceDetail(trace=to_trace(summarise(spans)), spans=tuple(to_span(record, first) for record in spans))) + b"\n"


class _Pieces(io.RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, data: Any, /) -> int:
        self._written.append(bytes(data))
        self._place += len(self._written[-1])
        return len(self._written[-1])

    def take(self) -> bytes:
        taken = b"".join(self._written)
        self._written.clear()
        return taken


class _Parquet:
    """Writes spans as Parquet."""

    def __init__(self) -> None:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise MissingExtraError("Parquet", "server") from error
        self._arrow: Any = pa
        self._parquet: Any = pq
        kinds = {True: self._arrow.int64(), False: self._arrow.string()}
        self._schema = self._arrow.schema([(column, kinds[column in SPANS.integers]) for column in SPANS.columns])

    def pieces(self, traces: Iterable[list[SpanRecord]]) -> Iterator[bytes]:
        """Yield the file piece by piece."""
        sink = _Pieces()
        rows: list[list[Any]] = []
        size = 0
        with self._parquet.ParquetWriter(sink, self._schema, compression="zstd") as writer:
            for spans in traces:
                for record in spans:
                    rows.append(row_of(record))
                    size += sum(len(value) for value in rows[-1] if isinstance(value, bytes))
                if len(rows) >= _GROUP_ROWS or size >= _GROUP_BYTES:
                    writer.write_table(self._table(rows))
                    rows, size = [], 0
                    yield sink.take()
            if rows:
                writer.write_table(self._table(rows))
        yield sink.take()

    def _table(self, rows: list[list[Any]]) -> Any:
        columns = zip(self._schema, zip(*rows, strict=True), strict=True)
        arrays = [self._arrow.array(_texts(values) if field.name in SPANS.json else values, field.type) for field, values in columns]
        return self._arrow.Table.from_arrays(arrays, schema=self._schema)


def _texts(column: Iterable[bytes]) -> list[str | None]:
    """Return JSON as text; what is empty is null."""
    return [value.decode() if value else None for value in column]
