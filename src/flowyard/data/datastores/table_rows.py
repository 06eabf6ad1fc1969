"""The first rows of a query, to be looked at."""

from threading import BoundedSemaphore
from typing import Any

from flowyard.data.datastores.errors import QueryError, StoreUnavailableError
from flowyard.data.datastores.ports import TableSource
from flowyard.foundation.errors import Location
from flowyard.wire.datastores import TableColumn, TableRows

MOST_ROWS = 1000
#: How long a statement may take whose answer somebody waits for.
SECONDS = 30.0
#: Longer texts are cut, and an answer with more characters ends there.
LONGEST_TEXT, LONGEST_ANSWER = 10_000, 4_000_000
_AT_ONCE = BoundedSemaphore(8)


def first_rows(source: TableSource, sql: str, limit: int) -> TableRows:
    """Return the first rows of a statement, as JSON has them.

    Raises:
        QueryError: `limit` is not 1 to `MOST_ROWS`, or as `TableSource.query`.
        StoreUnavailableError: too many queries run already, or as `TableSource.query`.
        StoreAccessError, MissingExtraError: likewise.
    """
    from flowyard.data.datastores.databases.arrow import to_json_value

    if not 1 <= limit <= MOST_ROWS:
        raise QueryError(f"{limit} rows were asked for.", remedy=f"Ask for 1 to {MOST_ROWS}.", location=Location(pointer="/limit"))
    if not _AT_ONCE.acquire(timeout=SECONDS):
        raise StoreUnavailableError("Too many queries run at once.", remedy="Try again when some are done.")
    try:
        with source.query(sql, seconds=SECONDS, batch_rows=limit + 1) as found:
            columns = tuple(TableColumn(name=field.name, type=str(field.type)) for field in found.schema)
            batch: Any = next(found.batches, None)
            values: list[list[Any]] = [] if batch is None else [column.to_pylist() for column in batch.columns]
    finally:
        _AT_ONCE.release()
    rows: list[tuple[Any, ...]] = []
    size = 0
    for given in zip(*values, strict=True):
        row = tuple(_cut(to_json_value(value)) for value in given)
        size += sum(len(value) if isinstance(value, str) else 10 for value in row)
        if len(rows) == limit or size > LONGEST_ANSWER:
            return TableRows(columns=columns, rows=tuple(rows), more=True)
        rows.append(row)
    return TableRows(columns=columns, rows=tuple(rows), more=False)


def _cut(value: Any) -> Any:
    return f"{value[:LONGEST_TEXT]}\u2026" if isinstance(value, str) and len(value) > LONGEST_TEXT else value
