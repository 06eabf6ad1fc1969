"""Which row groups of a segment may hold a text: the words of each, once, so that a search opens only those.

A word is what stands between white space (control characters count as that) in the names and attributes of spans, as they are stored and
in lower case. A text that a span holds is cut by the same white space into pieces, each of which is a part of one of its words; so no row
group is missed, and a row group that has all pieces may still not have the text: the rows tell.
"""

from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from flowyard.foundation.codecs import to_json
from flowyard.storage.telemetry.model import Table

_pa: Any = pyarrow
_pc: Any = pyarrow.compute

#: Words of a segment that take more bytes than this are not kept: nearly every span has words of its own.
MOST_BYTES = 64 * 1024 * 1024
#: So many row groups can be told apart.
MOST_GROUPS = 64
_CODEC: Any = _pa.Codec("zstd")
_END = b"\n"
# Every character up to the space counts as white space.
_SPACE = 0x20
_WHITE = "".join(map(chr, range(_SPACE + 1)))


def words_of(table: Table, group_rows: int) -> dict[str, NDArray[Any]]:
    """Return the words of a segment's rows as arrays; nothing when they are too many.

    Args:
        table: the rows in their order.
        group_rows: how many make a row group.
    """
    groups = -(-table.num_rows // group_rows)
    if groups > MOST_GROUPS:
        return {}
    found = [_words(table.slice(place * group_rows, group_rows)) for place in range(groups)]
    encoded = _pa.concat_arrays(found).dictionary_encode()
    words = encoded.dictionary
    if words.nbytes > MOST_BYTES:
        return {}
    holding = np.zeros(len(words), np.uint64)
    places = encoded.indices.to_numpy(zero_copy_only=False)
    start = 0
    for place, part in enumerate(found):
        holding[places[start : start + len(part)]] |= np.uint64(1 << place)
        start += len(part)
    order = _pc.sort_indices(words)
    lines = _pa.ListArray.from_arrays(_pa.array([0, len(words)], _pa.int32()), words.take(order))
    text = _pc.binary_join(lines, "\n")[0].as_py().encode()
    return {
        "words": np.frombuffer(_CODEC.compress(text), np.uint8),
        "holding": np.frombuffer(_CODEC.compress(holding[order.to_numpy()].tobytes()), np.uint8),
        "sizes": np.array([len(text), holding.nbytes]),
    }


class Words:
    """The words of one segment.

    Args:
        text: all of them, sorted, a line each.
        holding: for each, the row groups that have it: bit n is row group n.
    """

    def __init__(self, text: bytes, holding: NDArray[np.uint64]) -> None:
        self._text = text
        self._holding = holding
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _END[0])
        if len(holding) != (len(ends) + 1 if text else len(holding)):
            raise ValueError("the words and where they are do not fit")
        self._ends = ends
        self.bytes = len(text) + holding.nbytes + ends.nbytes

    def groups(self, text: str) -> int:
        """Return the row groups that may hold `text` in a name or, as it is written in JSON, in attributes: a bit for each."""
        return self._of(text) | self._of(to_json(text).decode()[1:-1])

    def _of(self, text: str) -> int:
        found = (1 << MOST_GROUPS) - 1
        for piece in filter(None, _lower(_split(_pa.array([text]))).to_pylist()):
            found &= self._of_piece(piece.encode())
            if not found:
                break
        return found

    def _of_piece(self, piece: bytes) -> int:
        found, everywhere = 0, int(np.bitwise_or.reduce(self._holding)) if len(self._holding) else 0
        at = self._text.find(piece)
        while at >= 0:
            line = int(np.searchsorted(self._ends, at))
            found |= int(self._holding[line])
            if found == everywhere or line == len(self._ends):
                break
            at = self._text.find(piece, int(self._ends[line]))
        return found


def decode_words(words: NDArray[np.uint8], holding: NDArray[np.uint8], sizes: NDArray[np.int64]) -> Words:
    """Return what `words_of` made.

    Raises:
        ValueError: it is damaged.
        OSError: the same.
    """
    text, places = (_CODEC.decompress(data, decompressed_size=int(size)) for data, size in zip((words, holding), sizes, strict=True))
    return Words(text.to_pybytes(), np.frombuffer(places, np.uint64))


def _words(table: Table) -> Any:
    """Return the words of names and attributes, each once."""
    return _lower(_pc.unique(_pa.concat_arrays([_split(_pc.unique(table["name"])), _split(table["attributes"].combine_chunks())])))


def _split(texts: Any) -> Any:
    """Return what stands between the white space, each with what ends it: the bytes stay where they are."""
    texts = _pa.concat_arrays([_pc.drop_null(texts)])  # a slice shares its parent's bytes
    if not len(texts) or texts.buffers()[2] is None:
        return _pa.array([], _pa.binary())
    offsets = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1)
    data = np.frombuffer(texts.buffers()[2], np.uint8, int(offsets[-1]))
    ends = data <= _SPACE
    ends[offsets[1:][np.diff(offsets) > 0] - 1] = True
    words = np.concatenate([np.zeros(1, np.int32), np.flatnonzero(ends).astype(np.int32) + np.int32(1)])
    return _pa.Array.from_buffers(_pa.binary(), len(words) - 1, [None, _pa.py_buffer(words), texts.buffers()[2]])


def _lower(words: Any) -> Any:
    """Return words in lower case without the white space that ended them, each once."""
    return _pc.unique(_pc.utf8_lower(_pc.utf8_trim(words.cast(_pa.string()), characters=_WHITE)))
