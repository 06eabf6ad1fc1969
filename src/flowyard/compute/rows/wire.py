"""How a row map and its processes speak: framed messages over a socket, and a board that says which rows run right now.

::

    message = length of what follows (u32) · kind (u8) · payload      (little endian)
    board   = one slot a lane: row number + 1 (i64; 0: idle) · when it began, monotonic nanoseconds (i64)

The board is shared memory: it still stands when a process died without a word, and writing to it costs nothing.
"""

import mmap
import socket
import struct
from enum import IntEnum

import msgspec

from flowyard.compute.rows.ports import Row

_HEAD = struct.Struct("<IB")
_WORD = 8
_RECEIVE = 1 << 18


class Kind(IntEnum):
    """What a message is. Those from 10 on come from the process."""

    SETUP = 0
    ROWS = 1
    LIMIT = 2
    PART = 3
    CALL = 4
    STOP = 5
    READY = 10
    REFUSED = 11
    DONE = 12
    ANSWER = 13
    FAILED = 14
    RETIRE = 15


encode = msgspec.msgpack.Encoder().encode
decode_rows = msgspec.msgpack.Decoder(list[Row]).decode
decode_done = msgspec.msgpack.Decoder(tuple[tuple[int, ...], bytes]).decode


def message(kind: Kind, payload: bytes = b"") -> bytes:
    """Return one message."""
    return _HEAD.pack(len(payload) + 1, kind) + payload


class Reader:
    """Cuts what a socket brings into messages."""

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._data = bytearray()
        self.ended = False

    def read(self) -> list[tuple[int, bytes]]:
        """Receive once (which blocks where the socket does) and return the messages that are whole. `ended`: nothing follows."""
        found: list[tuple[int, bytes]] = []
        try:
            data = self._source.recv(_RECEIVE)
        except BlockingIOError:
            return found
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return found
        self._data += data
        start = 0
        while len(self._data) - start >= _HEAD.size:
            size, kind = _HEAD.unpack_from(self._data, start)
            end = start + _HEAD.size + size - 1
            if len(self._data) < end:
                break
            found.append((kind, bytes(self._data[start + _HEAD.size : end])))
            start = end
        del self._data[:start]
        return found


class Board:
    """The slots of one process. Slots are written by the process and read by the map, at any time.

    A slot is two aligned words, the row + 1 (0: none) and when it began; each is stored in one step, the row last at its beginning and
    first at its end. `struct.pack_into` would not do: it clears its place before it writes, and a time of 0 looks like a row that hangs.
    """

    def __init__(self, descriptor: int, slots: int) -> None:
        self.slots = slots
        self._memory = mmap.mmap(descriptor, self.size(slots))
        self._words = memoryview(self._memory).cast("q")

    @staticmethod
    def size(slots: int) -> int:
        """Return the bytes that a board of so many slots takes."""
        return slots * 2 * _WORD

    def begin(self, slot: int, row: int, now_ns: int) -> None:
        """Say that `row` runs in `slot` from now on."""
        self._words[2 * slot] = 0
        self._words[2 * slot + 1] = now_ns
        self._words[2 * slot] = row + 1

    def end(self, slot: int) -> None:
        """Say that nothing runs in `slot`."""
        self._words[2 * slot] = 0
        self._words[2 * slot + 1] = 0

    def running(self) -> dict[int, int]:
        """Return the rows that run, and when each began (monotonic nanoseconds). A slot that changes right now is left out."""
        words, found = self._words, dict[int, int]()
        for place in range(0, 2 * self.slots, 2):
            row, began = words[place], words[place + 1]
            if row and began and words[place] == row:
                found[row - 1] = began
        return found

    def close(self) -> None:
        """Let go of the memory."""
        self._words.release()
        self._memory.close()
