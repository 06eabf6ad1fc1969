"""A SQL Server database, by Microsoft's mssql-python.

SQL Server has no transactions that only read: statements are looked at before they are run, and rolled back. Whoever makes the datastore
gives it a login that may only read.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flowyard.data.datastores.databases.dialects import CONNECT_S, Answer
from flowyard.data.datastores.databases.servers import CONFIGS, LOGIN, Server, server_of
from flowyard.data.datastores.databases.source import DatabaseTables, NoFiles
from flowyard.data.datastores.databases.statements import check_reads
from flowyard.data.datastores.errors import QueryError, StoreAccessError, StoreUnavailableError
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.ports import Kind
from flowyard.foundation.errors import FlowyardError, MissingExtraError

PORT = 1433
_BEGINS = frozenset({"SELECT", "WITH"})
#: Words that T-SQL reserves, so that no column is called so without quotes, and that do more than reading.
_REFUSED = frozenset(
    {
        "ALTER",
        "BACKUP",
        "BEGIN",
        "BULK",
        "CHECKPOINT",
        "COMMIT",
        "CREATE",
        "DBCC",
        "DECLARE",
        "DELETE",
        "DENY",
        "DROP",
        "EXEC",
        "EXECUTE",
        "FETCH",
        "GOTO",
        "GRANT",
        "IF",
        "INSERT",
        "INTO",
        "KILL",
        "MERGE",
        "OPENDATASOURCE",
        "OPENQUERY",
        "OPENROWSET",
        "PRINT",
        "RAISERROR",
        "READTEXT",
        "RECONFIGURE",
        "RESTORE",
        "RETURN",
        "REVERT",
        "REVOKE",
        "ROLLBACK",
        "SAVE",
        "SET",
        "SHUTDOWN",
        "TRUNCATE",
        "UPDATE",
        "UPDATETEXT",
        "USE",
        "WAITFOR",
        "WHILE",
        "WRITETEXT",
    }
)


class Mssql:
    """`Dialect` of a SQL Server database."""

    engine = "mssql+mssqlpython"

    def __init__(self, server: Server) -> None:
        self._server = server
        self.name = server.name

    def connect(self, seconds: float) -> Any:
        """See `Dialect.connect`. The connection goes to the very address that was checked; its certificate has to name the host."""
        try:
            import mssql_python  # pyright: ignore[reportMissingImports]
        except ImportError as error:
            raise MissingExtraError("A SQL Server database", "mssql") from error
        server, driver = self._server, mssql_python  # pyright: ignore[reportUnknownVariableType]
        keys = {
            "Server": f"tcp:{server.address()},{server.port}",
            "Database": server.database,
            "UID": server.username,
            "PWD": server.password,
            "Encrypt": "no" if server.tls == "disable" else "yes",
            "TrustServerCertificate": "yes" if server.tls == "require" else "no",
            "HostNameInCertificate": server.host,
            "ApplicationIntent": "ReadOnly",
        }
        text = "".join(f"{key}={{{value.replace('}', '}}')}}};" for key, value in keys.items())
        connection: Any = driver.connect(text, timeout=CONNECT_S)  # pyright: ignore[reportUnknownMemberType]
        connection.timeout = max(1, int(seconds))
        return connection

    def run(self, connection: Any, sql: str, rows: int) -> Answer:
        """See `Dialect.run`. Closing the connection rolls back."""
        check_reads(sql, begins=_BEGINS, refused=_REFUSED, mysql=False)
        cursor = connection.cursor()
        cursor.execute(sql)
        if cursor.description is None:
            raise QueryError("The statement gives no rows.")
        return Answer(cursor.description, iter(lambda: [tuple(row) for row in cursor.fetchmany(rows)], []))

    def type_of(self, column: Sequence[Any]) -> Any:
        """See `Dialect.type_of`. Decimals are doubles."""
        from flowyard.data.datastores.databases.arrow import pyarrow

        known: dict[Any, str] = {
            bool: "bool", int: "int64", float: "double", Decimal: "double", bytes: "binary", date: "date32", time: "time64[us]",
            datetime: "timestamp[us]", str: "string",
        }  # fmt: skip
        return pyarrow.type_for_alias(known[column[1]]) if column[1] in known else None

    def meaning(self, error: Exception, sql: str | None) -> FlowyardError | None:
        """See `Dialect.meaning`. The driver tells what went wrong in words only."""
        if not type(error).__module__.startswith("mssql_python"):
            return None
        said = str(error).partition("\n")[0][:300]
        low = said.lower()
        if "login failed" in low or "18456" in low:
            return StoreAccessError(f"{self.name} does not know the login: {said}.", remedy="Give another username or password.")
        if "permission" in low:
            return StoreAccessError(f"{self.name} does not allow it: {said}.", remedy="Give the login the right to read there.")
        if sql is not None and "timeout" in low:
            return QueryError("The statement takes longer than it may.", remedy="Ask for less: fewer rows, or a WHERE.")
        if sql is None:
            return StoreUnavailableError(f"{self.name} does not answer: {said}.", remedy="Check its host, port, database and tls.")
        return QueryError(f"SQL Server says: {said}.")


def tables_of(server: Server) -> DatabaseTables:
    """Return the tables of a SQL Server database."""
    return DatabaseTables(Mssql(server))


def _tables(place: Place) -> DatabaseTables:
    return tables_of(server_of(place, PORT))


KIND = Kind(
    type="mssql", configs=CONFIGS, credentials=LOGIN, needs_credentials=True, open=lambda place: NoFiles(_tables(place)), tables=_tables
)
