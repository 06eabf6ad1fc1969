"""The process that runs one user's statement, and nothing else: ``python -m flowyard.storage.telemetry.sql.child``.

It is told on standard input what to run over which files, and answers on standard output, both msgpack. DuckDB may open those files and no
others, loads no extensions, and its configuration is locked before the statement is looked at. Whoever starts it limits its memory and time
and kills it.
"""

import json
import os
import resource
import sys
from importlib import import_module
from typing import Any, cast

import duckdb
import msgspec

from flowyard.storage.telemetry.sql.views import requests_view, view
from flowyard.tracing.signals import SIGNALS, Signal

_ipc: Any = import_module("pyarrow.ipc")
_PLAIN = (bool, float, str, type(None))
_SAFE_INT = 1 << 53
_FORBIDDEN_STARTS = ("read_", "scan_", "parquet_", "duckdb_", "pragma_", "sniff_", "copy_", "write_", "load_")
_FORBIDDEN = frozenset(
    {
        "glob", "query", "query_table", "getenv", "getvariable", "current_setting", "which_secret", "sql_auto_complete",
        "json_execute_serialized_sql", "from_substrait", "checkpoint", "force_checkpoint", "arrow_scan", "arrow_scan_dumb", "pandas_scan",
        "python_map_function", "seq_scan", "summary", "repeat_row", "test_all_types", "test_vector_types", "sqlsmith",
    }
)  # fmt: skip


class Task(msgspec.Struct, frozen=True):
    """What to run: a statement over Parquet files and the tail of each signal (Arrow's IPC stream)."""

    query: str
    files: dict[str, list[str]]
    tails: dict[str, bytes]
    since_ns: int
    until_ns: int
    limit: int
    memory_mib: int
    cpu_s: int


class Outcome(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The answer, or why there is none: `refused` says what is wrong with the statement, `stopped` that it took too much."""

    columns: list[tuple[str, str]] = []
    rows: list[list[Any]] = []
    truncated: bool = False
    refused: str | None = None
    stopped: str | None = None


def main() -> None:
    """Run what standard input says."""
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    os.nice(10)
    # What DuckDB may have, and room for Python, Arrow and the answer.
    space = (task.memory_mib * 3 + 3072) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (task.cpu_s, task.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    outcome = run(task)
    sys.stdout.buffer.write(msgspec.msgpack.encode(outcome))
    sys.stdout.buffer.flush()


def run(task: Task) -> Outcome:
    """Return the outcome of a task."""
    try:
        database = open_database(task)
        statements = database.extract_statements(task.query)
    except duckdb.Error as error:
        return Outcome(refused=_said(error))
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        return Outcome(refused="Only a single SELECT can run here.")
    foreign = sorted(forbidden(parsed(database, statements[0].query)))
    if foreign:
        return Outcome(refused=f"A statement here may not use {', '.join(foreign)}: it sees the tables of telemetry only.")
    try:
        answer = database.execute(statements[0])
        rows = answer.fetchmany(task.limit + 1)
        columns = [(str(column[0]), str(column[1])) for column in answer.description or ()]
    except (duckdb.OutOfMemoryException, MemoryError):
        return Outcome(stopped=f"It took more than {task.memory_mib} MiB of memory.")
    except duckdb.Error as error:
        return Outcome(refused=_said(error))
    return Outcome(columns=columns, rows=[[plain(value) for value in row] for row in rows[: task.limit]], truncated=len(rows) > task.limit)


def open_database(task: Task) -> duckdb.DuckDBPyConnection:
    """Return a database with the tables of the task, which can open their files and nothing else, and be told nothing else."""
    files = [file for listed in task.files.values() for file in listed]
    database = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": f"{task.memory_mib}MB", "max_temp_directory_size": "0B"})
    quoted = ", ".join(_quoted(file) for file in files)
    database.execute(f"SET allowed_paths = [{quoted}]")
    for name in ("enable_external_access", "autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"):
        database.execute(f"SET {name} = false")
    names: tuple[Signal, ...] = ("spans", "logs", "metrics", "scores")
    for signal in names:
        database.register(f"tail_{signal}", _ipc.open_stream(task.tails[signal]).read_all())
        database.execute(f"CREATE VIEW raw_{signal} AS {_relation(signal, task.files[signal])}")
        database.execute(view(signal).format(since=task.since_ns, until=task.until_ns))
    database.execute(requests_view())
    database.execute("SET lock_configuration = true")
    return database


def parsed(database: duckdb.DuckDBPyConnection, statement: str) -> Any:
    """Return DuckDB's tree of a SELECT."""
    found = database.execute("SELECT json_serialize_sql($1::VARCHAR)", [statement]).fetchone()
    return json.loads(found[0]) if found else {}


def forbidden(tree: Any) -> set[str]:
    """Return the functions in a tree that look beyond the tables: into files, settings, catalogs, or other statements."""
    found: set[str] = set()
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            fields = cast("dict[str, Any]", node)
            name = str(fields.get("function_name") or "").lower()
            if name.startswith(_FORBIDDEN_STARTS) or name in _FORBIDDEN:
                found.add(name)
            waiting += fields.values()
        elif isinstance(node, list):
            waiting += cast("list[Any]", node)
    return found


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
    if isinstance(value, _PLAIN):
        return value if not isinstance(value, float) or (value == value and abs(value) != float("inf")) else str(value)  # noqa: PLR0124 (NaN)
    if isinstance(value, int):
        return value if abs(value) <= _SAFE_INT else str(value)
    if isinstance(value, dict | list | tuple):
        return json.loads(json.dumps(value, default=str))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _said(error: duckdb.Error) -> str:
    """Return what DuckDB says, without the paths of files."""
    return str(error).split("\n\nLINE", 1)[0][:2000] if "LINE" not in str(error) else str(error)[:2000]


if __name__ == "__main__":
    main()
