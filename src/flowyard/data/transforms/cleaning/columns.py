"""Columns: other names, fewer, other types, more."""

import math
from typing import Any

from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Dropped, Misfit, columns_of, value_of
from flowyard.foundation.codecs import to_json
from flowyard.wire.transforms import ColumnType, MapColumnsStep

_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


class MapColumns:
    """Implements `RowStep`."""

    def __init__(self, step: MapColumnsStep) -> None:
        self._step = step

    def __call__(self, row: Row) -> Row | Dropped:
        """See `RowStep`."""
        step = self._step
        made = self._renamed(row)
        if step.keep:
            made = {column: value_of(made, column) for column in columns_of(made, step.keep)}
        for column in step.drop:
            made.pop(column, None)
        for column, kind in step.cast.items():
            made[column] = _cast(column, value_of(made, column), kind)
        made |= step.add
        return row if list(made.items()) == list(row.items()) and _same_types(made, row) else made

    def _renamed(self, row: Row) -> Row:
        names = self._step.rename
        columns_of(row, tuple(names))
        made = {names.get(column, column): value for column, value in row.items()}
        if len(made) != len(row):
            twice = next(new for new in names.values() if new in row or list(names.values()).count(new) > 1)
            raise Misfit(twice, f"two columns would be called {twice!r}", "Rename or drop the other one first.")
        return made


def _same_types(one: Row, other: Row) -> bool:
    """Whether what is equal is so by its type too: 1, 1.0 and True are not."""
    return all(type(one[column]) is type(other[column]) for column in one)


def _cast(column: str, value: Any, kind: ColumnType) -> Any:
    if value is None:
        return None
    try:
        match kind:
            case "string":
                return value if isinstance(value, str) else to_json(value).decode()
            case "integer":
                return _integer(value)
            case "number":
                return _number(value)
            case "boolean":
                return value if isinstance(value, bool) else _TRUTHS[str(value).strip().lower()]
    except (ValueError, TypeError, KeyError, OverflowError):
        raise Misfit(column, f"{str(value)[:60]!r} is no {kind}", "Correct it, or leave the cast out.") from None


def _integer(value: Any) -> int:
    if isinstance(value, str):
        return int(value.strip())
    number = int(value)
    if number != value:
        raise ValueError(value)
    return number


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number
