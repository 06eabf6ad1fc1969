"""The disk that models are written to, behind a port: so that a full one can be had in a test."""

import errno
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from flowyard.catalog.errors import DiskFullError, StoreNotWritableError

#: Left free beside what is written, so that the databases on the same disk can go on.
MARGIN_BYTES = 32_000_000

_FULL = {errno.ENOSPC, errno.EDQUOT}
_PROTECTED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR}


class Disk(Protocol):
    """Where bytes go. A full disk shows as OSError with ENOSPC or EDQUOT from `write`."""

    def free(self, folder: Path) -> int:
        """Return the bytes that can still be written below `folder`."""
        ...

    def open(self, path: Path, *, append: bool) -> BinaryIO:
        """Open a file for writing, at its end or from its beginning."""
        ...


class LocalDisk:
    """The machine's own."""

    def free(self, folder: Path) -> int:
        """Return the bytes that can still be written below `folder`."""
        return shutil.disk_usage(folder).free

    def open(self, path: Path, *, append: bool) -> BinaryIO:
        """Open a file for writing, at its end or from its beginning."""
        return path.open("ab" if append else "wb")


def require_room(disk: Disk, folder: Path, needed: int) -> None:
    """Check that `needed` bytes fit, with a margin.

    Raises:
        DiskFullError: they do not.
    """
    free = disk.free(folder)
    if needed + MARGIN_BYTES > free:
        raise DiskFullError(str(folder), needed=needed + MARGIN_BYTES, free=free)


@contextmanager
def disk_errors_told(disk: Disk, folder: Path) -> Generator[None]:
    """Turn what the operating system says of a full or protected disk into our errors.

    Raises:
        DiskFullError: there is no room.
        StoreNotWritableError: writing is not allowed.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(str(folder), needed=None, free=disk.free(folder)) from error
        if error.errno in _PROTECTED:
            raise StoreNotWritableError(
                f"{error.filename or folder} cannot be written: {error.strerror}.",
                remedy="Make it writable for this user, or set FLOWYARD_HOME to another folder.",
            ) from error
        raise


def make_durable(path: Path) -> None:
    """Have the bytes of a file, or the entries of a folder, reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
