"""Large values stand apart: the rows of a segment have their beginnings (`tracing.beginnings`), a file beside it the whole of them.

So lists, figures and searches read little, however long prompts and answers are; who opens a trace gets all of it. Values are those of
attributes of spans, of their events and of log records, and the bodies of these. The file is
written, published, put together and removed with its segment, so it needs no upkeep of its own: each value stands in it once, by its
digest, and the segment's own footer says what must be there.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.tracing.beginnings import APART, BODY, LARGE_BYTES, references, short_attributes, short_events, short_log
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.signals import LogRecord, Signal

logger = logging.getLogger(__name__)

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_pq: Any = pyarrow.parquet

_SCHEMA = _pa.schema([("digest", _pa.string()), ("value", _pa.binary())])
# A row group is written when its values take so many bytes; it is packed as a whole, so that what is alike in them takes no room.
_GROUP_BYTES = 4 * 1024 * 1024
_PACKED: dict[str, Any] = {"compression": "zstd", "compression_level": 3, "data_page_size": 2 * _GROUP_BYTES}
_FOOTER = b"flowyard.payloads"

_encode = msgspec.json.Encoder().encode


class Written(msgspec.Struct, frozen=True):
    """What a segment's footer says of the file beside it: how many values, its size in bytes, and its CRC32."""

    count: int
    bytes: int
    checksum: int


class PayloadFile:
    """Writes values to a file, each once. There is no file when there are none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digests: set[str] = set()
        self._waiting: list[tuple[str, bytes]] = []
        self._size = 0
        self._writer: Any = None

    def __len__(self) -> int:
        """Return how many values were added."""
        return len(self._digests)

    def add(self, value: bytes) -> str:
        """Add a value, and return its digest.

        Raises:
            OSError: the disk refuses.
        """
        digest = digest_of(value)
        if digest not in self._digests:
            self._digests.add(digest)
            self._waiting.append((digest, value))
            self._size += len(value)
            if self._size >= _GROUP_BYTES:
                self._write()
        return digest

    def close(self) -> None:
        """Write what waits, and end.

        Raises:
            OSError: the disk refuses.
        """
        if self._waiting:
            self._write()
        if self._writer is not None:
            self._writer.close()

    def _write(self) -> None:
        if self._writer is None:
            self._writer = _pq.ParquetWriter(self._path, _SCHEMA, use_dictionary=False, write_statistics=False, **_PACKED)
        digests, values = zip(*self._waiting, strict=True)
        self._writer.write_table(_pa.table([_pa.array(digests, _pa.string()), _pa.array(values, _pa.binary())], schema=_SCHEMA))
        self._waiting, self._size = [], 0


def digest_of(value: bytes) -> str:
    """Return the SHA-256 of a value, in hexadecimal digits."""
    return hashlib.sha256(value).hexdigest()


def set_apart(table: Table, file: PayloadFile, signal: Signal) -> Table:
    """Return the rows of spans or logs with the beginnings of large values, which `file` gets.

    Raises:
        OSError: the disk refuses.
    """
    match signal:
        case "spans":
            table = _shortened(table, ("attributes",), lambda values: (short_attributes(values[0], file.add),))
            return _shortened(table, ("events",), lambda values: (short_events(values[0], file.add),))
        case "logs":
            return _shortened(table, ("body", "attributes"), lambda values: _short_log(*values, file=file))
        case "metrics" | "scores":
            return table


def _short_log(body: bytes, attributes: bytes, file: PayloadFile) -> tuple[bytes, bytes]:
    text, short = short_log(body.decode(), attributes, file.add)
    return text.encode(), short


def _shortened(table: Table, names: tuple[str, ...], short: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> Table:
    """Return a table in whose columns `names` the values are `short`, of rows with one that is long."""
    columns = [table[name].combine_chunks() if table[name].num_chunks != 1 else table[name].chunk(0) for name in names]
    large = _pa.array(_pc.fill_null(_pc.greater(_pc.binary_length(columns[0]), LARGE_BYTES), False))
    for column in columns[1:]:
        large = _pc.or_(large, _pc.fill_null(_pc.greater(_pc.binary_length(column), LARGE_BYTES), False))
    if not _pc.any(large).as_py():
        return table
    held = [column.cast(_pa.binary()).filter(large) for column in columns]
    # One at a time: they are the largest of all.
    rows = [short(tuple(column[row].as_py() or b"" for column in held)) for row in range(len(held[0]))]
    for name, column, values in zip(names, columns, zip(*rows, strict=True), strict=True):
        written = _pc.replace_with_mask(column, large, _pa.array(values, _pa.binary()).cast(column.type))
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), written)
    return table


def footer(written: Written) -> dict[bytes, bytes]:
    """Return what stands in a segment's footer of the file beside it."""
    return {_FOOTER: _encode(written)}


def told(footer: Mapping[bytes, bytes] | None) -> Written | None:
    """Return what the footer of a segment says of the file beside it; None: it has none.

    Raises:
        ValueError: it is not what was written.
    """
    value = (footer or {}).get(_FOOTER)
    try:
        return None if value is None else msgspec.json.decode(value, type=Written)
    except msgspec.MsgspecError as error:
        raise ValueError(f"The footer does not say what large values it has: {error}") from error


def each_payload(path: Path) -> Iterable[bytes]:
    """Yield the values of a file.

    Raises:
        OSError: it is gone or damaged.
        ValueError: it is damaged.
    """
    with _pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield from file.read_row_group(group, columns=["value"])["value"].to_pylist()


def find_payloads(path: Path, wanted: set[str]) -> dict[str, bytes]:
    """Return those of the values `wanted`, by their digests, that a file has; one that is not what was written is left out.

    Raises:
        OSError: it is gone or damaged.
        ValueError: it is damaged.
    """
    found: dict[str, bytes] = {}
    with _pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            digests: list[str] = file.read_row_group(group, columns=["digest"])["digest"].to_pylist()
            places = [place for place, digest in enumerate(digests) if digest in wanted]
            if places:
                values: list[bytes] = file.read_row_group(group, columns=["value"])["value"].take(_pa.array(places)).to_pylist()
                found.update((digests[place], value) for place, value in zip(places, values, strict=True))
    return {digest: value for digest, value in found.items() if digest_of(value) == digest}


def make_whole(files: SegmentFiles, segments: Callable[[], Iterable[Segment]], records: Iterable[SpanRecord]) -> None:
    """Give spans back the whole of their large values; those that are missing or damaged are named in the log, and stay beginnings.

    Args:
        files: where the segments are.
        segments: tells which of them may hold the spans; asked when one of these has only beginnings.
        records: the spans.

    Raises:
        ObjectStoreError: the object store does not answer.
    """
    parts = [
        (f"span {record.span_id} of trace {record.trace_id}", attributes)
        for record in records
        for attributes in (record.attributes, *(event.attributes for event in record.events))
    ]
    _restore(files, segments, parts)


def make_logs_whole(files: SegmentFiles, segment: Segment, records: Sequence[LogRecord]) -> None:
    """Give log records of a segment back the whole of what is large, as `make_whole` does spans.

    Raises:
        ObjectStoreError: the object store does not answer.
    """
    _restore(files, lambda: [segment], [(f"log record {record.log_id}", record.attributes) for record in records])
    for record in records:
        record.body = record.attributes.pop(BODY, record.body)


def _restore(files: SegmentFiles, segments: Callable[[], Iterable[Segment]], parts: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Put the whole of their large values into attributes, each given with whose they are."""
    cut = [(owner, attributes, references(attributes[APART])) for owner, attributes in parts if APART in attributes]
    wanted = {reference.sha256 for _, _, known in cut for reference in known.values()}
    if not wanted:
        return
    found: dict[str, Any] = {}
    for segment in segments():
        if len(found) < len(wanted):
            values = _of_segment(files, segment, wanted - found.keys())
            found.update((digest, msgspec.json.decode(value)) for digest, value in values.items())
    for owner, attributes, known in cut:
        lost = {name: attributes[APART][name] for name, reference in known.items() if reference.sha256 not in found}
        attributes |= {name: found[reference.sha256] for name, reference in known.items() if name not in lost}
        if lost:
            attributes[APART] = lost
            logger.error("Of %s only the beginning is left of: %s", owner, ", ".join(lost))
        elif known:
            del attributes[APART]


def _of_segment(files: SegmentFiles, segment: Segment, wanted: set[str]) -> dict[str, bytes]:
    """Return those of `wanted` that stand beside a segment; what is kept here of an object store may be damaged, and is brought again."""
    for again in (False, True):
        try:
            return find_payloads(files.payloads(segment, again=again), wanted)
        except FileNotFoundError:
            return {}  # most segments have none
        except (OSError, ValueError) as error:
            logger.error("The large values of %s are damaged: %s", segment.path, error)  # noqa: TRY400 (data, not code)
    return {}
