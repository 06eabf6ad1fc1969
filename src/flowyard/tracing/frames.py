"""The format of a spool file.

::

    file   = magic (8 bytes) · marker (8 random bytes) · frame*
    frame  = marker · kind (u8) · length (u32) · CRC32 over kind, length and payload (u32) · payload      (little endian)

The first frame is of kind ``WRITER``: who writes the file (msgpack of `Writer`). ``SPANS``: a msgpack array of rows (`tracing.rows`)
in the columns that the writer named. ``LINES``: lines of a flow, as their records; their spans are made when the frame is read
(`flows.runtime.line_spool`). ``LOGS``, ``METRICS`` and ``SCORES``: arrays of rows as ``SPANS`` is, in the columns of their signal
(`tracing.signals`; a shorter row lacks the last ones). ``OTLP_…``: an export request of OTLP as it came, protobuf, decoded when the
frame is read; its file is in the folder of the workspace that sent it. ``END``: the file is complete, nothing follows. A reader stops
before a frame that is not whole yet; after a frame that is damaged it goes on at the next marker. The marker is random so that nothing
a span holds can pass for a frame.
"""

import os
import socket
import struct
import zlib
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any

import msgspec

from flowyard.foundation.clock import now_ns
from flowyard.tracing.model import SCHEMA_VERSION
from flowyard.tracing.rows import COLUMNS

MAGIC = b"FYSPOOL\x01"
SUFFIX = ".spool"
_MARKER_SIZE = 8
_HEADER = struct.Struct("<8sBII")
_PART = 1024 * 1024
PROLOGUE = len(MAGIC) + _MARKER_SIZE


class FrameKind(IntEnum):
    """What a frame's payload is."""

    WRITER = 0
    SPANS = 1
    END = 2
    LINES = 3
    LOGS = 4
    METRICS = 5
    SCORES = 6
    OTLP_TRACES = 7
    OTLP_LOGS = 8
    OTLP_METRICS = 9


class Writer(msgspec.Struct, frozen=True, kw_only=True):
    """The process that writes a spool file: enough to know later whether it still runs. `started` is in clock ticks since boot."""

    pid: int
    started: int | None
    host: str
    boot: str
    created_ns: int
    schema: int = SCHEMA_VERSION
    columns: tuple[str, ...] = COLUMNS

    def is_gone(self) -> bool:
        """Whether the process has certainly ended. False for a process of another machine."""
        if self.host != socket.gethostname():
            return False
        return self.boot != _boot_id() or process_start(self.pid) != self.started


class Frame(msgspec.Struct, frozen=True):
    """A whole frame, where it ends in the file, and how many damaged bytes were passed over to reach it."""

    kind: int
    payload: bytes
    end: int
    skipped: int = 0


def this_writer() -> Writer:
    """Return the description of this process."""
    pid = os.getpid()
    return Writer(pid=pid, started=process_start(pid), host=socket.gethostname(), boot=_boot_id(), created_ns=now_ns())


def process_start(pid: int) -> int | None:
    """Return when `pid` started, in clock ticks since boot; None when it does not run, -1 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return None if Path("/proc/self").exists() else _alive(pid)
    except ProcessLookupError:
        return None
    state, *fields = status.rpartition(")")[2].split()
    # A zombie writes no more: it has ended, its parent has only not asked yet.
    return None if state in {"Z", "X"} else int(fields[18])


def _alive(pid: int) -> int | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return -1
    return -1


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except FileNotFoundError:
        return ""


def new_marker() -> bytes:
    """Return a marker: its first byte occurs in no UTF-8 text, the rest cannot be guessed."""
    return b"\xff" + os.urandom(_MARKER_SIZE - 1)


def prologue(marker: bytes) -> bytes:
    """Return the first bytes of a file, with the frame that names this process as its writer."""
    return MAGIC + marker + frame(marker, FrameKind.WRITER, msgspec.msgpack.encode(this_writer()))


def frame(marker: bytes, kind: FrameKind, payload: bytes) -> bytes:
    """Return one frame."""
    return _HEADER.pack(marker, kind, len(payload), _checksum(kind, payload)) + payload


def batch(rows: list[bytes]) -> bytes:
    """Return rows that are encoded already as one msgpack array."""
    return b"\xdd" + len(rows).to_bytes(4, "big") + b"".join(rows)


def _checksum(kind: int, payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(struct.pack("<BI", kind, len(payload))))


def read_frames(path: Path, offset: int = 0) -> Iterator[Frame]:
    """Yield the whole frames from `offset` (0, or the `end` of an earlier frame), and stop at a tail that is torn or still being written.

    The file is read in parts as they are asked for.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(PROLOGUE)
        if len(head) < PROLOGUE or not head.startswith(MAGIC):
            return
        base = max(offset, PROLOGUE)
        file.seek(base)
        data, position = file.read(_PART), 0
        while data:
            found = _frame_at(data, position, base)
            if found is None and (more := file.read(max(_PART, len(data)))):
                # It goes on in the file: what was read of it so far, and as much again.
                base, data, position = base + position, data[position:] + more, 0
                continue
            found = found or _frame_after(data, position, base, head[len(MAGIC) :])
            if found is None:
                return
            yield found
            position = found.end - base


def _frame_after(data: bytes, position: int, base: int, marker: bytes) -> Frame | None:
    """Return the first whole frame after one that is damaged."""
    start = data.find(marker, position + 1)
    while start >= 0:
        found = _frame_at(data, start, base, skipped=start - position)
        if found is not None:
            return found
        start = data.find(marker, start + 1)
    return None


def _frame_at(data: bytes, position: int, base: int, skipped: int = 0) -> Frame | None:
    body = position + _HEADER.size
    if body > len(data):
        return None
    _, kind, length, checksum = _HEADER.unpack_from(data, position)
    end = body + length
    if end > len(data):
        return None
    payload = data[body:end]
    if _checksum(kind, payload) != checksum:
        return None
    return Frame(kind, payload, base + end, skipped)


def read_writer(path: Path) -> Writer | None:
    """Return who writes the file, or None when its first frame is not there or not whole.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(4096)
    if len(data) < PROLOGUE or not data.startswith(MAGIC):
        return None
    found = _frame_at(data[PROLOGUE:], 0, PROLOGUE)
    if found is None or found.kind != FrameKind.WRITER:
        return None
    return msgspec.msgpack.decode(found.payload, type=Writer)


_decode_batch = msgspec.msgpack.Decoder(list[list[Any]]).decode


def decode_batch(payload: bytes) -> list[list[Any]]:
    """Return the rows of a ``SPANS`` frame.

    Raises:
        msgspec.DecodeError: the payload is no such array.
    """
    return _decode_batch(payload)
