"""Every database that a test can have, as a source of tables: one set of tests, and one way to open each."""

import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pyarrow
import pytest

from flowyard.data.datastores.errors import (
    DatastoreInvalidError,
    QueryError,
    StoreAccessError,
    StoreRefusedError,
    StoreUnavailableError,
    TableNotFoundError,
)
from flowyard.data.datastores.kinds import KINDS
from flowyard.data.datastores.model import Bounds, Place
from flowyard.data.datastores.ports import TableSource
from flowyard.wire.datastores import DatastoreType
from support.postgres_database import postgres_database

MAKE = """
CREATE TABLE papers (id INTEGER PRIMARY KEY, title TEXT NOT NULL, score FLOAT, year INTEGER);
INSERT INTO papers VALUES (1, 'Attention', 9.5, 2017), (2, 'Résumé; -- of ''it''', NULL, 2020), (3, 'Last', 1.25, NULL);
CREATE VIEW recent AS SELECT title FROM papers WHERE year > 2018;
CREATE TABLE "Odd name.x" ("a b" INTEGER);
"""
LOOPBACK = frozenset({"127.0.0.1"})


@dataclass(frozen=True)
class Database:
    """A database with what `MAKE` made, as whoever may read it."""

    kind: DatastoreType
    configs: dict[str, str]
    secrets: dict[str, str]
    bounds: Bounds

    def open(self, *, secrets: dict[str, str] | None = None, bounds: Bounds | None = None, **configs: str) -> TableSource:
        opens = KINDS[self.kind].tables
        assert opens is not None
        return opens(Place(configs={**self.configs, **configs}, secrets=secrets or self.secrets, bounds=bounds or self.bounds))


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    file = tmp_path / "data/papers.db"
    file.parent.mkdir()
    with sqlite3.connect(file) as connection:
        connection.executescript(MAKE)
    connection.close()
    return Database("sqlite", {"path": str(file)}, {}, Bounds(roots=(file.parent,)))


@pytest.fixture
def postgresql(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    # What libpq would take from the server's own environment must not be used.
    for name, value in {"PGPASSWORD": "x", "PGUSER": "nobody", "PGOPTIONS": "-c search_path=none", "PGSSLMODE": "require"}.items():
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as plain:
        for name in list(os.environ):
            if name.startswith("PG"):
                plain.delenv(name)
        for url in postgres_database(postgres_url):
            name = urlsplit(url).path[1:]
            login = f"reader_{name}"
            with psycopg.connect(url, autocommit=True) as connection:
                for statement in MAKE.split(";\n"):
                    connection.execute(statement.encode())
                connection.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'right'".encode())
                connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {login}".encode())
                connection.execute(b"CREATE TABLE secret (a INTEGER)")
            place = urlsplit(url)
            configs = {"host": "127.0.0.1", "port": str(place.port), "database": name, "tls": "disable"}
            yield Database("postgresql", configs, {"username": login, "password": "right"}, Bounds(hosts=LOOPBACK))


@pytest.fixture
def azure_postgresql(postgresql: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Azure's keys lead to a host of Azure: here that is this machine, without TLS."""
    from flowyard.data.datastores.databases import servers

    configs = postgresql.configs
    real = servers._server
    monkeypatch.setattr(servers, "_server", lambda place, host, keys, default: real(place, host, keys, (default[0], "disable")))
    monkeypatch.setattr(servers, "allowed_address", lambda host, port, bounds: "127.0.0.1")
    keys = {"server_name": "papers", "database_name": configs["database"], "port_number": configs["port"]}
    return Database("azure_postgresql", keys, postgresql.secrets, postgresql.bounds)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def database(request: pytest.FixtureRequest) -> Database:
    return request.getfixturevalue(request.param)


def rows(source: TableSource, sql: str, **options: Any) -> list[dict[str, Any]]:
    with source.query(sql, seconds=options.pop("seconds", 30), **options) as found:
        return pyarrow.Table.from_batches(found.batches, found.schema).to_pylist()


def test_tables_views_and_columns(database: Database) -> None:
    source = database.open()
    assert "tables and views" in source.check()
    whole = source.tables(after=None, limit=100)
    named = {(table.name, table.kind) for table in whole.items}
    assert {("papers", "table"), ("recent", "view"), ("Odd name.x", "table")} <= named
    found, after = [], None
    while True:
        page = source.tables(after=after, limit=1)
        found, after = [*found, *page.items], page.next
        if after is None:
            break
    assert found == list(whole.items)
    about = source.columns(None, "papers")
    assert [(column.name, bool(column.nullable)) for column in about.columns][1:] == [("title", False), ("score", True), ("year", True)]
    assert source.columns(about.table.schema, "recent").table.kind == "view"
    with pytest.raises(TableNotFoundError, match="no table 'none'"):
        source.columns(None, "none")
    assert rows(source, source.select(about.table.schema, "Odd name.x")) == []


def test_rows_come_in_batches_of_one_schema(database: Database) -> None:
    source = database.open()
    with source.query("SELECT id, title, score, year FROM papers ORDER BY id;", seconds=30, batch_rows=2) as found:
        batches = list(found.batches)
    assert [batch.num_rows for batch in batches] == [2, 1]
    assert [str(field.type) for field in found.schema] == ["int64", "string", "double", "int64"]
    assert pyarrow.Table.from_batches(batches).to_pylist()[1:] == [
        {"id": 2, "title": "Résumé; -- of 'it'", "score": None, "year": 2020},
        {"id": 3, "title": "Last", "score": 1.25, "year": None},
    ]
    with source.query("SELECT id, title FROM papers WHERE 1 = 0", seconds=30) as found:
        assert (found.schema.names, list(found.batches)) == (["id", "title"], [])
    assert rows(source, "WITH a AS (SELECT 1 AS n) SELECT n FROM a") == [{"n": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM papers",
        "DROP TABLE papers",
        "CREATE TABLE x (a INTEGER)",
        "SELECT 1; DELETE FROM papers",
        "SELECT 1; COMMIT; DELETE FROM papers",
        "WITH gone AS (DELETE FROM papers RETURNING id) SELECT * FROM gone",
        "ATTACH DATABASE '/tmp/x.db' AS other",
        "COPY papers TO '/tmp/x'",
        "SET default_transaction_read_only = off",
        "COMMIT",
        "PRAGMA query_only = OFF",
        "SELECT load_extension('x')",
        "",
        "SELEC 1",
        "SELECT id AS a, id AS a FROM papers",
        "SELECT none FROM papers",
        "SELECT '\x00'",
    ],
)
def test_a_query_reads_and_does_nothing_else(database: Database, sql: str) -> None:
    source = database.open()
    with pytest.raises(QueryError) as caught:
        rows(source, sql)
    assert caught.value.remedy
    assert len(rows(source, "SELECT id FROM papers")) == 3


def test_a_query_that_takes_too_long_is_ended(database: Database) -> None:
    endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
    began = time.monotonic()
    with pytest.raises(QueryError, match="takes longer"):
        rows(database.open(), endless, seconds=0.3)
    assert time.monotonic() - began < 30


def test_a_connection_ends_with_its_block_also_when_rows_are_left(database: Database) -> None:
    with database.open().query("SELECT id FROM papers", seconds=30, batch_rows=1) as found:
        next(found.batches)
    with pytest.raises(Exception):  # noqa: B017, PT011 - each driver has its own word for it
        list(found.batches)


def test_what_the_reader_of_rows_raises_is_not_taken_for_the_databases(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="mine"), database.open().query("SELECT 1 AS a", seconds=30):
        raise sqlite3.OperationalError("mine")


def test_flowyards_own_database_is_refused(engine: Any, tmp_path: Path) -> None:
    url = engine.url
    if url.get_backend_name() == "sqlite":
        own = Database("sqlite", {"path": url.database}, {}, Bounds(roots=(tmp_path,)))
        with pytest.raises(DatastoreInvalidError, match="own folder"):
            own.open(bounds=Bounds(roots=(tmp_path,), home=Path(url.database).parent))
    else:
        configs = {"host": "127.0.0.1", "port": str(url.port), "database": url.database, "tls": "disable"}
        own = Database("postgresql", configs, {"username": url.username, "password": "x"}, Bounds(hosts=LOOPBACK))
    for call in (own.open().check, lambda: rows(own.open(), "SELECT 1 AS a")):
        with pytest.raises(StoreRefusedError, match="Flowyard itself"):
            call()


@pytest.mark.integration
def test_what_fails_is_said_address_login_right_database(postgresql: Database) -> None:
    with pytest.raises(StoreAccessError, match="does not know the login"):
        postgresql.open(secrets={"username": "nobody_at_all", "password": "x"}).check()
    with pytest.raises(StoreUnavailableError, match="is not there"):
        postgresql.open(database="none_such").check()
    with pytest.raises(StoreUnavailableError, match="does not answer"):
        postgresql.open(port="9").check()
    with pytest.raises(StoreUnavailableError, match="securely"):
        postgresql.open(tls="verify-full").check()
    with pytest.raises(StoreAccessError, match="does not allow it: permission denied for table secret"):
        rows(postgresql.open(), "SELECT * FROM secret")
    for changed, pointer in (
        ({"host": "/var/run/postgresql"}, "/configs/host"),
        ({"host": "a,b"}, "/configs/host"),
        ({"port": "0"}, "/configs/port"),
        ({"tls": "prefer"}, "/configs/tls"),
    ):
        with pytest.raises(DatastoreInvalidError) as caught:
            postgresql.open(**changed)
        assert caught.value.location is not None
        assert caught.value.location.pointer == pointer
    with pytest.raises(DatastoreInvalidError, match="no public address"):
        postgresql.open(bounds=Bounds())


@pytest.mark.integration
def test_an_error_says_where_in_the_statement_it_is(postgresql: Database) -> None:
    with pytest.raises(QueryError) as caught:
        rows(postgresql.open(), "SELECT id,\n  nothing\nFROM papers")
    assert caught.value.location is not None
    assert (caught.value.location.line, caught.value.location.column) == (2, 3)


@pytest.mark.integration
def test_types_of_postgresql_and_its_name_on_azure(azure_postgresql: Database) -> None:
    sql = """SELECT true AS b, 1.25::numeric(10, 2) AS exact, 0.5::numeric AS any, DATE '2026-11-27' AS d, TIME '10:00' AS t,
        TIMESTAMP '2026-11-27 10:00:00' AS ts, TIMESTAMPTZ '2026-11-27 10:00:00+02' AS tz, '{"a": 1}'::jsonb AS j, ARRAY[1, 2] AS l,
        INTERVAL '1 month' AS i, '\\x00ff'::bytea AS x, 'f47ac10b-58cc-4372-a567-0e02b2c3d479'::uuid AS u, NULL AS none"""
    with azure_postgresql.open().query(sql, seconds=30) as found:
        (batch,) = found.batches
    assert [str(field.type) for field in found.schema] == [
        "bool", "decimal128(10, 2)", "double", "date32[day]", "time64[us]", "timestamp[us]", "timestamp[us, tz=UTC]", "string", "string",
        "string", "binary", "string", "string",
    ]  # fmt: skip
    (row,) = batch.to_pylist()
    assert (row["d"], row["tz"], row["j"], row["l"], row["i"], row["none"]) == (
        date(2026, 11, 27), datetime(2026, 11, 27, 8, tzinfo=UTC), '{"a": 1}', "[1, 2]", "1 mon", None,
    )  # fmt: skip


def test_values_of_sqlite_that_do_not_fit_their_column(sqlite: Database) -> None:
    mixed = "SELECT CASE WHEN id < 3 THEN id ELSE 'three' END AS v FROM papers ORDER BY id"
    with pytest.raises(QueryError, match=r"Row 3 of the query has 'three' in the column 'v', which is int64") as caught:
        rows(sqlite.open(), mixed, batch_rows=2)
    assert "CAST" in str(caught.value.remedy)
    assert rows(sqlite.open(), mixed) == [{"v": "1"}, {"v": "2"}, {"v": "three"}]
    other = Path(sqlite.configs["path"]).with_name("other.txt")
    with pytest.raises(StoreUnavailableError, match="There is no file"):
        sqlite.open(path=str(other)).check()
    other.write_text("no database" * 100)
    with pytest.raises(StoreUnavailableError, match="cannot be read"):
        sqlite.open(path=str(other)).check()
    with pytest.raises(DatastoreInvalidError, match="not below"):
        sqlite.open(path="/etc/passwd")
