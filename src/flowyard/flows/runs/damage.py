"""Tells a run's file that cannot be read as what it is, whatever the part was that gave way: SQLite, compression, JSON, a type."""

import sqlite3
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import msgspec

from flowyard.flows.runs.errors import RunDamagedError
from flowyard.foundation.errors import InvalidInputError

_UNREADABLE = (
    msgspec.MsgspecError, InvalidInputError, zlib.error, sqlite3.ProgrammingError,
    ValueError, TypeError, LookupError, OverflowError, AttributeError,
)  # fmt: skip
#: What SQLite says of a file, rather than of the disk or of who else uses it. A text that is no UTF-8 comes without a code.
_OF_THE_FILE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHORT_READ")


class _InFolder(Protocol):
    @property
    def folder(self) -> Path: ...


P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=_InFolder)


@contextmanager
def reading(folder: Path) -> Generator[None]:
    """Within the block only the run in `folder` is read or written.

    Raises:
        RunDamagedError: its file is damaged. That the disk is full, or another process holds the file, is told as it is.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", None)
        if name is not None and not name.startswith(_OF_THE_FILE):
            raise
        raise _damaged(folder, error) from error
    except _UNREADABLE as error:
        raise _damaged(folder, error) from error


def reads(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Make a method one whose whole work is `reading` its object's folder."""

    @wraps(method)
    def told(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        with reading(self.folder):
            return method(self, *args, **kwargs)

    return told


def _damaged(folder: Path, error: Exception) -> RunDamagedError:
    return RunDamagedError(
        f"The file of the run in {str(folder)!r} cannot be read: {error}.", remedy="Delete the run (flowyard run delete), and run it again."
    )
