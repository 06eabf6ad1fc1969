"""A PostgreSQL database, by psycopg."""

import os
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flowyard.data.datastores.databases.dialects import CONNECT_S, Answer
from flowyard.data.datastores.databases.servers import CONFIGS, LOGIN, Server, server_of
from flowyard.data.datastores.databases.source import DatabaseTables, NoFiles
from flowyard.data.datastores.errors import QueryError, StoreAccessError, StoreUnavailableError
from flowyard.data.datastores.model import Place
from flowyard.data.datastores.ports import Kind
from flowyard.foundation.errors import FlowyardError, Location

PORT = 5432
#: PostgreSQL's numbers of types (pg_type.oid) whose values Arrow has as such. All others are read as text.
_WHOLE, _DOUBLE, _NUMERIC = {20, 21, 23, 26}, {700, 701}, 1700
_OTHERS = {16: "bool", 17: "binary", 1082: "date32", 1083: "time64[us]", 1114: "timestamp[us]"}
_TIMESTAMPTZ = 1184
_TEXTS = ("json", "jsonb", "interval", "uuid", "inet", "cidr", "timetz")


class Postgresql:
    """`Dialect` of a PostgreSQL database."""

    engine = "postgresql+psycopg"

    def __init__(self, server: Server) -> None:
        self._server = server
        self.name = server.name

    def connect(self, seconds: float) -> Any:
        """See `Dialect.connect`. The variables of the server's own environment, and its ``.pgpass``, are not used."""
        import psycopg
        from psycopg.types.string import TextLoader

        server, limit = self._server, int(seconds * 1000)
        connection = psycopg.connect(
            host=server.host,
            hostaddr=server.address(),
            port=server.port,
            dbname=server.database,
            user=server.username,
            password=server.password,
            passfile=os.devnull,
            sslmode=server.tls,
            sslcertmode="disable",
            sslrootcert=_authorities() if server.tls == "verify-full" else os.devnull,
            gssencmode="disable",
            connect_timeout=CONNECT_S,
            application_name="flowyard",
            options=f"-c default_transaction_read_only=on -c statement_timeout={limit} -c idle_in_transaction_session_timeout={limit}",
        )
        for name in _TEXTS:
            connection.adapters.register_loader(name, TextLoader)
        return connection

    def run(self, connection: Any, sql: str, rows: int) -> Answer:
        """See `Dialect.run`. A cursor takes only what gives rows; prepared, it is one statement, and no COMMIT goes with it."""
        connection.execute(f"DECLARE rows_of_query NO SCROLL CURSOR FOR {sql}", prepare=True)
        cursor = connection.cursor()

        def page() -> list[Any]:
            return cursor.execute(f"FETCH FORWARD {rows} FROM rows_of_query").fetchall()

        first = page()
        description = tuple(cursor.description)

        def pages() -> Any:
            found = first
            while found:
                yield found
                found = page() if len(found) == rows else []

        return Answer(description, pages())

    def type_of(self, column: Sequence[Any]) -> Any:
        """See `Dialect.type_of`. Numerics with a declared precision are decimals, those without are doubles."""
        from flowyard.data.datastores.databases.arrow import pyarrow

        about: Any = column
        code = about.type_code
        if code in _WHOLE:
            return pyarrow.int64()
        if code in _DOUBLE:
            return pyarrow.float64()
        if code == _NUMERIC:
            fits = about.precision is not None and about.precision <= 38 and 0 <= (about.scale or 0) <= about.precision
            return pyarrow.decimal128(about.precision, about.scale or 0) if fits else pyarrow.float64()
        if code == _TIMESTAMPTZ:
            return pyarrow.timestamp("us", tz="UTC")
        return pyarrow.type_for_alias(_OTHERS[code]) if code in _OTHERS else pyarrow.string()

    def meaning(self, error: Exception, sql: str | None) -> FlowyardError | None:
        """See `Dialect.meaning`."""
        import psycopg

        if not isinstance(error, psycopg.Error):
            return None
        said = error.diag.message_primary or str(error).strip().rpartition("FATAL:")[2].strip().partition("\n")[0][:300]
        if error.sqlstate is None and sql is None:
            return self._unconnected(str(error), said)
        if error.sqlstate is None and not isinstance(error, psycopg.OperationalError):
            return QueryError(f"A value cannot be read: {said}.", remedy="Make it another type in the query: CAST(... AS TEXT).")
        return self._failed(error.sqlstate or "08000", said) or QueryError(f"PostgreSQL says: {said}.", location=_location(error, sql))

    def _failed(self, state: str, said: str) -> FlowyardError | None:
        if state == "57014":
            return QueryError("The statement takes longer than it may.", remedy="Ask for less: fewer rows, or a WHERE.")
        if state == "42501":
            return StoreAccessError(f"{self.name} does not allow it: {said}.", remedy="Give the login the right to read there.")
        if state == "25006":
            return QueryError(f"The statement does more than reading: {said}.")
        if state.startswith(("08", "57", "53")):
            return StoreUnavailableError(f"{self.name} does not answer: {said}.", remedy="Try again later.")
        return None

    def _unconnected(self, text: str, said: str) -> FlowyardError:
        if re.search(r"password authentication failed|role .* does not exist|no password supplied", text):
            return StoreAccessError(f"{self.name} does not know the login: {said}.", remedy="Give another username or password.")
        if re.search(r"database .* does not exist", text):
            return StoreUnavailableError(f"{self.name} is not there: {said}.", remedy="Correct the database's name.")
        if re.search(r"pg_hba\.conf|permission denied", text):
            return StoreAccessError(f"{self.name} lets this login not in: {said}.", remedy="Give it the right to connect.")
        if re.search(r"SSL|certificate", text):
            return StoreUnavailableError(
                f"{self.name} cannot be connected to securely: {said}.",
                remedy="Give the server a certificate of a known authority; or write tls: require (not verified) or tls: disable.",
            )
        return StoreUnavailableError(f"{self.name} does not answer: {said}.", remedy="Check its host and port.")


def _authorities() -> str:
    known = ssl.get_default_verify_paths()
    return next((file for file in (known.cafile, known.openssl_cafile) if file and Path(file).is_file()), "system")


def _location(error: Any, sql: str | None) -> Location | None:
    """Return the line and column in the statement, of an error that says where in the cursor's declaration it is."""
    at = error.diag.statement_position
    if not sql or not at:
        return None
    position = int(at) - 1 - len("DECLARE rows_of_query NO SCROLL CURSOR FOR ")
    if not 0 <= position <= len(sql):
        return None
    before = sql[:position]
    return Location(line=before.count("\n") + 1, column=position - (before.rfind("\n") + 1) + 1)


def tables_of(server: Server) -> DatabaseTables:
    """Return the tables of a PostgreSQL database."""
    return DatabaseTables(Postgresql(server))


def _tables(place: Place) -> DatabaseTables:
    return tables_of(server_of(place, PORT))


KIND = Kind(
    type="postgresql",
    configs=CONFIGS,
    credentials=LOGIN,
    needs_credentials=True,
    open=lambda place: NoFiles(_tables(place)),
    tables=_tables,
)
