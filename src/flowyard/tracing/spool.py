"""The sink of every process that makes spans: a file of its own, which the indexer follows.

`emit` encodes the span and puts it in a queue; one thread writes what has gathered as a frame and makes it durable, at most 100 ms later.
A full disk stops nothing: spans wait in the queue, and when that is full they are counted and dropped.
"""

import atexit
import logging
import os
import threading
from collections import deque
from pathlib import Path

from flowyard.foundation.ids import new_id
from flowyard.tracing.errors import SpoolWriteError
from flowyard.tracing.frames import SUFFIX, FrameKind, batch, frame, new_marker, prologue
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.rows import encode_row
from flowyard.tracing.signals import LogRecord, MetricPoint, Score

logger = logging.getLogger(__name__)

ROLL_BYTES = 16 * 1024 * 1024
QUEUE_SPANS = 65_536
QUEUE_BYTES = 64 * 1024 * 1024
_FRAME_BYTES = 4 * 1024 * 1024
# With the write and the fsync this stays well below the 100 ms that the port promises.
_GATHER_S = 0.05
_RETRY_S = 0.5

#: How bytes reach the disk; a test puts a disk that fills up in its place.
write_some = os.write


class _Barrier:
    """Stands in the queue where `flush` was called; reached when all before it is durable, or cannot be for now."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: OSError | None = None


_Item = tuple[FrameKind, bytes]


class SpoolFile:
    """One spool file, written by this process alone. Its methods raise `OSError`; a failed `append` leaves no torn frame behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._marker = new_marker()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self.size = 0
        try:
            self._write(prologue(self._marker))
            self._sync_folder()
        except OSError:
            os.close(self._descriptor)
            path.unlink(missing_ok=True)
            raise

    def append(self, rows: list[bytes], kind: FrameKind = FrameKind.SPANS) -> None:
        """Write one frame of rows."""
        self.append_frame(kind, batch(rows))

    def append_frame(self, kind: FrameKind, payload: bytes) -> None:
        """Write one frame."""
        self._write(frame(self._marker, kind, payload))

    def sync(self) -> None:
        """Make everything appended durable."""
        os.fdatasync(self._descriptor)

    def finish(self) -> None:
        """Say that nothing follows, and close."""
        try:
            self._write(frame(self._marker, FrameKind.END, b""))
            self.sync()
        finally:
            os.close(self._descriptor)

    def cut(self, size: int) -> None:
        """Take back what was appended after `size` bytes, as far as the disk lets it, and close."""
        try:
            os.ftruncate(self._descriptor, size)
        except OSError as error:
            logger.warning("%s keeps what nobody was promised: %s", self.path, error)
        finally:
            os.close(self._descriptor)

    def abandon(self) -> None:
        """Close it as it is."""
        os.close(self._descriptor)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        written = 0
        try:
            while written < len(view):
                written += write_some(self._descriptor, view[written:])
        except OSError:
            # What came out by half would hide the frames after it until they are whole.
            os.ftruncate(self._descriptor, self.size)
            os.lseek(self._descriptor, self.size, os.SEEK_SET)
            raise
        self.size += written

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class SpoolSink:
    """Writes spans to ``<folder>/<name>-<uuid7>.spool``. The file is made at the first span, and a new one begins every `roll_bytes`.

    `dropped` counts the spans that found the queue full.
    """

    def __init__(
        self, folder: Path, name: str, *, roll_bytes: int = ROLL_BYTES, queue_spans: int = QUEUE_SPANS, queue_bytes: int = QUEUE_BYTES
    ) -> None:
        self.dropped = 0
        self._folder = folder
        self._name = name
        self._roll_bytes = roll_bytes
        self._queue_spans = queue_spans
        self._queue_bytes = queue_bytes
        self._queue: deque[_Item | _Barrier] = deque()
        self._queued_bytes = 0
        self._lock = threading.Lock()
        self._filled = threading.Event()
        self._hurry = threading.Event()
        self._closing = False
        self._failing = False
        self._file: SpoolFile | None = None
        self._thread: threading.Thread | None = None
        atexit.register(self.close)

    @property
    def waiting(self) -> int:
        """How many spans are not durable yet."""
        return len(self._queue)

    def emit(self, record: SpanRecord) -> None:
        """Take one span. Its attributes are copied here."""
        self._put(FrameKind.SPANS, encode_row(record))

    def emit_log(self, record: LogRecord) -> None:
        """Take one log record."""
        self._put(FrameKind.LOGS, encode_row(record))

    def emit_metric(self, point: MetricPoint) -> None:
        """Take one point of a metric."""
        self._put(FrameKind.METRICS, encode_row(point))

    def emit_score(self, score: Score) -> None:
        """Take one score."""
        self._put(FrameKind.SCORES, encode_row(score))

    def _put(self, kind: FrameKind, row: bytes) -> None:
        with self._lock:
            if self._closing or len(self._queue) >= self._queue_spans or self._queued_bytes + len(row) > self._queue_bytes:
                self.dropped += 1
                return
            self._queue.append((kind, row))
            self._queued_bytes += len(row)
            if self._thread is None:
                self._start()
        if not self._filled.is_set():
            self._filled.set()

    def flush(self) -> None:
        """Return when everything emitted so far is durable.

        Raises:
            SpoolWriteError: the disk refuses; the spans stay in memory, and writing them is tried again.
        """
        barrier = self._put_barrier()
        if barrier is None:
            return
        barrier.done.wait()
        if barrier.error is not None:
            raise SpoolWriteError(
                f"Spans cannot be written below {str(self._folder)!r}: {barrier.error}.",
                remedy="Free some space or make the folder writable; what was recorded meanwhile is written then.",
            ) from barrier.error

    def close(self) -> None:
        """Flush and end. What the disk refuses now is lost; the log says how much."""
        with self._lock:
            thread, first = self._thread, not self._closing
            self._closing = True
        if first:
            atexit.unregister(self.close)
        if thread is not None:
            self._hurry.set()
            self._filled.set()
            thread.join()

    def _put_barrier(self) -> _Barrier | None:
        with self._lock:
            if self._thread is None:
                return None
            barrier = _Barrier()
            self._queue.append(barrier)
        self._hurry.set()
        self._filled.set()
        return barrier

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"spool-{self._name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            self._filled.wait()
            self._hurry.wait(_RETRY_S if self._failing else _GATHER_S)
            self._hurry.clear()
            self._filled.clear()
            closing = self._closing
            self._write_queued()
            if closing:
                self._end()
                return

    def _write_queued(self) -> None:
        """Write what is in the queue now, frame by frame; a span leaves the queue when it is durable."""
        left = len(self._queue)
        while left > 0:
            with self._lock:
                taken = self._next_frame()
            left -= len(taken)
            rows = [item for item in taken if isinstance(item, tuple)]
            try:
                self._write(rows)
            except OSError as error:
                self._failed(error)
                return
            self._recovered()
            with self._lock:
                for _ in taken:
                    self._queue.popleft()
                self._queued_bytes -= sum(len(row) for _, row in rows)
            for item in taken:
                if isinstance(item, _Barrier):
                    item.done.set()

    def _next_frame(self) -> list[_Item | _Barrier]:
        taken: list[_Item | _Barrier] = []
        size = 0
        for item in self._queue:
            size += len(item[1]) if isinstance(item, tuple) else 0
            if size > _FRAME_BYTES and taken:
                break
            taken.append(item)
        return taken

    def _write(self, rows: list[_Item]) -> None:
        if not rows:
            return
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = SpoolFile(self._folder / f"{self._name}-{new_id()}{SUFFIX}")
        for kind in dict.fromkeys(kind for kind, _ in rows):
            self._file.append([row for of, row in rows if of == kind], kind)
        try:
            self._file.sync()
        except OSError:
            # After a failed fsync nobody knows what is on the disk: write it again, elsewhere. Readers remove duplicates.
            failed, self._file = self._file, None
            failed.abandon()
            raise
        if self._file.size >= self._roll_bytes:
            self._finish_file()

    def _finish_file(self) -> None:
        """End the file. Its spans are durable already; without the end mark it only stays until this process has ended."""
        full, self._file = self._file, None
        if full is None:
            return
        try:
            full.finish()
        except OSError as error:
            logger.warning("The end of %s could not be written: %s", full.path, error)

    def _failed(self, error: OSError) -> None:
        if not self._failing:
            logger.error("Spans cannot be written to %s: %s. They wait in memory.", self._folder, error)
        self._failing = True
        with self._lock:
            barriers = [item for item in self._queue if isinstance(item, _Barrier)]
            self._queue = deque(item for item in self._queue if isinstance(item, tuple))
        for barrier in barriers:
            barrier.error = error
            barrier.done.set()
        self._filled.set()

    def _recovered(self) -> None:
        if self._failing:
            logger.warning("Spans are written again to %s; %d were dropped so far.", self._folder, self.dropped)
        self._failing = False

    def _end(self) -> None:
        with self._lock:
            barriers = [item for item in self._queue if isinstance(item, _Barrier)]
            lost = len(self._queue) - len(barriers)
            self._queue.clear()
            self._thread = None
            self.dropped += lost
        for barrier in barriers:
            barrier.error = OSError("the sink was closed") if lost else None
            barrier.done.set()
        if lost:
            logger.error("%d spans are lost: %s could not be written.", lost, self._folder)
        self._finish_file()
