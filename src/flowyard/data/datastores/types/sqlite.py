"""A SQLite file of the server's machine, below a folder that the operator names (``FLOWYARD_DATA_ROOTS``)."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flowyard.data.datastores.databases.dialects import Answer
from flowyard.data.datastores.databases.source import DatabaseTables, NoFiles
from flowyard.data.datastores.errors import QueryError, StoreAccessError, StoreUnavailableError
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.roots import check_root
from flowyard.foundation.errors import FlowyardError

#: What a statement may do: select, read a column, call a function, recurse, and what reflection asks.
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33}
_STEPS = 10_000
_LONGEST_VALUE = 32 * 1024 * 1024


class Sqlite:
    """`Dialect` of a SQLite file."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = f"the SQLite file {path.name!r}"

    def connect(self, seconds: float) -> Any:
        """See `Dialect.connect`. The file is opened to be read only; a statement's work is counted, and ended when its time is over."""
        if not self._path.is_file():
            raise StoreUnavailableError(
                f"There is no file {str(self._path)!r}.", remedy="Make it, or make the datastore with another path."
            )
        uri = f"file:{quote(str(self._path))}?mode=ro"
        connection: Any = sqlite3.connect(uri, uri=True, timeout=min(seconds, 10), check_same_thread=False)
        connection.text_factory = _text
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        until = time.monotonic() + seconds
        connection.set_progress_handler(lambda: int(time.monotonic() > until), _STEPS)
        return connection

    def run(self, connection: Any, sql: str, rows: int) -> Answer:
        """See `Dialect.run`."""
        connection.set_authorizer(_permitted)
        cursor = connection.execute(sql)
        if cursor.description is None:
            raise QueryError("The statement gives no rows.")
        return Answer(cursor.description, iter(lambda: cursor.fetchmany(rows), []))

    def type_of(self, column: Sequence[Any]) -> Any:
        """See `Dialect.type_of`: in SQLite values have types, columns do not."""
        del column

    def meaning(self, error: Exception, sql: str | None) -> FlowyardError | None:
        """See `Dialect.meaning`."""
        if not isinstance(error, sqlite3.Error | sqlite3.Warning):
            return None
        text = str(error)
        if text == "interrupted":
            return QueryError("The statement takes longer than it may.", remedy="Ask for less: fewer rows, or a WHERE.")
        if "not authorized" in text or "prohibited" in text or "readonly" in text:
            return QueryError(f"The statement does more than reading: {text}.")
        if "unable to open" in text:
            return StoreAccessError(f"{self.name} cannot be opened: {text}.", remedy="Give Flowyard's user the right to read it.")
        if sql is None or "not a database" in text or "malformed" in text or "encrypted" in text:
            return StoreUnavailableError(f"{self.name} cannot be read: {text}.", remedy="Name a SQLite file.")
        return QueryError(f"SQLite says: {text}.")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _permitted(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _tables(place: Place) -> DatabaseTables:
    path = Path(place.configs["path"])
    check_root(path, place.bounds)
    return DatabaseTables(Sqlite(path.resolve()))


KIND = Kind(type="sqlite", configs={"path": True}, credentials=(), open=lambda place: NoFiles(_tables(place)), tables=_tables)
