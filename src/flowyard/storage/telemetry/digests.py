"""Digests: what is known of a segment without opening it. A file beside it that only saves time, and that can be made again.

| Part | What it is for |
|---|---|
| `bounds`: the least and the greatest time of each row group | what was at a time, or near another row |
| `places`: where the rows of each trace begin, how many they are, and the ids of all spans | which spans stand in two segments |
| `rollup` | figures (`rollups`) |
| `words` | searches for texts (`words`) |

It is NumPy's archive (.npz), whose members have checksums: one that is damaged or of another version is as good as none.
"""

import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from flowyard.storage.telemetry.columns import hexadecimal
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.rollups import Rollup, decode_rollup, roll_up
from flowyard.storage.telemetry.words import Words, decode_words, words_of

_pa: Any = pyarrow
_pc: Any = pyarrow.compute

_DAMAGED = (OSError, ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)
_ROLLUP, _WORDS, _PLACES = ("rows", "durations", "first_tokens"), ("words", "holding", "sizes"), ("starts", "counts", "spans")
#: How much memory what was read of digests may take, for each part.
KEPT_BYTES = 128 * 1024 * 1024

Key = NDArray[np.uint64]
Rows = NDArray[np.uint32]
T = TypeVar("T")


class Places:
    """Where the rows of a segment's traces are, in the order of its sorted keys (`segments.trace_keys`), and the ids of its spans."""

    def __init__(self, starts: NDArray[np.uint32], counts: NDArray[np.uint32], spans: Key) -> None:
        self._starts, self._counts, self._spans = starts, counts, spans

    def spans(self, places: NDArray[np.int64]) -> tuple[Key, NDArray[np.int64]]:
        """Return the ids of the spans of the keys at `places`, and for each id the number of its key among them."""
        of, within = _spread(self._counts[places].astype(np.int64))
        return self._spans[self._starts[places][of] + within], of


def write_digest(path: Path, table: Table, group_rows: int) -> None:
    """Write the digest of a segment of spans.

    Args:
        path: where.
        table: the rows in the order of the segment.
        group_rows: how many rows make a row group.

    Raises:
        OSError: the disk refuses.
    """
    rollup = roll_up(table)
    arrays: dict[str, NDArray[Any]] = {**_places(table), **words_of(table, group_rows), **(rollup.encoded() if rollup else {})}
    starts = table["start_ns"].to_numpy()
    arrays["bounds"] = np.array([(part.min(), part.max()) for part in np.split(starts, range(group_rows, len(starts), group_rows))])
    arrays["group_rows"] = np.array([group_rows])
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def is_sound_digest(path: Path) -> bool:
    """Return whether a digest is there and whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except _DAMAGED:
        return False


class Digests:
    """Reads digests and keeps what was read of them lately; any thread may ask. None: it is not there, or damaged."""

    def __init__(self, files: SegmentFiles) -> None:
        self._files = files
        self._rollups = _Kept[Rollup](lambda rollup: rollup.rows.nbytes + rollup.durations.nbytes + rollup.first_tokens.nbytes, KEPT_BYTES)
        self._words = _Kept[Words](lambda words: words.bytes, KEPT_BYTES)
        self._places = _Kept[_Rows](lambda rows: rows.starts.nbytes + rows.counts.nbytes, KEPT_BYTES // 4)
        self._bounds = _Kept[NDArray[np.int64]](lambda bounds: bounds.nbytes, KEPT_BYTES // 4)

    def rollup(self, segment: Segment) -> Rollup | None:
        """Return the roll-up of a segment."""
        return self._rollups.get(segment.id, lambda: self._read(segment, _ROLLUP, decode_rollup))

    def words(self, segment: Segment) -> Words | None:
        """Return the words of a segment."""
        return self._words.get(segment.id, lambda: self._read(segment, _WORDS, decode_words))

    def places(self, segment: Segment) -> Places | None:
        """Return where the traces of a segment are. It is read each time."""
        return self._read(segment, _PLACES, Places)

    def rows(self, segment: Segment, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], int] | None:
        """Return the rows of the traces that stand at `places` of the segment's index, and how many rows make a row group."""
        known = self._places.get(segment.id, lambda: self._read(segment, ("starts", "counts", "group_rows"), _rows))
        if known is None:
            return None
        of, within = _spread(known.counts[places].astype(np.int64))
        return np.sort(known.starts[places][of] + within), known.group_rows

    def bounds(self, segment: Segment) -> NDArray[np.int64] | None:
        """Return the least and the greatest time of each row group."""
        return self._bounds.get(segment.id, lambda: self._read(segment, ("bounds",), _same))

    def _read(self, segment: Segment, names: tuple[str, ...], make: Callable[..., T]) -> T | None:
        try:
            with self._files.digest(segment).open("rb") as file, np.load(file, allow_pickle=False) as archive:
                return make(*(archive[name] for name in names))
        except _DAMAGED:
            return None


class _Kept(Generic[T]):
    """Keeps what was asked for last, up to `limit` bytes."""

    def __init__(self, size: Callable[[T], int], limit: int) -> None:
        self._size = size
        self._limit = limit
        self._held: OrderedDict[str, T | None] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, name: str, make: Callable[[], T | None]) -> T | None:
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        made = make()
        if made is None:
            return None
        with self._lock:
            if name not in self._held:
                self._held[name] = made
                self._bytes += self._size(made)
            while self._bytes > self._limit and len(self._held) > 1:
                _, let_go = self._held.popitem(last=False)
                self._bytes -= 0 if let_go is None else self._size(let_go)
        return made


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the rows of traces begin, how many they are, and how many rows make a row group."""

    starts: Rows
    counts: Rows
    group_rows: int


def _rows(starts: Rows, counts: Rows, rows: NDArray[np.int64]) -> _Rows:
    return _Rows(starts, counts, int(rows[0]))


def _spread(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for `counts` things in a row, whose each is and which one of them."""
    of = np.repeat(np.arange(len(counts)), counts)
    return of, np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)


def _same(bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    return bounds


def _places(table: Table) -> dict[str, NDArray[Any]]:
    """Return the arrays of `Places`; none when two traces have one key, or an id is not what it has to be."""
    found = _pc.value_counts(table["trace_id"].combine_chunks())
    ids, counts = found.field("values"), found.field("counts").to_numpy()
    keys = hexadecimal(_pc.utf8_slice_codeunits(ids, 16, 32))
    order = np.argsort(keys)
    if np.any(keys[order][1:] == keys[order][:-1]):
        return {}
    starts = np.cumsum(counts) - counts
    return {
        "starts": starts[order].astype(np.uint32),
        "counts": counts[order].astype(np.uint32),
        "spans": hexadecimal(table["span_id"].combine_chunks()),
    }
