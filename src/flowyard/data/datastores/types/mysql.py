"""A MySQL or MariaDB database, by PyMySQL."""

import contextlib
import socket
from collections.abc import Sequence
from typing import Any

from flowyard.data.datastores.databases.dialects import CONNECT_S, Answer
from flowyard.data.datastores.databases.servers import CONFIGS, LOGIN, Server, server_of
from flowyard.data.datastores.databases.source import DatabaseTables, NoFiles
from flowyard.data.datastores.databases.statements import check_reads
from flowyard.data.datastores.errors import QueryError, StoreAccessError, StoreUnavailableError
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.ports import Kind
from flowyard.foundation.errors import FlowyardError, MissingExtraError

PORT = 3306
_BEGINS = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "SHOW", "DESCRIBE", "EXPLAIN"})
_REFUSED = frozenset({"INTO", "OUTFILE", "DUMPFILE", "PROCEDURE", "GET_LOCK", "LOAD_FILE", "SLEEP", "BENCHMARK"})
#: MySQL's numbers of types (the protocol's column types) that Arrow has as such. Of the others the values tell.
_WHOLE, _DOUBLE = {1, 2, 3, 8, 9, 13}, {4, 5, 0, 246}
_OTHERS = {10: "date32", 7: "timestamp[us]", 12: "timestamp[us]", 11: "duration[us]"}
#: Its numbers of errors: of a login, of a right, of a database, and of time that is over.
_LOGIN, _RIGHT, _DATABASE, _TIME = {1045, 1698}, {1044, 1142, 1143, 1227, 1370}, {1049}, {1317, 1969, 3024}


class Mysql:
    """`Dialect` of a MySQL database."""

    engine = "mysql+pymysql"

    def __init__(self, server: Server) -> None:
        self._server = server
        self.name = server.name

    def connect(self, seconds: float) -> Any:
        """See `Dialect.connect`. The connection goes to the very address that was checked."""
        try:
            import pymysql
            from pymysql.cursors import SSCursor
        except ImportError as error:
            raise MissingExtraError("A MySQL database", "mysql") from error
        server, context = self._server, self._server.context()
        made: Any = pymysql.connect
        connection = made(
            host=server.host,
            port=server.port,
            user=server.username,
            password=server.password,
            database=server.database,
            charset="utf8mb4",
            cursorclass=SSCursor,
            read_timeout=seconds + CONNECT_S,
            write_timeout=CONNECT_S,
            ssl=context,
            ssl_disabled=context is None,
            defer_connect=True,
            program_name="flowyard",
        )
        try:
            wire = socket.create_connection((server.address(), server.port), timeout=CONNECT_S)
        except OSError as error:
            raise StoreUnavailableError(f"{self.name} does not answer: {error}.", remedy="Check its host and port.") from error
        connection.connect(wire)
        _limit(connection, seconds)
        return connection

    def run(self, connection: Any, sql: str, rows: int) -> Answer:
        """See `Dialect.run`."""
        check_reads(sql, begins=_BEGINS, refused=_REFUSED, mysql=True)
        cursor = connection.cursor()
        cursor.execute(sql)
        if cursor.description is None:
            raise QueryError("The statement gives no rows.")
        return Answer(cursor.description, iter(lambda: list(cursor.fetchmany(rows)), []))

    def type_of(self, column: Sequence[Any]) -> Any:
        """See `Dialect.type_of`. Decimals are doubles."""
        from flowyard.data.datastores.databases.arrow import pyarrow

        code = column[1]
        if code in _WHOLE:
            return pyarrow.int64()
        if code in _DOUBLE:
            return pyarrow.float64()
        return pyarrow.type_for_alias(_OTHERS[code]) if code in _OTHERS else None

    def meaning(self, error: Exception, sql: str | None) -> FlowyardError | None:
        """See `Dialect.meaning`."""
        try:
            from pymysql.err import Error, OperationalError
        except ImportError:
            return None
        if not isinstance(error, Error):
            return None
        number = error.args[0] if error.args else None
        said = str(error.args[-1] if error.args else error)[:300]
        if sql is not None and (number in _TIME or "timed out" in said):
            return QueryError("The statement takes longer than it may.", remedy="Ask for less: fewer rows, or a WHERE.")
        if sql is None or number in _LOGIN | _RIGHT | _DATABASE or (isinstance(error, OperationalError) and number in {2003, 2006, 2013}):
            return self._unreached(number, said)
        return QueryError(f"MySQL says: {said}.")

    def _unreached(self, number: Any, said: str) -> FlowyardError:
        if number in _LOGIN:
            return StoreAccessError(f"{self.name} does not know the login: {said}.", remedy="Give another username or password.")
        if number in _RIGHT:
            return StoreAccessError(f"{self.name} does not allow it: {said}.", remedy="Give the login the right to read there.")
        if number in _DATABASE:
            return StoreUnavailableError(f"{self.name} is not there: {said}.", remedy="Correct the database's name.")
        return StoreUnavailableError(f"{self.name} does not answer: {said}.", remedy="Check its host, port and tls.")


def _limit(connection: Any, seconds: float) -> None:
    """Let a connection only read, and end its statements in time; MySQL and MariaDB have different words for that."""
    cursor = connection.cursor()
    for statement in (f"SET SESSION max_execution_time = {int(seconds * 1000)}", f"SET SESSION max_statement_time = {seconds}"):
        with contextlib.suppress(Exception):
            cursor.execute(statement)
    cursor.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'")  # so that a backslash is what `check_reads` takes it for
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    cursor.execute("START TRANSACTION READ ONLY")
    cursor.close()


def tables_of(server: Server) -> DatabaseTables:
    """Return the tables of a MySQL database."""
    return DatabaseTables(Mysql(server))


def _tables(place: Place) -> DatabaseTables:
    return tables_of(server_of(place, PORT))


KIND = Kind(
    type="mysql", configs=CONFIGS, credentials=LOGIN, needs_credentials=True, open=lambda place: NoFiles(_tables(place)), tables=_tables
)
