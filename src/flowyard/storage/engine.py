"""Opens the metadata database: SQLite (write-ahead log) or PostgreSQL (psycopg 3).

Repositories use `reading` and `writing`, never a bare connection: on SQLite a transaction that may write has to say so at its
beginning, or two of them can each hold what the other waits for.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from flowyard.foundation.errors import InvalidInputError
from flowyard.storage.errors import DatabaseUnavailableError

BUSY_TIMEOUT_MS = 15_000
_READING = "flowyard_reading"


def open_engine(url: str) -> Engine:
    """Return an engine for ``sqlite:///<file>`` or ``postgresql://…``. Nothing is connected to yet.

    A committed write is on the disk when the call that made it returns (``synchronous=FULL``).

    Raises:
        InvalidInputError: `url` is neither.
        DatabaseUnavailableError: the SQLite file or its folder cannot be made.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=32,
        connect_args={"connect_timeout": 10},
    )
    event.listen(engine, "handle_error", _translate)
    return engine


@contextmanager
def reading(engine: Engine) -> Generator[Connection, None, None]:
    """Yield a connection whose statements see one moment and write nothing; readers never wait for writers."""
    with engine.connect() as connection:
        yield connection.execution_options(**{_READING: True})


@contextmanager
def writing(engine: Engine) -> Generator[Connection, None, None]:
    """Yield a connection in a transaction that commits at the end, or rolls back when an exception leaves the block.

    On SQLite it holds the write lock from its beginning, so what it reads stays true until it commits.
    """
    with engine.begin() as connection:
        yield connection


def ping(engine: Engine) -> None:
    """Connect once.

    Raises:
        DatabaseUnavailableError: that failed; the message says why.
    """
    try:
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as error:
        shown = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnavailableError(
            f"The database {shown!r} does not answer: {str(error.orig).strip()}.",
            remedy="Check FLOWYARD_DATABASE_URL and that the database runs; for SQLite, that FLOWYARD_HOME can be written.",
        ) from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
        backend = parsed.get_backend_name()
    except ArgumentError as error:
        raise InvalidInputError(f"The database URL cannot be read: {error}.", remedy=_URL_REMEDY) from error
    if backend not in {"sqlite", "postgresql"}:
        raise InvalidInputError(f"The database URL names {backend!r}; expected sqlite or postgresql.", remedy=_URL_REMEDY)
    return parsed


_URL_REMEDY = "Set FLOWYARD_DATABASE_URL to sqlite:////<absolute path> or postgresql://<user>:<password>@<host>/<database>."


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise InvalidInputError("An SQLite database has to be a file: several processes share it.", remedy=_URL_REMEDY)
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # For its owner alone; the files that SQLite puts beside it get the same mode.
        Path(url.database).touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailableError(
            f"The database {url.database!r} cannot be written: {error.strerror}.",
            remedy="Set FLOWYARD_HOME to a folder that you may write.",
        ) from error
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), pool_size=8, max_overflow=32)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _translate)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    del record
    # The driver's own transactions begin too late (at the first write): ours begin in `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _translate(context: ExceptionContext) -> None:
    """Turn values that no column can hold (a NUL in text on PostgreSQL, an integer beyond 64 bits) into the caller's error."""
    original = context.original_exception
    name = type(original).__name__
    if isinstance(original, OverflowError) or name in {"DataError", "NumericValueOutOfRange", "UntranslatableCharacter"}:
        raise InvalidInputError(
            "A value cannot be stored: text must not hold NUL characters or be too long, numbers must fit 64 bits.",
            remedy="Send plain text and smaller numbers.",
        ) from original
