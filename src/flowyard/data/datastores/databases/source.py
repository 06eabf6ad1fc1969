"""The tables of a database, whichever it is."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flowyard.data.datastores.databases.dialects import Dialect
from flowyard.data.datastores.errors import QueryError, StoreRefusedError, TableNotFoundError
from flowyard.data.datastores.model import FilePage
from flowyard.data.datastores.ports import RowStream, TableSource
from flowyard.foundation.errors import FlowyardError
from flowyard.wire.datastores import StoredFile, StoredTable, StoredTables, TableColumn, TableColumns

_LOOK_S = 30.0
#: Tables by which Flowyard's own databases are known: nobody's statements run there.
_OWN = ({"alembic_version", "datastores", "api_keys", "workspaces"}, {"workflow_status", "operation_outputs", "notifications"})
_LONGEST = 100_000


class DatabaseTables:
    """`TableSource` of a database."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def check(self) -> str:
        """See `TableSource.check`."""
        with self._inspector() as inspector:
            schema = inspector.default_schema_name
            count = len(inspector.get_table_names()) + len(inspector.get_view_names())
        place = f" in the schema {schema!r}" if schema else ""
        return f"{self._dialect.name[0].upper()}{self._dialect.name[1:]} answers; tables and views{place}: {count}."

    def tables(self, *, after: str | None, limit: int) -> StoredTables:
        """See `TableSource.tables`."""
        with self._inspector() as inspector:
            found = [table for schema in _schemas(inspector) for table in _tables(inspector, schema)]
        found.sort(key=_place)
        rest = [table for table in found if after is None or _place(table) > after]
        return StoredTables(items=tuple(rest[:limit]), next=_place(rest[limit - 1]) if len(rest) > limit else None)

    def columns(self, schema: str | None, name: str) -> TableColumns:
        """See `TableSource.columns`."""
        with self._inspector() as inspector:
            where = schema or inspector.default_schema_name
            view = name in inspector.get_view_names(where)
            if not view and name not in inspector.get_table_names(where):
                raise TableNotFoundError(f"{self._dialect.name} has no table {name!r}" + (f" in the schema {where!r}." if where else "."))
            columns = tuple(
                TableColumn(name=str(column["name"]), type=str(column["type"]), nullable=column.get("nullable"))
                for column in inspector.get_columns(name, where)
            )
        return TableColumns(table=StoredTable(name=name, schema=where, kind="view" if view else "table"), columns=columns)

    def select(self, schema: str | None, name: str) -> str:
        """See `TableSource.select`."""
        from sqlalchemy.engine import make_url

        quote: Any = make_url(f"{self._dialect.engine}://").get_dialect()().identifier_preparer.quote_identifier
        return f"SELECT * FROM {'.'.join(quote(part) for part in (schema, name) if part)}"  # noqa: S608 - quoted names

    @contextmanager
    def query(self, sql: str, *, seconds: float, batch_rows: int = 10_000) -> Generator[RowStream]:
        """See `TableSource.query`."""
        text = sql.strip().rstrip(";").rstrip()
        if not text or len(text) > _LONGEST or "\x00" in text:
            raise QueryError(f"A statement has 1 to {_LONGEST} characters, and no null characters.")
        from flowyard.data.datastores.databases.arrow import stream

        with self._errors(None):
            connection = self._connect(seconds)
        try:
            with self._errors(text):
                found = stream(self._dialect, self._dialect.run(connection, text, batch_rows))
            yield RowStream(found.schema, self._batches(found, text))
        finally:
            _close(connection)

    def _batches(self, found: RowStream, sql: str) -> Iterator[Any]:
        with self._errors(sql):
            yield from found.batches

    def _connect(self, seconds: float) -> Any:
        """Return a connection to a database that is not Flowyard's own."""
        connection = self._dialect.connect(seconds)
        try:
            self._refuse_own(connection)
        except BaseException:
            _close(connection)
            raise
        return connection

    def _refuse_own(self, connection: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(_names(self._dialect.engine))
        names = {str(row[0]) for row in cursor.fetchall()}
        cursor.close()
        if any(own <= names for own in _OWN):
            raise StoreRefusedError(
                f"{self._dialect.name} is a database of Flowyard itself.", remedy="Name a database with data; copy what you need."
            )

    @contextmanager
    def _inspector(self) -> Generator[Any]:
        from sqlalchemy import create_engine, inspect
        from sqlalchemy.pool import NullPool

        with self._errors(None):
            made = self._connect(_LOOK_S)  # the one connection of the block, which the engine closes
            engine = create_engine(f"{self._dialect.engine}://", creator=lambda: made, poolclass=NullPool)
            try:
                with engine.connect() as connection:
                    yield inspect(connection)
            finally:
                engine.dispose()

    @contextmanager
    def _errors(self, sql: str | None) -> Generator[None]:
        try:
            yield
        except FlowyardError:
            raise
        except Exception as error:
            original = getattr(error, "orig", None)
            meaning = self._dialect.meaning(original if isinstance(original, Exception) else error, sql)
            if meaning is None:
                raise
            raise meaning from error


class NoFiles:
    """`StoreFiles` of a datastore that has tables: it says so."""

    def __init__(self, tables: TableSource) -> None:
        self._tables = tables

    def check(self) -> str:
        """See `StoreFiles.check`."""
        return self._tables.check()

    def files(self, folder: str, *, after: str | None, limit: int) -> FilePage:
        """See `StoreFiles.files`."""
        del folder, after, limit
        raise _no_files()

    def info(self, path: str) -> StoredFile:
        """See `StoreFiles.info`."""
        del path
        raise _no_files()

    def read(self, path: str, start: int, end: int) -> bytes:
        """See `StoreFiles.read`."""
        del path, start, end
        raise _no_files()

    def write(self, path: str, source: Any) -> None:
        """See `StoreFiles.write`."""
        del path, source
        raise _no_files()


def _no_files() -> StoreRefusedError:
    return StoreRefusedError(
        "This datastore is a database: it has tables, no files.",
        remedy="List them with: flowyard datastore tables NAME; read rows with: flowyard datastore query NAME 'SELECT ...'.",
    )


def _tables(inspector: Any, schema: str | None) -> list[StoredTable]:
    tables = [StoredTable(name=name, schema=schema, kind="table") for name in inspector.get_table_names(schema)]
    return tables + [StoredTable(name=name, schema=schema, kind="view") for name in inspector.get_view_names(schema)]


def _schemas(inspector: Any) -> list[str | None]:
    hidden = {"information_schema", "pg_catalog", "pg_toast", "sys", "performance_schema", "INFORMATION_SCHEMA", "guest"}
    if not inspector.default_schema_name:
        return [None]
    return [name for name in inspector.get_schema_names() if name not in hidden and not name.startswith(("pg_temp", "pg_toast", "db_"))]


def _place(table: StoredTable) -> str:
    return f"{table.schema or ''}.{table.name}"


def _names(engine: str) -> str:
    """Return the statement that gives the names of all tables, of whatever schema."""
    if engine.startswith("sqlite"):
        return "SELECT name FROM sqlite_master WHERE type = 'table'"
    if engine.startswith("postgresql"):
        return "SELECT DISTINCT relname::text FROM pg_catalog.pg_class WHERE relkind = 'r'"
    return "SELECT DISTINCT table_name FROM information_schema.tables"


def _close(connection: Any) -> None:
    with suppress(Exception):
        connection.close()
