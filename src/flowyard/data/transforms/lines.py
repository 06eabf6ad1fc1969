"""Rows between steps: JSON lines, each with the row of the source that it was."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flowyard.data.errors import RowError
from flowyard.data.rows import Row, open_data
from flowyard.data.transforms.model import ROW, Task
from flowyard.foundation.codecs import from_json, to_json

#: A row with its number in the source, None where it is not known; or why one cannot be read.
Numbered = tuple[int | None, Row | RowError]
_BUFFER = 1024 * 1024


def read_rows(task: Task) -> Iterator[Numbered]:
    """Yield the rows of a task's source, at most its limit.

    Raises:
        DataError: a file cannot be read at all.
    """
    rows = _original(Path(task.source)) if task.original else _between(Path(task.source))
    for taken, row in enumerate(rows):
        if task.limit is not None and taken >= task.limit:
            return
        yield row


def _original(path: Path) -> Iterator[Numbered]:
    yield from enumerate(open_data(path).rows(), 1)


def _between(path: Path) -> Iterator[Numbered]:
    with path.open("rb", buffering=_BUFFER) as lines:
        for line in lines:
            yield split(from_json(line))


def split(row: dict[str, Any]) -> tuple[int | None, Row]:
    """Return a row that was read between steps without its number, and the number."""
    number = row.pop(ROW, None)
    return number, row


class Lines:
    """Writes rows to a file that is not there yet; used as a context."""

    def __init__(self, path: Path, *, keep_row: bool) -> None:
        self._file = path.open("xb", buffering=_BUFFER)
        self._keep_row = keep_row

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._file.close()
        except OSError:
            if kind is None:
                raise

    def write(self, number: int | None, row: Row) -> None:
        """Write a row.

        Raises:
            OSError: the disk is full.
        """
        self._file.write(to_json({ROW: number, **row} if self._keep_row else row) + b"\n")
