"""Segments: Parquet files of one workspace's spans; beside each the index that says whether a trace is in it, and the digest."""

import os
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow.parquet
from numpy.typing import NDArray

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.ids import new_id
from flowyard.storage.objects import ObjectStoreError
from flowyard.storage.telemetry.columns import sorted_once, time_range, trace_ids
from flowyard.storage.telemetry.digests import is_sound_digest, write_digest
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.model import DIGEST_SUFFIX, INDEX_SUFFIX, PAYLOADS_SUFFIX, SUFFIX, Segment, Table
from flowyard.storage.telemetry.payloads import PayloadFile, Written, each_payload, footer, set_apart, told
from flowyard.storage.telemetry.words import MOST_GROUPS
from flowyard.tracing.signals import Signal

_pq: Any = pyarrow.parquet

#: Rows of a row group: the fewer, the less is read for one trace; so many groups a segment has at most, so that its footer stays small.
ROW_GROUP = 2_500
_ZSTD_LEVEL = 3
_OPEN_INDEXES = 2048
_OPEN_FOOTERS = 32
_PART = 1024 * 1024
# Signals whose rows may have values that stand apart.
_WITH_LARGE: frozenset[Signal] = frozenset({"spans", "logs"})
# Columns whose values hardly repeat: a dictionary of them costs time and space.
_UNIQUE = {
    "trace_id",
    "span_id",
    "parent_id",
    "start_ns",
    "duration_ns",
    "attributes",
    "events",
    "log_id",
    "point_id",
    "score_id",
    "at_ns",
    "body",
    "comment",
}

TraceKeys = NDArray[np.uint64]


def write_segment(
    files: SegmentFiles, workspace_id: str, table: Table, signal: Signal = "spans", *, payloads: Iterable[Path] = ()
) -> Segment:
    """Write `table`, what is large in it, and its index, durably. It counts once the manifest has it.

    `payloads` are the files of the segments that the rows are from.

    Raises:
        OSError: the disk refuses; nothing is left behind.
        ObjectStoreError: the object store does; the same.
    """
    table = sorted_once(table, signal)
    first, last = time_range(table, signal)
    name = new_id()
    path = Path(signal) / workspace_id / to_rfc3339(max(first, 0))[:10] / f"{name}{SUFFIX}"
    target = files.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    written = [target.with_name(f"{name}{suffix}") for suffix in (SUFFIX, INDEX_SUFFIX, DIGEST_SUFFIX, PAYLOADS_SUFFIX)]
    try:
        _write(written, table, signal, payloads)
    except (OSError, ValueError):
        for file in written:
            file.unlink(missing_ok=True)
        raise
    segment = Segment(
        id=name,
        workspace_id=workspace_id,
        path=path.as_posix(),
        rows=table.num_rows,
        bytes=sum(file.stat().st_size for file in written if file.exists()),
        min_start_ns=first,
        max_start_ns=last,
        created_ns=now_ns(),
        signal=signal,
        checksum=file_checksum(target),
    )
    try:
        files.publish(segment)
    except (OSError, ObjectStoreError):
        files.delete(segment)
        raise
    return segment


def _write(paths: Sequence[Path], table: Table, signal: Signal, payloads: Iterable[Path]) -> None:
    """Write a table to the first path, then its index, its digest, and what is large in it."""
    target, index, digest, apart = paths
    group_rows = max(ROW_GROUP, -(-table.num_rows // MOST_GROUPS))
    if signal in _WITH_LARGE:
        table = _set_apart(table, apart, payloads, signal)
    _pq.write_table(
        table,
        target,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        row_group_size=group_rows,
        use_dictionary=[column for column in table.column_names if column not in _UNIQUE],
        write_page_index=True,
    )
    if "trace_id" in table.column_names:
        np.save(index, trace_keys(trace_ids(table)))
    if signal == "spans":
        write_digest(digest, table, group_rows)
    for written in paths:
        if written.exists():
            written.chmod(0o600)  # prompts and answers: nobody else's business
            _sync(written)
    _sync(target.parent)


def _set_apart(table: Table, path: Path, payloads: Iterable[Path], signal: Signal) -> Table:
    """Write what is large to a file, with all that is in `payloads`; return the rest, with what its footer is to say of the file."""
    file = PayloadFile(path)
    try:
        table = set_apart(table, file, signal)
        for earlier in payloads:
            for value in each_payload(earlier):
                file.add(value)
    finally:
        file.close()
    if not len(file):
        return table.replace_schema_metadata(None)
    return table.replace_schema_metadata(footer(Written(len(file), path.stat().st_size, file_checksum(path))))


def sound_payloads(files: SegmentFiles, segment: Segment) -> Path | None:
    """Return the file with the large values of a segment's rows; None: none of them are large.

    Raises:
        OSError: it is gone or damaged, or the segment is.
        ValueError: the segment is damaged.
        ObjectStoreError: the object store does not answer.
    """
    written = told(_pq.read_metadata(files.file(segment)).metadata)
    if written is None:
        return None
    path = files.payloads(segment)
    if file_checksum(path) != written.checksum:
        path = files.payloads(segment, again=True)
        if file_checksum(path) != written.checksum:
            raise OSError(f"{path} is not what was written: its checksum differs.")
    return path


def add_digest(files: SegmentFiles, segment: Segment) -> bool:
    """Write the digest of a segment whose own is gone or damaged; False when it has a sound one, or none is meant for it.

    Raises:
        OSError: its file is gone or damaged, or the disk refuses.
        ObjectStoreError: the object store does not answer.
    """
    digest = files.digest(segment)
    if segment.signal != "spans" or is_sound_digest(digest):
        return False
    part = digest.with_name(f"{digest.name}.part")
    try:
        file = _pq.ParquetFile(files.file(segment))
        write_digest(part, file.read(), file.metadata.row_group(0).num_rows)
        part.chmod(0o600)
        _sync(part)
        part.replace(digest)
    finally:
        part.unlink(missing_ok=True)
    files.publish(segment, (DIGEST_SUFFIX,))
    return True


def file_checksum(path: Path) -> int:
    """Return the CRC32 of a file.

    Raises:
        OSError: it cannot be read.
    """
    found = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            found = zlib.crc32(part, found)
    return found


def read_segment(files: SegmentFiles, segment: Segment) -> Table:
    """Return all rows of a segment.

    Raises:
        OSError: the file is gone or damaged.
        ObjectStoreError: the object store does not answer.
    """
    return _pq.read_table(files.file(segment))


def is_sound(file: Path) -> bool:
    """Return whether all rows of a Parquet file can be read."""
    try:
        _pq.read_table(file)
    except (OSError, ValueError):
        return False
    return True


def unpacked_bytes(files: SegmentFiles, segment: Segment) -> int:
    """Return about how much memory a segment's rows take, and its large values on the disk; 0 when its file is gone or damaged."""
    try:
        metadata = _pq.read_metadata(files.file(segment))
        written = told(metadata.metadata)
    except (OSError, ValueError):
        return 0
    rows = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    return rows + (0 if written is None else written.bytes)


def trace_keys(ids: Iterable[str]) -> TraceKeys:
    """Return the sorted last 64 bits of trace ids: the half that is random in every tracer's ids."""
    return np.unique(np.fromiter((int(trace_id[16:], 16) for trace_id in ids), dtype=np.uint64))


class Footers:
    """Opens segments. What their footers say of the least recently used is let go; any thread may ask."""

    def __init__(self, files: SegmentFiles) -> None:
        self._files = files
        self._known: OrderedDict[str, Any] = OrderedDict()
        self._lock = Lock()

    def open(self, segment: Segment) -> Any:
        """Return a segment as a ``pyarrow.parquet.ParquetFile``.

        Raises:
            OSError: the file is gone or damaged.
            ValueError: the same.
            ObjectStoreError: the object store does not answer.
        """
        with self._lock:
            known = self._known.get(segment.id)
        opened = _pq.ParquetFile(self._files.file(segment), metadata=known)
        with self._lock:
            self._known[segment.id] = opened.metadata
            self._known.move_to_end(segment.id)
            if len(self._known) > _OPEN_FOOTERS:
                self._known.popitem(last=False)
        return opened


class TraceIndexes:
    """Says which segments may hold a trace. Indexes are mapped, not read; the least used are let go."""

    def __init__(self, files: SegmentFiles) -> None:
        self._files = files
        self._open: OrderedDict[str, TraceKeys] = OrderedDict()
        self._lock = Lock()

    def holding(self, segments: Iterable[Segment], keys: TraceKeys) -> list[Segment]:
        """Return the segments in which one of the sorted `keys` is; one whose index is gone counts as holding it."""
        segments = list(segments)
        self._files.fetch_indexes(segment for segment in segments if segment.id not in self._open)
        return [segment for segment in segments if self._holds(segment, keys)]

    def _holds(self, segment: Segment, keys: TraceKeys) -> bool:
        known = self.keys(segment)
        if known is None or not len(keys):
            return known is None
        places = np.searchsorted(known, keys)
        inside = places < len(known)
        return bool(np.any(known[places[inside]] == keys[inside]))

    def keys(self, segment: Segment) -> TraceKeys | None:
        """Return a segment's sorted keys (`trace_keys`); None when its index is gone."""
        with self._lock:
            if segment.id in self._open:
                self._open.move_to_end(segment.id)
                return self._open[segment.id]
        try:
            keys: TraceKeys = np.load(self._files.index(segment), mmap_mode="r")
        except (OSError, ValueError):
            return None
        with self._lock:
            self._open[segment.id] = keys
            if len(self._open) > _OPEN_INDEXES:
                self._open.popitem(last=False)
        return keys


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
