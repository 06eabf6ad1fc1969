"""Spans of a run's rows: written as the records that the run keeps anyway, made into spans by whoever reads the spool."""

import logging
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from flowyard.flows.runs.messages import WorkerSetup
from flowyard.flows.runs.store import RowResult, unpack_nodes
from flowyard.flows.runtime.record import LineRecord
from flowyard.flows.runtime.spans import line_spans
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import Problem
from flowyard.foundation.ids import new_id
from flowyard.tracing.frames import SUFFIX, FrameKind
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.spool import ROLL_BYTES, SpoolFile

logger = logging.getLogger(__name__)


class LineFrame(msgspec.Struct, array_like=True):
    """Some rows of a run: a list of `RowResult`, and what their nodes did, each compressed."""

    run: str
    workspace_id: str
    flow: str
    rows: bytes
    nodes: bytes


class LineSpool:
    """A spool of this process's own for the rows of a run. Used from one thread.

    A disk that refuses costs the spans of some rows, and no row: the log says so.

    Args:
        folder: where spools are.
        setup: whose rows they are.
    """

    def __init__(self, folder: Path, setup: WorkerSetup) -> None:
        self._folder = folder
        self._setup = setup
        self._file: SpoolFile | None = None

    def append(self, rows: list[RowResult], nodes: bytes) -> None:
        """Write rows, and what their nodes did (packed)."""
        packed = zlib.compress(_encode(rows), 1)
        frame = LineFrame(self._setup.run, self._setup.workspace_id, self._setup.flow_name, packed, nodes)
        try:
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file = SpoolFile(self._folder / f"lines-{new_id()}{SUFFIX}")
            self._file.append_frame(FrameKind.LINES, _encode(frame))
        except OSError as error:
            logger.warning("The spans of %d rows are lost: %s", len(rows), error)

    def sync(self) -> None:
        """Make what was written durable, and begin a new file where this one is large."""
        if self._file is None:
            return
        try:
            self._file.sync()
            if self._file.size >= ROLL_BYTES:
                self.close()
        except OSError as error:
            logger.warning("Spans may not be durable: %s", error)

    def close(self) -> None:
        """End the file."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.finish()
            except OSError as error:
                logger.warning("The end of %s could not be written: %s", file.path, error)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(LineFrame).decode
_decode_results = msgspec.msgpack.Decoder(list[RowResult]).decode


def frame_spans(payload: bytes) -> Iterator[SpanRecord]:
    """Yield the spans of a ``LINES`` frame.

    Raises:
        msgspec.MsgspecError, zlib.error: it cannot be read.
    """
    frame = _decode(payload)
    for row, nodes in zip(_decode_results(zlib.decompress(frame.rows)), unpack_nodes(frame.nodes), strict=True):
        if row.trace_id is None:
            continue
        record = LineRecord(
            flow=frame.flow,
            trace_id=row.trace_id,
            span_id=row.span_id,
            status=row.status,
            start_ns=row.start_ns,
            duration_ns=row.duration_ns,
            inputs=from_json(row.inputs),
            outputs=from_json(row.outputs),
            error=msgspec.json.decode(row.error, type=Problem) if row.error else None,
            nodes=nodes,
        )
        for span in line_spans(record):
            span.workspace_id, span.run_id, span.line = frame.workspace_id, frame.run, row.line
            yield span
