"""Files as the looking process sees them: on this machine, or given by the platform piece by piece."""

import io
import sys
from typing import BinaryIO, cast

import msgspec

from flowyard.data.previews.protocol import Ask, File, receive, send

#: So much is asked for at once.
_BLOCK = 1024 * 1024


class AskedFile(io.RawIOBase):
    """A file whose bytes the platform gives: only those that are read travel."""

    def __init__(self, number: int, size: int) -> None:
        super().__init__()
        self._number = number
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from any place."""
        return True

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # pyright: ignore[reportIncompatibleMethodOverride]  # any writable buffer
        """Fill a buffer as far as one question goes."""
        end = min(self._at + min(len(buffer), 16 * _BLOCK), self._size)
        if end <= self._at:
            return 0
        send(sys.stdout.buffer, msgspec.msgpack.encode(Ask(self._number, self._at, end)))
        data = receive(sys.stdin.buffer)
        if not data:
            raise OSError("the file cannot be read")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def open_file(files: list[File], number: int) -> BinaryIO:
    """Open a file to read."""
    file = files[number]
    if file.path is not None:
        return open(file.path, "rb")  # noqa: PTH123 (whoever asks closes it)
    return cast("BinaryIO", io.BufferedReader(AskedFile(number, file.bytes), _BLOCK))
