"""What the platform and the process that looks at files say to each other: msgpack, each message after its length in four bytes."""

import struct
from typing import BinaryIO

import msgspec

from flowyard.wire.data_previews import DataPreview, DataStatistics

_LENGTH = struct.Struct(">I")
#: No message is longer.
MOST = 64 * 1024 * 1024
#: So many columns at once: what a screen or a table can use.
PREVIEW_COLUMNS, STATISTICS_COLUMNS = 500, 200


class File(msgspec.Struct, frozen=True):
    """A file to look at: its name relative to what is shown, its bytes, and where it is on this machine; None: ask for its bytes."""

    name: str
    bytes: int
    path: str | None = None


class Form(msgspec.Struct, frozen=True):
    """How delimited files are written, where it is not as their names say (an MLTable says so)."""

    format: str | None = None
    delimiter: str | None = None
    header: bool = True


class Task(msgspec.Struct, frozen=True):
    """What to look at.

    `limit` rows from `offset` on for a preview (`sample` is None); else statistics over the first `sample` rows, 0 for all. Of the columns
    those from `column_offset` on. `scratch` is a folder for files that end with the process.
    """

    files: list[File]
    form: Form
    offset: int = 0
    limit: int = 100
    column_offset: int = 0
    sample: int | None = None
    memory_mib: int = 1024
    cpu_s: int = 60
    scratch: str = ""


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """The process asks for bytes of a file, from `start` to before `end`; they come as they are, behind their length."""

    file: int
    start: int
    end: int


class Shown(msgspec.Struct, frozen=True, tag="shown"):
    """The answer."""

    preview: DataPreview | None = None
    statistics: DataStatistics | None = None


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """There is no answer; `message` says why. `memory`: it took too much of it."""

    message: str
    remedy: str | None = None
    memory: bool = False


Said = Ask | Shown | Refused


def send(pipe: BinaryIO, data: bytes) -> None:
    """Write one message."""
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes | None:
    """Return one message; None where the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > MOST:
        return None
    data = pipe.read(size)
    return data if len(data) == size else None
