"""Large values of attributes stand apart: the rows of a segment have their beginnings, a file beside it the whole of them.

So lists, figures and searches read little, however long prompts and answers are; who opens a trace gets all of it. The file is
written, published, put together and removed with its segment, so it needs no upkeep of its own: each value stands in it once, by its
digest, and the segment's own footer says what must be there.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.compute
import pyarrow.parquet

from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.tracing.model import SpanRecord

logger = logging.getLogger(__name__)

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_pq: Any = pyarrow.parquet

#: An attribute whose JSON is longer, in bytes, stands apart.
LARGE_BYTES = 32 * 1024
#: The attribute that says which others are only beginnings: their names, and the digests of the whole.
APART = "flowyard.payloads"
#: A beginning is shorter. It has so many characters of a text and items of a list or an object; the first that are short enough are taken.
BEGINNING_BYTES = 8 * 1024
_BEGINNINGS = ((4000, 1000), (1000, 200), (200, 20))
_SCHEMA = _pa.schema([("digest", _pa.string()), ("value", _pa.binary())])
# A row group is written when its values take so many bytes; it is packed as a whole, so that what is alike in them takes no room.
_GROUP_BYTES = 4 * 1024 * 1024
_PACKED: dict[str, Any] = {"compression": "zstd", "compression_level": 3, "data_page_size": 2 * _GROUP_BYTES}
_FOOTER = b"flowyard.payloads"

_attributes = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)


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


def set_apart(table: Table, file: PayloadFile) -> Table:
    """Return the spans with the beginnings of large values, which `file` gets.

    Raises:
        OSError: the disk refuses.
    """
    column = table["attributes"]
    large = _pc.fill_null(_pc.greater(_pc.binary_length(column), LARGE_BYTES), False)
    if not _pc.any(large).as_py():
        return table
    place = table.schema.get_field_index("attributes")
    chunks = [_shortened(chunk, file) for chunk in column.chunks]
    return table.set_column(place, table.schema.field(place), _pa.chunked_array(chunks, column.type))


def _shortened(texts: Any, file: PayloadFile) -> Any:
    large = _pc.fill_null(_pc.greater(_pc.binary_length(texts), LARGE_BYTES), False)
    encoded = texts.cast(_pa.binary()).filter(large)
    if not len(encoded):
        return texts
    # One at a time: they are the largest of all.
    short = [_short(encoded[row].as_py(), file) for row in range(len(encoded))]
    return _pc.replace_with_mask(texts, large, _pa.array(short, _pa.binary()).cast(texts.type))


def _short(attributes: bytes, file: PayloadFile) -> bytes:
    """Return attributes with the beginnings of large values; as they are when they cannot be read."""
    try:
        values: dict[str, Any] = {**_attributes(attributes)}
        large = {name: bytes(value) for name, value in values.items() if len(bytes(value)) > LARGE_BYTES}
        beginnings = {name: _beginning(value) for name, value in large.items()}
        known = references(msgspec.json.decode(values[APART])) if APART in values else {}
    except _UNREADABLE:
        return attributes
    if not large:
        return attributes
    digests = {name: file.add(value) for name, value in large.items()}
    return _encode({**values, **beginnings, APART: {**known, **digests}})


def _beginning(value: bytes) -> Any:
    whole = msgspec.json.decode(value)
    for text, items in _BEGINNINGS:
        short = msgspec.Raw(_encode(_cut(whole, text, items)))
        if len(bytes(short)) <= BEGINNING_BYTES:
            return short
    return value[: BEGINNING_BYTES // 2].decode("utf-8", "ignore") + "…"


def _cut(value: Any, text: int, items: int) -> Any:
    """Return a value with its form: texts by their beginnings, lists by their first and last items."""
    match value:
        case str():
            return value if len(value) <= text else f"{value[:text]}…"
        case list():
            held: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            kept = held if len(held) <= items else [*held[: items // 2], *held[-(items // 2) :]]
            return [_cut(item, text, items) for item in kept]
        case dict():
            fields: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
            return {name: _cut(item, text, items) for name, item in islice(fields.items(), items)}
        case _:
            return value


def references(apart: Any) -> dict[str, str]:
    """Return what the attribute `APART` says; nothing when it is not of our making."""
    if not isinstance(apart, dict):
        return {}
    told: dict[Any, Any] = {**apart}
    return {name: digest for name, digest in told.items() if isinstance(name, str) and isinstance(digest, str)}


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
    cut = [record for record in records if references(record.attributes.get(APART))]
    if not cut:
        return
    wanted = {digest for record in cut for digest in references(record.attributes[APART]).values()}
    found: dict[str, Any] = {}
    for segment in segments():
        if len(found) < len(wanted):
            values = _of_segment(files, segment, wanted - found.keys())
            found.update((digest, msgspec.json.decode(value)) for digest, value in values.items())
    for record in cut:
        known = references(record.attributes.pop(APART))
        record.attributes |= {name: found[digest] for name, digest in known.items() if digest in found}
        lost = {name: digest for name, digest in known.items() if digest not in found}
        if lost:
            record.attributes[APART] = lost
            logger.error("Of span %s of trace %s only the beginning is left of: %s", record.span_id, record.trace_id, ", ".join(lost))


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
