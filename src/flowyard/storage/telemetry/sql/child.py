"""The process that runs one user's statement, and nothing else: ``python -m flowyard.storage.telemetry.sql.child``.

It is told on standard input what to run over which files, and answers on standard output, both msgpack. DuckDB may open those files and no
others, loads no extensions, and its configuration is locked before the statement is looked at. It has only so much memory and time, as the
task says, and ends without an answer when it takes more.
"""

import io
import json
import os
import re
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import duckdb
import msgspec

from flowyard.compute.child import die_with
from flowyard.storage.telemetry.sql.views import requests_view, view
from flowyard.tracing.signals import SIGNALS, Signal

_pa: Any = import_module("pyarrow")
_ipc: Any = import_module("pyarrow.ipc")
_parquet: Any = import_module("pyarrow.parquet")
_PLAIN = (bool, float, str, type(None))
_SAFE_INT = 1 << 53
#: Values longer than this, characters, are cut; an answer of more bytes ends there.
_VALUE_LIMIT, ANSWER_BYTES, _AT_ONCE, _BATCH = 256 * 1024, 16 * 1024 * 1024, 100, 2000
_TABLES = frozenset({"spans", "requests", "logs", "metrics", "scores"})
#: Functions that give tables and look at nothing but their arguments.
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest", "json_each", "json_tree", "regexp_split_to_table", "string_split"})
#: Names that a statement may not give to a part of its own: they are those of catalogs, and of what the tables are made of.
_RESERVED = re.compile(r"(?i)(duckdb|pg|sqlite|pragma|information_schema|raw|tail|system|main|temp)(_.*)?|.*[^\w ].*")
_FORBIDDEN_STARTS = ("read_", "scan_", "parquet_", "duckdb_", "pragma_", "sniff_", "copy_", "write_", "load_")
_FORBIDDEN = frozenset(
    {
        "glob", "query", "query_table", "getenv", "getvariable", "current_setting", "which_secret", "json_execute_serialized_sql",
        "pg_sleep", "sleep", "sleep_ms", "checkpoint", "force_checkpoint", "nextval", "currval", "txid_current", "write_log", "set_config",
        # They look at another statement, or are macros over catalogs.
        "json_serialize_plan", "pg_get_viewdef", "pg_get_constraintdef", "format_type", "get_block_size",
    }
)  # fmt: skip
_ZONED = " WITH TIME ZONE"
_MIB = 1024 * 1024


class Task(msgspec.Struct, frozen=True):
    """What to run: a statement over Parquet files and the tail of each signal (Arrow's IPC stream)."""

    query: str
    files: dict[str, list[str]]
    tails: dict[str, bytes]
    since_ns: int
    until_ns: int
    limit: int
    memory_mib: int
    timeout_s: float
    #: The answer as a Parquet file, not as rows.
    parquet: bool = False
    #: Traces of which the tables have no texts.
    withheld: list[str] = []


class Outcome(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The answer, or why there is none: `refused` says what is wrong with the statement, `stopped` that it took too much.

    `position`: where in the statement it is wrong, in bytes of its UTF-8 from 0, where DuckDB says so.
    """

    columns: list[tuple[str, str]] = []
    rows: list[list[Any]] = []
    truncated: bool = False
    parquet: bytes = b""
    refused: str | None = None
    position: int | None = None
    stopped: str | None = None


def main() -> None:
    """Run what standard input says."""
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    os.nice(10)
    die_with(os.getppid())
    # Nobody handles this signal: it ends the process, whatever that computes.
    signal.setitimer(signal.ITIMER_REAL, task.timeout_s)
    cpu_s = int(task.timeout_s) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    for nothing in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(nothing, (0, 0))
    outcome = run(task)
    sys.stdout.buffer.write(msgspec.msgpack.encode(outcome))
    sys.stdout.buffer.flush()


def _limit_memory(size: int) -> None:
    """Let this process have, beyond what it has now, `size` bytes for DuckDB and twice as many for Python, Arrow and the answer.

    Allocators reserve addresses before they use them, so that more of these are let than of data.
    """
    pages = [int(field) * resource.getpagesize() for field in Path("/proc/self/statm").read_text(encoding="ascii").split()]
    for kind, now, room in ((resource.RLIMIT_DATA, pages[5], 3 * size), (resource.RLIMIT_AS, pages[0], 3 * size + 1024 * _MIB)):
        resource.setrlimit(kind, (now + room, now + room))


def run(task: Task) -> Outcome:
    """Return the outcome of a task. This process has little memory from then on."""
    try:
        database = open_database(task)
    except duckdb.Error as error:
        return _refused(error)
    _limit_memory(task.memory_mib * _MIB)
    try:
        return ask(database, task.query, task.limit, parquet=task.parquet)
    except (duckdb.OutOfMemoryException, MemoryError):
        return Outcome(stopped=f"It took more than {task.memory_mib} MiB of memory.")
    except duckdb.Error as error:
        return _refused(error)


def ask(database: duckdb.DuckDBPyConnection, query: str, limit: int, *, parquet: bool = False) -> Outcome:
    """Return the answer to a statement, at most `limit` rows, as rows or as a Parquet file; or why it may not run.

    Raises:
        duckdb.Error: it is wrong, or takes too much.
        MemoryError: it takes too much.
    """
    try:
        statements = database.extract_statements(query)
    except duckdb.ParserException as error:
        return _refused(error, 0)
    if len(statements) != 1 or not _is_select(statements[0]):
        return Outcome(refused="Only a single SELECT can run here.")
    # What is looked at is what runs: one text, parsed the same way.
    statement = statements[0].query
    foreign = sorted(forbidden(parsed(database, statement)))
    if foreign:
        return Outcome(refused=f"A statement here may not use {', '.join(foreign)}: it sees the tables of telemetry only.")
    try:
        answer = database.sql(statement)
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        # The statement is the query without what stands before and after it.
        return _refused(_placed(database, statement) or error, query.encode().find(statement.encode()))
    columns = [(str(name), str(kind)) for name, kind in zip(answer.columns, answer.types, strict=True)]
    asked = database.execute(_without_zones(answer).sql_query())
    if parquet:
        return _file(asked, limit)
    rows, truncated = fetch(asked, limit)
    return Outcome(columns=columns, rows=rows, truncated=truncated)


def _placed(database: duckdb.DuckDBPyConnection, statement: str) -> duckdb.Error | None:
    """Return the error of a statement that cannot be bound once more, with its place, which that of a relation does not have."""
    try:
        database.execute(statement)
    except duckdb.Error as error:
        return error
    return None


def _without_zones(answer: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return an answer whose times are in UTC, as those of the tables: Python needs another package for those with a zone."""
    kinds = [str(kind) for kind in answer.types]
    if not any(_ZONED in kind for kind in kinds):
        return answer
    casts = (f"::{kind.replace(_ZONED, '')}" if _ZONED in kind else "" for kind in kinds)
    return answer.project(", ".join(f"#{at}{cast}" for at, cast in enumerate(casts, 1)))


def fetch(answer: duckdb.DuckDBPyConnection, limit: int) -> tuple[list[list[Any]], bool]:
    """Return at most `limit` rows, and as many as fit into an answer; and whether there are more."""
    rows: list[list[Any]] = []
    size = 0
    while some := answer.fetchmany(_AT_ONCE):
        for row in some:
            kept = [plain(value) for value in row]
            size += len(msgspec.msgpack.encode(kept))
            if len(rows) == limit or size > ANSWER_BYTES:
                return rows, True
            rows.append(kept)
    return rows, False


def _file(answer: duckdb.DuckDBPyConnection, limit: int) -> Outcome:
    """Return at most `limit` rows as a Parquet file."""
    made: Any = answer
    reader = made.to_arrow_reader(_BATCH)
    sink = io.BytesIO()
    left, more = limit, False
    try:
        with _parquet.ParquetWriter(sink, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch.slice(0, left))
                more = len(batch) > left or sink.tell() > ANSWER_BYTES
                left -= len(batch)
                if more:
                    break
    except _pa.ArrowNotImplementedError as error:
        return Outcome(refused=f"A column cannot be written to Parquet ({error}): CAST it to VARCHAR.")
    return Outcome(parquet=sink.getvalue(), truncated=more)


def open_database(task: Task) -> duckdb.DuckDBPyConnection:
    """Return a database with the tables of the task, which can open their files and nothing else, and be told nothing else."""
    files = [file for listed in task.files.values() for file in listed]
    database = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": f"{task.memory_mib}MB", "temp_directory": ""})
    database.execute("SET TimeZone = 'UTC'")
    quoted = ", ".join(_quoted(file) for file in files)
    database.execute(f"SET allowed_paths = [{quoted}]")
    for name in (
        "enable_external_access", "autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions",
        "python_enable_replacements",
    ):  # fmt: skip
        database.execute(f"SET {name} = false")
    database.register("raw_withheld", _pa.table({"trace_id": _pa.array(task.withheld, _pa.string())}))
    names: tuple[Signal, ...] = ("spans", "logs", "metrics", "scores")
    for name in names:
        database.register(f"tail_{name}", _ipc.open_stream(task.tails[name]).read_all())
        database.execute(f"CREATE VIEW raw_{name} AS {_relation(name, task.files[name])}")
        database.execute(view(name, withheld=bool(task.withheld)).format(since=task.since_ns, until=task.until_ns))
    database.execute(requests_view())
    database.execute("SET errors_as_json = true")
    database.execute("SET lock_configuration = true")
    return database


def _is_select(statement: duckdb.Statement) -> bool:
    with suppress(ValueError):  # DuckDB has statements that its Python package has no name for
        return statement.type == duckdb.StatementType.SELECT
    return False


def parsed(database: duckdb.DuckDBPyConnection, statement: str) -> Any:
    """Return DuckDB's tree of a SELECT."""
    found = database.execute("SELECT json_serialize_sql($1::VARCHAR)", [statement]).fetchone()
    return json.loads(found[0]) if found else {}


def forbidden(tree: Any) -> set[str]:
    """Return what a tree uses besides the tables, its own parts and harmless functions: files, settings, catalogs, other statements."""
    if not isinstance(tree, dict) or cast("dict[str, Any]", tree).get("error"):
        return {"what cannot be looked at"}
    found: set[str] = set()
    own: set[str] = set()
    used: set[str] = set()
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += cast("list[Any]", node)
        elif isinstance(node, dict):
            fields = cast("dict[str, Any]", node)
            own |= _own(fields)
            used |= _table(fields)
            found |= _functions(fields)
            waiting += fields.values()
    return found | {name for name in own if _RESERVED.fullmatch(name)} | (used - _TABLES - own)


def _own(node: dict[str, Any]) -> set[str]:
    """Return the names that a node gives to parts of its own."""
    named: Any = node.get("cte_map")
    listed: Any = cast("dict[str, Any]", named).get("map") if isinstance(named, dict) else None
    return {str(cast("dict[str, Any]", entry)["key"]) for entry in cast("list[Any]", listed or [])}


def _table(node: dict[str, Any]) -> set[str]:
    """Return the name of the table that a node reads."""
    if node.get("type") == "SHOW_REF":
        return {"DESCRIBE, SHOW and SUMMARIZE"}
    if node.get("type") != "BASE_TABLE":
        return set()
    parts = [str(node.get(part) or "") for part in ("catalog_name", "schema_name", "table_name")]
    return {".".join(part for part in parts if part)}


def _functions(node: dict[str, Any]) -> set[str]:
    """Return the function of a node, where it may not be used."""
    function: Any = node.get("function")
    if node.get("type") == "TABLE_FUNCTION" and isinstance(function, dict):
        name = str(cast("dict[str, Any]", function).get("function_name") or "").lower()
        return set() if name in _TABLE_FUNCTIONS else {name}
    name = str(node.get("function_name") or "").lower()
    return {name} if name.startswith(_FORBIDDEN_STARTS) or name in _FORBIDDEN else set()


def _relation(signal: Signal, files: list[str]) -> str:
    columns = ", ".join(f'"{name}"' for name in SIGNALS[signal].columns)
    listed = ", ".join(_quoted(file) for file in files)
    tail = f"SELECT {columns} FROM tail_{signal}"  # noqa: S608 (names of ours)
    if not listed:
        return tail
    return f"SELECT {columns} FROM read_parquet([{listed}], union_by_name=true) UNION ALL {tail}"  # noqa: S608 (names of ours, quoted paths)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def plain(value: Any) -> Any:
    """Return a value as JSON has it: what JSON has no form for becomes text, and so do integers beyond 2^53."""
    if isinstance(value, str):
        return value if len(value) <= _VALUE_LIMIT else f"{value[:_VALUE_LIMIT]}… ({len(value)} characters)"
    if isinstance(value, _PLAIN):
        return value if not isinstance(value, float) or (value == value and abs(value) != float("inf")) else str(value)  # noqa: PLR0124 (NaN)
    if isinstance(value, int):
        return value if abs(value) <= _SAFE_INT else str(value)
    if isinstance(value, dict | list | tuple):
        text = json.dumps(value, default=str)
        return json.loads(text) if len(text) <= _VALUE_LIMIT else plain(text)
    return value.isoformat() if hasattr(value, "isoformat") else plain(str(value))


def _refused(error: duckdb.Error, start: int | None = None) -> Outcome:
    """Return what DuckDB says, and where: its errors are JSON after a title (``errors_as_json``) where it could make them so.

    Args:
        error: what it raised.
        start: where in the user's text that begins which it read, in bytes; None where it read another.
    """
    text = str(error)
    title, _, told = text.partition(": ")
    try:
        said = msgspec.json.decode(told, type=dict[str, str])
    except msgspec.MsgspecError:
        return Outcome(refused=text[:2000])
    at = said.get("position", "")
    position = start + int(at) if start is not None and start >= 0 and at.isdecimal() else None
    return Outcome(refused=f"{title}: {said.get('exception_message', told)}"[:2000], position=position)


if __name__ == "__main__":
    main()
