"""Lines on their way to the trace store: spooled as the records they are, made into spans by whoever reads the spool.

A line of three nodes is four spans. Making those where the line runs would cost more than running it.
"""

import atexit
import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.flows.runtime.spans import line_spans
from flowyard.foundation.codecs import from_json, packed_list, to_json
from flowyard.foundation.errors import Problem
from flowyard.foundation.ids import new_id
from flowyard.tracing.frames import SUFFIX, FrameKind
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.rows import plain as bounded
from flowyard.tracing.spool import ROLL_BYTES, SpoolFile

if TYPE_CHECKING:
    from flowyard.tracing.recorder import SpanDefaults
try:  # the same format at a fifth of the cost; there are platforms without it
    from isal.isal_zlib import compress  # pyright: ignore[reportUnknownVariableType]
except ModuleNotFoundError:
    from zlib import compress

logger = logging.getLogger(__name__)

#: Lines wait this long for others, seconds; so many at most go into one frame, and so many wait when the disk is slow.
GATHER_S, FRAME_LINES, QUEUE_LINES = 0.05, 512, 65_536
_LARGE = 512 * 1024
#: Lines are ids and short texts that stay until the indexer has read them: to compress them would cost more than to write them.
_STORED = 0


class SpooledLine(msgspec.Struct, array_like=True, gc=False):
    """A line without its nodes. `number` is that of a run's row; values and errors are JSON."""

    trace_id: str
    span_id: str
    parent_id: str | None
    failed: bool
    start_ns: int
    duration_ns: int
    inputs: bytes
    outputs: bytes
    error: bytes | None
    number: int | None = None


class LineFrame(msgspec.Struct, array_like=True):
    """Some lines of one flow. `about` stands on every span; `lines` and `nodes` (one list a line) are in zlib's format."""

    flow: str
    about: dict[str, Any]
    lines: bytes
    nodes: bytes


_encode = msgspec.msgpack.Encoder(enc_hook=repr).encode
_decode_frame = msgspec.msgpack.Decoder(LineFrame).decode
_decode_lines = msgspec.msgpack.Decoder(list[SpooledLine]).decode
_decode_nodes: Callable[[bytes], list[list[NodeRecord]]] = msgspec.msgpack.Decoder(list[list[NodeRecord]]).decode


#: Returns what nodes did in one line as msgpack. Best done when the line ends: its values are at hand then, and need not be kept.
encode_nodes: Callable[[list[NodeRecord]], bytes] = _encode
#: Likewise what is spooled of the line itself.
encode_line: Callable[[SpooledLine], bytes] = _encode


def pack_nodes(lines: list[list[NodeRecord]]) -> bytes:
    """Return what nodes did in some lines, compressed."""
    return compress(_encode(lines), 1)


def pack_encoded(lines: list[bytes]) -> bytes:
    """Return what `pack_nodes` does, of lines that `encode_nodes` has encoded."""
    return compress(packed_list(lines), 1)


def unpack_nodes(data: bytes) -> list[list[NodeRecord]]:
    """Return the lines of `pack_nodes`."""
    return _decode_nodes(zlib.decompress(data))


def json_of(value: Any) -> bytes:
    """Return JSON; numbers beyond 64 bits and broken Unicode become text that it can hold."""
    if type(value) is msgspec.Raw:  # which is JSON already
        return bytes(value)
    try:
        return to_json(value)
    except (ValueError, OverflowError, RecursionError):
        return to_json(bounded(value))


def spooled(record: LineRecord) -> SpooledLine:
    """Return a line's record as it is spooled."""
    return SpooledLine(
        trace_id=record.trace_id,
        span_id=record.span_id,
        parent_id=record.parent_id,
        failed=record.error is not None,
        start_ns=record.start_ns,
        duration_ns=record.duration_ns,
        inputs=json_of(record.inputs),
        outputs=json_of(record.outputs),
        error=json_of(record.error) if record.error else None,
    )


def frame_spans(payload: bytes) -> Iterator[SpanRecord]:
    """Yield the spans of a ``LINES`` frame.

    Raises:
        msgspec.MsgspecError, zlib.error: it cannot be read.
    """
    frame = _decode_frame(payload)
    for line, nodes in zip(_decode_lines(zlib.decompress(frame.lines)), unpack_nodes(frame.nodes), strict=True):
        record = LineRecord(
            flow=frame.flow,
            trace_id=line.trace_id,
            span_id=line.span_id,
            parent_id=line.parent_id,
            status="failed" if line.failed else "completed",
            start_ns=line.start_ns,
            duration_ns=line.duration_ns,
            inputs=_as_written(line.inputs),
            outputs=_as_written(line.outputs),
            error=msgspec.json.decode(line.error, type=Problem) if line.error else None,
            nodes=nodes,
        )
        for span in line_spans(record):
            span.line = line.number
            for name, value in frame.about.items():
                setattr(span, name, value)
            yield span


def _as_written(data: bytes) -> Any:
    """Return JSON that goes into other JSON as it is; what may have to be cut is read."""
    return msgspec.Raw(data) if len(data) < _LARGE else from_json(data)


class LineSpool:
    """A spool of this process's own for lines. Used from one thread.

    A disk that refuses costs the spans of some lines, and no line: the log says so.

    Args:
        folder: where spools are.
        name: what their files' names begin with.
        flow: the flow's name.
        about: what stands on every span.
    """

    def __init__(self, folder: Path, name: str, flow: str, about: "SpanDefaults") -> None:
        self._folder = folder
        self._name = name
        self._flow = flow
        self._about: dict[str, Any] = {name: value for name, value in about.items() if value is not None}
        self._file: SpoolFile | None = None

    def append(self, lines: list[bytes], nodes: bytes) -> None:
        """Write lines (`encode_line`), and what their nodes did (packed)."""
        frame = LineFrame(self._flow, self._about, zlib.compress(packed_list(lines), _STORED), nodes)
        try:
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file = SpoolFile(self._folder / f"{self._name}-{new_id()}{SUFFIX}")
            self._file.append_frame(FrameKind.LINES, _encode(frame))
        except OSError as error:
            logger.warning("The spans of %d lines are lost: %s", len(lines), error)

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


class LineKeeper:
    """Spools lines from any thread, on a thread of its own; durable within 0.1 s.

    Args:
        spool: where they go. The keeper closes it.
    """

    def __init__(self, spool: LineSpool) -> None:
        self.dropped = 0
        self._spool = spool
        self._lines: list[tuple[bytes, bytes]] = []
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._hurry = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="flowyard-lines", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def keep(self, record: LineRecord) -> None:
        """Take a line that has ended."""
        line = encode_line(spooled(record)), encode_nodes(record.nodes)
        with self._lock:
            if self._closing or len(self._lines) >= QUEUE_LINES:
                self.dropped += 1
                return
            self._lines.append(line)
            self._idle.clear()
        if not self._something.is_set():
            self._something.set()

    def flush(self) -> None:
        """Return when everything kept so far is durable, or was refused by the disk."""
        self._hurry.set()
        self._idle.wait()

    def close(self) -> None:
        """Flush and end."""
        with self._lock:
            first, self._closing = not self._closing, True
        if first:
            atexit.unregister(self.close)
            self._hurry.set()
            self._something.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._something.wait()
            self._hurry.wait(GATHER_S)
            self._hurry.clear()
            self._something.clear()
            closing = self._closing
            with self._lock:
                lines, self._lines = self._lines, []
            for start in range(0, len(lines), FRAME_LINES):
                part = lines[start : start + FRAME_LINES]
                self._spool.append([line for line, _ in part], pack_encoded([nodes for _, nodes in part]))
            if lines:
                self._spool.sync()
            with self._lock:
                if not self._lines:
                    self._idle.set()
            if closing and self._idle.is_set():
                self._spool.close()
                return
