"""Statements for databases whose transactions do not keep them from writing, and what is said where a driver is missing."""

import sys

import pytest

from flowyard.data.datastores.databases.statements import check_reads
from flowyard.data.datastores.errors import QueryError
from flowyard.data.datastores.kinds import KINDS
from flowyard.data.datastores.model import Bounds, Place
from flowyard.data.datastores.types.mssql import _BEGINS as MSSQL_BEGINS
from flowyard.data.datastores.types.mssql import _REFUSED as MSSQL
from flowyard.data.datastores.types.mysql import _BEGINS as MYSQL_BEGINS
from flowyard.data.datastores.types.mysql import _REFUSED as MYSQL
from flowyard.foundation.errors import MissingExtraError
from flowyard.wire.datastores import DatastoreType


def check(sql: str, *, mysql: bool) -> None:
    words = (MYSQL_BEGINS, MYSQL) if mysql else (MSSQL_BEGINS, MSSQL)
    check_reads(sql, begins=words[0], refused=words[1], mysql=mysql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "  -- a; comment\nSELECT ';' AS a, 'it''s; DROP' AS b FROM t",
        "/* DELETE; */ WITH a AS (SELECT 1 AS n) SELECT n FROM a",
        'SELECT "update; x" FROM "into"',
    ],
)
def test_what_reads_is_let_through(sql: str) -> None:
    for mysql in (True, False):
        check(sql, mysql=mysql)


@pytest.mark.parametrize(
    ("sql", "mysql"),
    [
        ("DELETE FROM t", True),
        ("DELETE FROM t", False),
        ("SELECT 1; SELECT 2", True),
        ("SELECT * INTO copy FROM t", False),
        ("SELECT 1 INTO OUTFILE '/x'", True),
        ("SELECT 1 --1 INTO OUTFILE '/x'", True),
        ("SELECT 1 --1\rINTO OUTFILE '/x'", True),
        ("SELECT 1 -- x\rDELETE FROM t", False),
        ("SELECT '\\' INTO OUTFILE '/x'", True),
        ("SELECT '\\' DELETE FROM t --'", False),
        ("SELECT 1 /*! INTO OUTFILE '/x' */", True),
        ("SELECT 1 #\nINTO OUTFILE '/x'", True),
        ("SELECT 1 AS a# DELETE FROM t", False),
        ("SELECT [a]]; DELETE] FROM t DELETE FROM t", False),
        ("SELECT 'open", False),
        ("SELECT 1 EXEC xp_cmdshell 'x'", False),
        ("WITH a AS (SELECT 1 AS n) DELETE FROM t", False),
        ("", False),
        ("-- nothing", True),
    ],
)
def test_what_does_more_is_refused(sql: str, mysql: bool) -> None:
    with pytest.raises(QueryError) as caught:
        check(sql, mysql=mysql)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("kind", "configs", "extra", "module"),
    [
        ("mysql", {"host": "127.0.0.1", "database": "d"}, "mysql", "pymysql"),
        ("mssql", {"host": "127.0.0.1", "database": "d"}, "mssql", "mssql_python"),
    ],
)
def test_a_driver_that_is_missing_is_named(
    kind: DatastoreType, configs: dict[str, str], extra: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    opens = KINDS[kind].tables
    assert opens is not None
    source = opens(Place(configs=configs, secrets={"username": "u", "password": "p"}, bounds=Bounds(hosts=frozenset({"127.0.0.1"}))))
    with pytest.raises(MissingExtraError, match="not installed") as caught:
        source.check()
    assert f"flowyard[{extra}]" in str(caught.value.remedy)
