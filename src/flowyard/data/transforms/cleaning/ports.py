"""What a cleaning step is."""

from typing import Any, Protocol

from flowyard.data.rows import Row


class Dropped(str):
    """Why a row is dropped, in a few words; rows are counted by it."""

    __slots__ = ()


class Misfit(Exception):  # noqa: N818 - it becomes a TransformRowError, with the row and the step
    """A step cannot do its work on a row."""

    def __init__(self, column: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message
        self.remedy = remedy


class RowStep(Protocol):
    """Works on one row after the other, in their order."""

    def __call__(self, row: Row) -> Row | Dropped:
        """Return the row as it is from here on (the same object where nothing changed), or why it is dropped.

        Raises:
            Misfit: it has not what the step needs.
        """
        ...


def value_of(row: Row, column: str) -> Any:
    """Return what a row has in a column.

    Raises:
        Misfit: it has no such column.
    """
    if column not in row:
        raise Misfit(column, f"there is no column {column!r}", f"Its columns: {', '.join(map(repr, row))[:300]}.")
    return row[column]


def columns_of(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that a step looks at: those that it names, else all.

    Raises:
        Misfit: the row has not one of them.
    """
    for column in columns:
        value_of(row, column)
    return columns or tuple(row)
