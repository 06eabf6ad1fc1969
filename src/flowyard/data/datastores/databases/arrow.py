"""Rows of a database as Arrow batches of one schema. Imported only where rows are read: pyarrow is large."""

import json
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any, cast

from flowyard.data.datastores.databases.dialects import Answer, Dialect
from flowyard.data.datastores.errors import QueryError
from flowyard.data.datastores.ports import RowStream

# It has no types.
pyarrow: Any = import_module("pyarrow")
_NONE: list[Sequence[Any]] = []


def stream(dialect: Dialect, answer: Answer) -> RowStream:
    """Return the rows of an answer. Columns that the database gives no type for have that of their values on the first page.

    Raises:
        QueryError: two columns have one name.
    """
    names = [str(column[0]) for column in answer.description]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise QueryError(f"Two columns of the query are called {twice!r}.", remedy="Name one of them otherwise, with AS.")
    first: list[Sequence[Any]] = next(answer.pages, _NONE)
    kinds: list[Any] = []
    for position, column in enumerate(answer.description):
        seen: list[Any] = [row[position] for row in first]
        kinds.append(dialect.type_of(column) or _seen(seen))
    schema = pyarrow.schema(list(zip(names, kinds, strict=True)))
    return RowStream(schema, _batches(schema, first, answer.pages))


def _batches(schema: Any, first: list[Sequence[Any]], others: Iterator[list[Sequence[Any]]]) -> Iterator[Any]:
    page, done = first, 0
    while page:
        values: list[list[Any]] = [list(column) for column in zip(*page, strict=True)]
        yield pyarrow.record_batch([_array(column, schema.field(place), done) for place, column in enumerate(values)], schema=schema)
        done += len(page)
        page = next(others, _NONE)


def _array(values: list[Any], column: Any, before: int) -> Any:
    given = values
    if pyarrow.types.is_string(column.type):
        given = [_text(value) for value in values]
    elif pyarrow.types.is_floating(column.type):
        given = [float(value) if isinstance(value, Decimal) else value for value in values]
    try:
        return pyarrow.array(given, type=column.type)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError, OverflowError, ValueError) as error:
        row = next((place for place, value in enumerate(values) if not _fits(value, column.type)), 0)
        raise QueryError(
            f"Row {before + row + 1} of the query has {values[row]!r:.80} in the column {column.name!r}, which is {column.type} in others.",
            remedy=f"Make them of one type in the query: CAST({column.name} AS ...).",
        ) from error


def _fits(value: Any, kind: Any) -> bool:
    try:
        pyarrow.array([value], type=kind)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError, OverflowError, ValueError):
        return False
    return True


def _seen(values: list[Any]) -> Any:
    """Return a type that all values have; of none and of mixed ones: text."""
    kinds: set[type] = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return pyarrow.float64()
    if len(kinds) != 1:
        return pyarrow.string()
    known: dict[type, Any] = {
        bool: pyarrow.bool_(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        Decimal: pyarrow.float64(),
        bytes: pyarrow.binary(),
        bytearray: pyarrow.binary(),
        date: pyarrow.date32(),
        datetime: pyarrow.timestamp("us"),
        time: pyarrow.time64("us"),
        timedelta: pyarrow.duration("us"),
    }
    return known.get(kinds.pop(), pyarrow.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, dict | list):
        return json.dumps(cast("object", value), default=str, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)


def to_json_value(value: Any) -> Any:
    """Return a value of a row as JSON has it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):  # beyond this a program that reads JSON has another number
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list):
        return [to_json_value(item) for item in cast("list[Any]", value)]
    return _text(value)
