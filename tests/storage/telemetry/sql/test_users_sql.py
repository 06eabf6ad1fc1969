"""Users' SQL: right answers over every place where rows are, and no way out of the workspace's tables."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.reading import Reader
from flowyard.storage.telemetry.sql.copies import copies
from flowyard.storage.telemetry.sql.runner import SubprocessRunner
from flowyard.storage.telemetry.sql.views import tables
from flowyard.tracing.signals import LogRecord, MetricPoint, Score
from flowyard.tracing.spool import SpoolSink
from flowyard.tracing.sql import SqlBusyError, SqlRefusedError, SqlStoppedError
from flowyard.wire.logs import LogQuery
from support.spans import START_NS, make_span, spool, trace_id

parquet: Any = import_module("pyarrow.parquet")
END_NS = START_NS + 3600 * 10**9


class Store:
    """Spools, indexer and a runner."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.spools, self.segments = folder / "spools", folder / "segments"
        self.indexer = Indexer(engine, self.spools, SegmentFiles(self.segments), default_workspace="w1")
        self.runner = SubprocessRunner(Reader(self.indexer.manifest, self.indexer.tail, SegmentFiles(self.segments)))

    def put(self, *records: Any, roll: bool = False) -> None:
        spool(self.spools, [record for record in records if not isinstance(record, LogRecord | MetricPoint | Score)])
        sink = SpoolSink(self.spools, "more")
        for record in records:
            match record:
                case LogRecord():
                    sink.emit_log(record)
                case MetricPoint():
                    sink.emit_metric(record)
                case Score():
                    sink.emit_score(record)
                case _:
                    pass
        sink.close()
        self.indexer.step()
        if roll:
            self.indexer.roll()

    def rows(
        self, sql: str, *, workspace: str = "w1", since: int = START_NS, until: int = END_NS, withheld: tuple[str, ...] = (), **options: Any
    ) -> list[tuple[Any, ...]]:
        return list(self.runner.run(workspace, LogQuery(query=sql, **options), since, until, frozenset(withheld)).rows)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("db")
    (folder / "metadata.db").write_bytes(sqlite_template.read_bytes())
    opened = open_engine(f"sqlite:///{folder / 'metadata.db'}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Store:
    opened = Store(tmp_path_factory.mktemp("store"), engine)
    call = {
        "kind": "llm",
        "model": "m",
        "prompt_tokens": 3,
        "completion_tokens": 4,
        "cost_micros": 2_000_000,
        "attributes": {"a": {"b": 5}},
    }
    opened.put(
        make_span(1, 1, kind="http", name="POST"), make_span(1, 2, 1, **call), make_span(9, 1, workspace_id="w2", name="secret"), roll=True
    )
    opened.put(make_span(1, 2, 1, **call), make_span(2, 1, **{**call, "model": "n"}))
    opened.put(
        LogRecord(log_id="l1", at_ns=START_NS + 1, body="it broke", severity=17, attributes={"x": 1}, workspace_id="w1"),
        MetricPoint(point_id="p1", name="g", at_ns=START_NS + 1, value=1.5, workspace_id="w1"),
        Score(score_id="s1", at_ns=START_NS + 1, trace_id=trace_id(1), name="good", value=0.0, author="a", workspace_id="w1"),
        Score(score_id="s2", at_ns=START_NS + 2, trace_id=trace_id(1), name="good", value=1.0, author="a", workspace_id="w1"),
    )
    return opened


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT count(*) FROM spans", [(3,)]),
        ("SELECT model, sum(cost) FROM spans WHERE kind = 'llm' GROUP BY 1 ORDER BY 1", [("m", 2.0), ("n", 2.0)]),
        ("SELECT name FROM requests ORDER BY 1", [("POST",), ("s1",)]),
        ("SELECT attributes->'a'->>'b' FROM spans WHERE model = 'n'", [("5",)]),
        ("SELECT body, severity FROM logs", [("it broke", 17)]),
        ("SELECT name, value FROM metrics", [("g", 1.5)]),
        ("SELECT name, value FROM scores", [("good", 1.0)]),
        ("WITH t AS (SELECT 1 AS a UNION ALL SELECT 2) SELECT sum(a)::INT FROM t;", [(3,)]),
        ("SELECT strftime(started_at, '%Y-%m-%d') FROM spans LIMIT 1", [("2026-11-18",)]),
        (
            "SELECT count(*) FROM spans WHERE started_at > now() - INTERVAL '1000 years'",
            [(3,)],
        ),
        ("SELECT count(*) FROM logs WHERE logs.at BETWEEN TIMESTAMP '2026-11-18' AND current_timestamp + INTERVAL 1000 YEAR", [(1,)]),
        ("SELECT 9007199254740993, 'x'::BLOB IS NULL, [1, 2], {'a': 1}", [("9007199254740993", False, [1, 2], {"a": 1})]),
        ("SELECT s.name, c.value FROM spans s JOIN scores c USING (trace_id) WHERE s.kind = 'http'", [("POST", 1.0)]),
    ],
)
def test_answers(store: Store, sql: str, rows: list[tuple[Any, ...]]) -> None:
    assert store.rows(sql) == rows


def test_period_limit_and_columns(store: Store) -> None:
    assert store.rows("SELECT count(*) FROM spans", since=START_NS + 2 * 10**9) == [(1,)]
    answer = store.runner.run(
        "w1", LogQuery(query="SELECT name, duration_ms FROM spans ORDER BY 1", limit=2), START_NS, END_NS, frozenset()
    )
    assert ([column.name for column in answer.columns], len(answer.rows), answer.truncated) == (["name", "duration_ms"], 2, True)


def test_no_workspace_sees_another_s_rows(store: Store) -> None:
    assert store.rows("SELECT name FROM spans", workspace="w2") == [("secret",)]
    for table in ("spans", "requests"):
        assert ("secret",) not in store.rows(f"SELECT name FROM {table}")
    other = next(store.segments.rglob("w2/**/*.parquet"))
    for sql in (f"SELECT * FROM read_parquet('{other}')", f"SELECT * FROM '{other}'", f"SELECT * FROM parquet_scan('{other}')"):
        with pytest.raises(SqlRefusedError):
            store.rows(sql)


EVIL = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd.csv"',
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT getenv('HOME')",
    "SELECT current_setting('allowed_paths')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM pragma_version()",
    "SELECT (SELECT content FROM read_text('/etc/hostname'))",
    "WITH x AS (SELECT * FROM read_text('/etc/hostname')) SELECT * FROM x",
    "COPY (SELECT 1) TO '/tmp/flowyard-evil'",
    "COPY spans TO '/tmp/flowyard-evil' (FORMAT parquet)",
    "ATTACH '/tmp/flowyard-evil.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "CREATE TABLE t AS SELECT 1",
    "DROP VIEW spans",
    "INSERT INTO spans VALUES (1)",
    "DELETE FROM spans",
    "EXPORT DATABASE '/tmp/flowyard-evil'",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY (SELECT 1) TO '/tmp/flowyard-evil'",
    "SELECT 1 /* */; --\nATTACH 'x'",
    "",
    ";",
    "SELEC 1",
    "SELECT nothing FROM spans",
    "SELECT * FROM nothing",
    "SELECT '\x00",
    "PREPARE p AS SELECT 1",
    "SELECT * FROM python_map_function()",
    "SELECT * FROM raw_spans",
    "SELECT * FROM tail_spans",
    "SELECT * FROM duckdb_views",
    "SELECT * FROM system.main.duckdb_views",
    "SELECT sql FROM sqlite_master",
    "SELECT * FROM information_schema.views",
    "SELECT * FROM pg_catalog.pg_views",
    "SELECT * FROM spans, (WITH duckdb_views AS (SELECT 1) SELECT 1) AS x, duckdb_views",
    "SELECT * FROM spans, (WITH raw_spans AS (SELECT 1) SELECT 1) AS x, raw_spans",
    "DESCRIBE spans",
    "SHOW TABLES",
    "SUMMARIZE spans",
    "SELECT pg_sleep(300)",
    "SELECT * FROM storage_info('spans')",
]


@pytest.mark.parametrize("sql", EVIL)
def test_what_reaches_beyond_the_tables_is_refused(store: Store, sql: str) -> None:
    with pytest.raises(SqlRefusedError) as caught:
        store.rows(sql)
    assert "/etc" not in caught.value.message
    assert str(store.segments.parent) not in caught.value.message
    assert not list(Path("/tmp").glob("flowyard-evil*"))


@pytest.mark.integration
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT sum(a.range * b.range * c.range) FROM range(1000000) a, range(1000000) b, range(1000) c",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
        "SELECT list(repeat('x', 1000000)) FROM range(100000)",
        "SELECT string_agg(repeat('x', 100000), '') FROM range(1000000)",
    ],
)
def test_what_never_ends_or_eats_memory_is_stopped_and_others_answer_meanwhile(store: Store, sql: str) -> None:
    stopped: list[Exception] = []

    def run() -> None:
        with pytest.raises((SqlStoppedError, SqlRefusedError)) as caught:
            store.rows(sql, timeout_s=3)
        stopped.append(caught.value)

    thread = threading.Thread(target=run)
    began = time.monotonic()
    thread.start()
    assert store.rows("SELECT count(*) FROM spans") == [(3,)]
    thread.join(20)
    assert stopped
    assert time.monotonic() - began < 20


def test_an_answer_is_as_large_as_may_be_and_no_larger(store: Store) -> None:
    answer = store.runner.run(
        "w1", LogQuery(query="SELECT repeat('x', 200000) FROM range(10000)", limit=10_000), START_NS, END_NS, frozenset()
    )
    assert answer.truncated
    assert 10 < len(answer.rows) < 200
    ((value,),) = store.rows("SELECT repeat('x', 1000000)")
    assert len(value) < 300_000
    assert value.endswith("(1000000 characters)")


def test_so_many_run_at_once_and_no_more(store: Store, engine: Engine) -> None:
    runner = SubprocessRunner(Reader(store.indexer.manifest, store.indexer.tail, SegmentFiles(store.segments)), at_once=1)
    endless = LogQuery(query="SELECT max(a.range + b.range) FROM range(10000000) a, range(100000) b", timeout_s=4)

    def run() -> None:
        with pytest.raises(SqlStoppedError):
            runner.run("w1", endless, START_NS, END_NS, frozenset())

    slow = threading.Thread(target=run)
    slow.start()
    time.sleep(0.5)
    with pytest.raises(SqlBusyError):
        runner.run("w1", LogQuery(query="SELECT 1"), START_NS, END_NS, frozenset())
    slow.join()
    assert runner.run("w1", LogQuery(query="SELECT 1"), START_NS, END_NS, frozenset()).rows == ((1,),)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_process_that_begins_those_of_statements_knows_nothing_has_no_threads_and_is_replaced_when_it_is_killed(store: Store) -> None:
    assert store.rows("SELECT 1") == [(1,)]
    assert copies._original is not None
    original = Path(f"/proc/{copies._original.pid}")
    environment = {entry.partition("=")[0] for entry in (original / "environ").read_text().split("\0") if entry}
    assert environment == {"PATH", "PYTHONPATH", "LANG", "OPENBLAS_NUM_THREADS", "JE_ARROW_MALLOC_CONF"}
    assert len(list((original / "task").iterdir())) == 1
    copies._original.kill()
    copies._original.wait()
    assert store.rows("SELECT 2") == [(2,)]


def test_a_segment_that_is_missing_is_named_and_the_others_answer(tmp_path: Path, engine: Engine) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    lonely = Store(folder, engine)
    lonely.put(make_span(1, 1, workspace_id="w7"), roll=True)
    next(lonely.segments.rglob("w7/**/*.parquet")).unlink()
    lonely.put(make_span(2, 1, workspace_id="w7"))
    answer = lonely.runner.run("w7", LogQuery(query="SELECT count(*) FROM spans"), START_NS, END_NS, frozenset())
    assert answer.rows == ((1,),)
    assert len(answer.warnings) == 1
    assert "is missing" in answer.warnings[0]


def test_a_segment_that_is_damaged_is_named_and_the_others_answer(tmp_path: Path, engine: Engine) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    hurt = Store(folder, engine)
    hurt.put(make_span(1, 1, workspace_id="w8"), roll=True)
    next(hurt.segments.rglob("w8/**/*.parquet")).write_bytes(b"PAR1 and nothing more")
    hurt.put(make_span(2, 1, workspace_id="w8"), roll=True)
    for sql, rows in (("SELECT count(*) FROM spans", ((1,),)), ("SELECT count(*) FROM logs", ((0,),))):
        answer = hurt.runner.run("w8", LogQuery(query=sql), START_NS, END_NS, frozenset())
        assert answer.rows == rows
        assert len(answer.warnings) == 1
        assert "is damaged" in answer.warnings[0]


def test_the_schema_is_what_the_tables_have(store: Store) -> None:
    for table in tables():
        answer = store.runner.run("w1", LogQuery(query=f"SELECT * FROM {table.name} LIMIT 0"), START_NS, END_NS, frozenset())
        assert [column.name for column in answer.columns] == [column.name for column in table.columns]
        assert json.dumps([column.type for column in answer.columns]) == json.dumps([column.type for column in table.columns])


@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [
        ("SELECT nothing FROM spans", 1, 8),
        ("SELEC 1", 1, 1),
        ("  \n-- früher\nSELECT 'é' AS e,\n  nothing FROM spans", 4, 3),
        ("SELECT 1\nFROM spans LIMIT 'x' FROM", 2, 22),
        ("SELECT 1 FROM\n", 1, 10),
        ("SELECT 1,\n  no_such(name) FROM spans;", 2, 3),
    ],
)
def test_what_is_wrong_says_where(store: Store, sql: str, line: int, column: int) -> None:
    with pytest.raises(SqlRefusedError) as caught:
        store.rows(sql)
    location = caught.value.location
    assert location is not None
    assert (location.line, location.column, location.pointer) == (line, column, "/query")
    assert "exception_message" not in caught.value.message


def test_what_fails_as_it_runs_has_no_place(store: Store) -> None:
    with pytest.raises(SqlRefusedError) as caught:
        store.rows("SELECT CAST(name AS INTEGER) FROM spans")
    assert caught.value.location is None
    assert "Could not convert" in caught.value.message


def test_an_answer_comes_as_a_parquet_file_with_its_types(store: Store) -> None:
    query = LogQuery(query="SELECT started_at, trace_id, cost, attributes, [1, 2] AS few FROM spans ORDER BY start_ns", limit=1)
    data, more = store.runner.parquet("w1", query, START_NS, END_NS, frozenset())
    table: Any = parquet.read_table(BytesIO(data))
    assert more
    assert table.num_rows == 1
    assert [str(field.type) for field in table.schema] == ["timestamp[us]", "string", "double", "string", "list<element: int32>"]
    many = LogQuery(query="SELECT range AS n FROM range(5000)", limit=100_000)
    data, more = store.runner.parquet("w1", many, START_NS, END_NS, frozenset())
    assert (parquet.read_table(BytesIO(data)).column("n").to_pylist(), more) == (list(range(5000)), False)
    with pytest.raises(SqlRefusedError, match="CAST it to VARCHAR"):
        store.runner.parquet("w1", LogQuery(query="SELECT INTERVAL 1 DAY AS i"), START_NS, END_NS, frozenset())
    with pytest.raises(SqlRefusedError, match="Only a single SELECT"):
        store.runner.parquet("w1", LogQuery(query="ATTACH 'x'"), START_NS, END_NS, frozenset())
