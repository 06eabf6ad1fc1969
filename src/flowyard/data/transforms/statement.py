"""A step in SQL: one SELECT of DuckDB, which sees the rows so far and the inputs, and can open no other file."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import duckdb
import msgspec

from flowyard.data.transforms.errors import TransformCodeError, TransformStoppedError
from flowyard.data.transforms.lines import Lines
from flowyard.data.transforms.model import ROW, NumberedStep, Said, Tally, Task, pointer
from flowyard.data.transforms.telling import limit
from flowyard.foundation.errors import Location
from flowyard.wire.transforms import SqlStep

#: The table that has the rows so far.
DATA = "data"
_BATCH = 1000
_OFF = (
    "enable_external_access", "autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions",
    "python_enable_replacements",
)  # fmt: skip
_JSON_OBJECTS = 64 * 1024 * 1024
_TIMES = re.compile(r"\b(?:DATE|TIMESTAMP(?:_NS|_MS|_S)?(?: WITH TIME ZONE)?|TIME(?: WITH TIME ZONE)?|UUID)\b")
_SPACE = re.compile(r"\s*")


def run_statement(task: Task) -> Said:
    """Write the rows of the statement's answer, in its order, and return what it did. This process has little memory from then on.

    Raises:
        TransformCodeError: it is wrong; `location` has its line and column.
        TransformStoppedError: it takes too much.
    """
    step = task.steps[0]
    query = cast("SqlStep", step.body).query
    tally = Tally(number=step.number, kind=step.kind, changed=None)
    database = _opened(task)
    limit(task)
    try:
        statement = _single(database, step, query)
        tally.rows_in = int(database.execute(f"SELECT count(*) FROM {DATA}").fetchall()[0][0])  # noqa: S608 (a name of ours)
        with Lines(Path(task.target), keep_row=task.keep_row) as lines:
            for row in _rows(database, statement):
                lines.write(None, row)
                tally.rows_out += 1
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise TransformStoppedError(
            f"Step {step.number} (sql) took more than {task.memory_mib} MiB of memory.", remedy="Filter or aggregate more, or earlier."
        ) from error
    except duckdb.Error as error:
        raise _wrong(step, query, error, start=_start_of(query)) from error
    return Said(steps=(tally.result(),))


def _rows(database: duckdb.DuckDBPyConnection, statement: str) -> Iterator[dict[str, Any]]:
    try:
        answer: Any = database.sql(statement)
    except (duckdb.BinderException, duckdb.CatalogException):
        database.execute(statement)  # raises it once more, with its place, which the error of a relation does not have
        raise
    for batch in answer.to_arrow_reader(_BATCH):
        yield from batch.to_pylist()


def _single(database: duckdb.DuckDBPyConnection, step: NumberedStep, query: str) -> str:
    """Return the statement, where it is a single SELECT.

    Raises:
        TransformCodeError: it is none.
    """
    try:
        statements = database.extract_statements(query)
    except duckdb.ParserException as error:
        raise _wrong(step, query, error, start=0) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise TransformCodeError(
            f"Step {step.number} (sql) is no single SELECT.",
            remedy="Write one SELECT; steps of their own can come before and after it.",
            location=pointer(step.number, "sql", "query"),
        )
    return statements[0].query


def _opened(task: Task) -> duckdb.DuckDBPyConnection:
    """Return a database with the tables, which can open their files and its own folder's, and be told nothing else."""
    spill = Path(task.scratch) / "spill"
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": f"{max(task.memory_mib // 3, 64)}MB",
        "temp_directory": str(spill),
        "max_temp_directory_size": "20GB",
        "preserve_insertion_order": True,
    }
    database = duckdb.connect(":memory:", config=config)
    database.execute("SET TimeZone = 'UTC'")
    _arrow()
    tables = {**task.inputs, DATA: task.source}
    database.execute(f"SET allowed_paths = [{', '.join(_quoted(path) for path in tables.values())}]")
    for name in _OFF:
        database.execute(f"SET {name} = false")
    for name, path in tables.items():
        database.execute(f'CREATE VIEW "{name}" AS {_relation(database, Path(path), task.limit if name == DATA else None)}')
    # The same statement gives the same rows again, also where it draws at random.
    database.execute("SELECT setseed(0.5)")
    database.execute("SET errors_as_json = true")
    database.execute("SET lock_configuration = true")
    return database


def _arrow() -> None:
    """Load what gives answers their form, while there is memory for it."""
    import_module("pyarrow")


def _relation(database: duckdb.DuckDBPyConnection, path: Path, most: int | None) -> str:
    rows = "" if most is None else f" LIMIT {most}"
    if path.suffix.lower() == ".parquet":
        return f"SELECT * FROM read_parquet({_quoted(str(path))}){rows}"  # noqa: S608 (a quoted path)
    source = f"read_json({_quoted(str(path))}, format='newline_delimited', maximum_object_size={_JSON_OBJECTS}"
    found = database.execute(f"DESCRIBE SELECT * FROM {source}, sample_size=-1)").fetchall()  # noqa: S608 (a quoted path)
    # Texts that look like times stay texts: what is written in the end is what was read.
    kinds = {str(name): _TIMES.sub("VARCHAR", str(kind)) for name, kind, *_ in found if name != ROW}
    if not kinds:
        return "SELECT NULL AS nothing WHERE false"
    columns = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in kinds.items())
    return f"SELECT * FROM {source}, columns={{{columns}}}){rows}"  # noqa: S608 (quoted names, a quoted path)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _start_of(query: str) -> int:
    found = _SPACE.match(query)
    return len(query[: found.end()].encode()) if found else 0


def _wrong(step: NumberedStep, query: str, error: duckdb.Error, start: int) -> TransformCodeError:
    """Return what DuckDB says, and where: its errors are JSON after a title (``errors_as_json``) where it could make them so."""
    text = str(error)
    title, _, told = text.partition(": ")
    try:
        said = msgspec.json.decode(told, type=dict[str, str])
    except msgspec.MsgspecError:
        said = {"exception_message": text}
        title = ""
    message = said.get("exception_message", told).strip()
    place = pointer(step.number, "sql", "query")
    at = said.get("position", "")
    if at.isdecimal():
        before = query.encode()[: int(at) + start].decode(errors="ignore")
        place = Location(pointer=place.pointer, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
    where = f", line {place.line}, column {place.column}" if place.line is not None else ""
    return TransformCodeError(
        f"Step {step.number} (sql){where}: {f'{title}: ' if title else ''}{message}"[:2000],
        remedy=f"Its tables are {DATA} (the rows so far) and the inputs, by their names.",
        location=place,
        extra={"step": step.number},
    )
