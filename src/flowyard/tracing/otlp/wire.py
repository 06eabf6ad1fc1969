"""Messages of protobuf, many at once: where their fields are, found with NumPy instead of an object for each field.

Source: protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
#: A message with more fields than that is read faster by itself.
MOST_FIELDS = 256
#: So many bytes have to follow the last message, so that none is read past the end.
PADDING = 16
_SIZES = np.array([0, 8, 0, -1, -1, 4, -1, -1])
_LONGEST_SHIFT = 63
_LARGEST = np.uint64(1 << 31)

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Unsigned = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields of messages, the first of each before the second of any.

    `of` says whose a field is, `number` is its number, `kind` its wire type. What it holds is in ``[begin, end)``; of a varint, `value`.
    """

    of: Numbers
    number: Numbers
    kind: Numbers
    begin: Numbers
    end: Numbers
    value: Unsigned

    def chosen(self, places: NDArray[np.bool_]) -> "Fields":
        """Return those at `places`, in the order of the bytes."""
        order = np.flatnonzero(places)
        order = order[np.argsort(self.begin[order], kind="stable")]
        return Fields(*(getattr(self, name)[order] for name in ("of", "number", "kind", "begin", "end", "value")))


def scan(data: Bytes, begin: Numbers, end: Numbers) -> Fields:
    """Return the fields of the messages that stand in ``data[begin:end]``.

    Raises:
        ValueError: one is malformed, or has more than `MOST_FIELDS` fields.
    """
    live = np.flatnonzero(begin < end)
    at, stop = begin[live], end[live]
    found: list[tuple[Numbers, Numbers, Numbers, Numbers, Numbers, Unsigned]] = []
    while len(live):
        if len(found) == MOST_FIELDS:
            raise ValueError("a message has too many fields to be read among others")
        tag, at = _varints(data, at)
        kind, number = (tag & np.uint64(7)).astype(np.int64), (tag >> np.uint64(3)).astype(np.int64)
        size, value = _SIZES[kind], np.zeros(len(live), np.uint64)
        counted = np.flatnonzero((kind == VARINT) | (kind == LENGTH))
        value[counted], at[counted] = _varints(data, at[counted])
        prefixed = kind == LENGTH
        if np.any(size < 0) or np.any(value[prefixed] >= _LARGEST):
            raise ValueError("a field has no form that a reader of OTLP knows")
        size = np.where(prefixed, value.astype(np.int64), size)
        begun, at = at, at + size
        if np.any(at > stop):
            raise ValueError("a field ends after its message")
        found.append((live, number, kind, begun, at, value))
        going = at < stop
        live, at, stop = live[going], at[going], stop[going]
    if not found:
        none = np.empty(0, np.int64)
        return Fields(none, none, none, none, none, none.astype(np.uint64))
    return Fields(*(np.concatenate(parts) for parts in zip(*found, strict=True)))  # pyright: ignore[reportArgumentType]


def _varints(data: Bytes, at: Numbers) -> tuple[Unsigned, Numbers]:
    """Return the varints that begin at each place, and where they end."""
    byte = data[at]
    value = (byte & 0x7F).astype(np.uint64)
    at = at + 1
    more = np.flatnonzero(byte & 0x80)
    shift = 7
    while len(more):
        if shift > _LONGEST_SHIFT:
            raise ValueError("a varint has no end")
        byte = data[at[more]]
        value[more] |= (byte & 0x7F).astype(np.uint64) << np.uint64(shift)
        at[more] += 1
        more = more[(byte & 0x80) != 0]
        shift += 7
    return value, at


def parts(data: bytes, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield number, begin and end of the fields of one message that hold bytes; the others are passed over.

    Raises:
        ValueError: it is malformed.
    """
    at = begin
    while at < end:
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == LENGTH:
            size, at = _varint(data, at)
            if at + size > end:
                raise ValueError("a field ends after its message")
            yield tag >> 3, at, at + size
            at += size
        elif kind == VARINT:
            _, at = _varint(data, at)
        elif kind in {FIXED64, FIXED32}:
            at += int(_SIZES[kind])
        else:
            raise ValueError("a field has no form that a reader of OTLP knows")
    if at > end:
        raise ValueError("a field ends after its message")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > _LONGEST_SHIFT:
            raise ValueError("a varint has no end")
