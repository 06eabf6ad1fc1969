"""A run's file: one SQLite database with its rows, what each node did, metrics and log. The truth about which rows are done.

One process writes (it holds the run's lock), any number read meanwhile. What nodes did is kept in compressed chunks of rows, as the
row map brings them; a row that runs again points to its newest chunk. A row is there once: its key is the line and the variant.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flowyard.flows.runs.damage import reading, reads
from flowyard.flows.runs.errors import RunNotFoundError
from flowyard.flows.runs.judged import verdict_on
from flowyard.flows.runs.messages import Chunk, RowResult
from flowyard.flows.runtime.line_spool import pack_nodes, unpack_nodes
from flowyard.flows.runtime.record import NodeRecord
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import from_json, to_json
from flowyard.wire.runs import LineStatus, RunLine, RunLog, Verdict

FILE = "run.db"
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE lines (
  line INTEGER NOT NULL, variant TEXT NOT NULL, status TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL, error TEXT,
  start_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL, trace_id TEXT,
  prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, cost_micros INTEGER,
  unpriced INTEGER NOT NULL, reduce BLOB, chunk INTEGER, position INTEGER,
  PRIMARY KEY (line, variant)
) WITHOUT ROWID;
CREATE TABLE chunks (id INTEGER PRIMARY KEY, nodes BLOB NOT NULL);
CREATE TABLE metrics (variant TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (variant, name)) WITHOUT ROWID;
CREATE TABLE reductions (variant TEXT PRIMARY KEY, nodes BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE log (id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL);
"""
_COLUMNS = ", ".join(
    (
        *("line", "variant", "status", "inputs", "outputs", "error", "start_ns", "duration_ns", "trace_id"),
        *("prompt_tokens", "completion_tokens", "cost_micros", "unpriced"),
    )
)
#: Numbers of rows that a reader takes at once.
_FETCH = 1000
LOG_LINES = 10_000


LogEntry = tuple[Literal["info", "warning", "error"], str]
"""A line of a run's log: its level and what it says."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What a row cost. `micros` None: no price is known."""

    micros: int | None
    unpriced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuery:
    """Which rows to read, in the order of `by` (a column, ``outputs.<name>`` or ``inputs.<name>``).

    `text` is looked for in all values; `verdict` is that on `score`, or on the row as a whole.
    """

    status: LineStatus | None = None
    verdict: Verdict | None = None
    score: str | None = None
    variant: str | None = None
    text: str | None = None
    by: str = "line"
    descending: bool = False
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over a run's rows."""

    completed: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int | None
    unpriced: int
    duration_ns: int


class RunStore:
    """One run's file. Use an object in one thread.

    Args:
        folder: the run's folder.
        write: this process records (it holds the run's lock); otherwise the file is opened for reading.

    Raises:
        RunNotFoundError: there is no run in that folder.
        RunDamagedError: its file cannot be read; any method may find that.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        self.folder = folder
        #: How many rows are shown without their values.
        self.withheld = 0
        path = folder / FILE
        if not path.is_file():
            raise RunNotFoundError(f"There is no run in {str(folder)!r}.", remedy="See: flowyard run list")
        uri = f"{path.as_uri()}?mode={'rw' if write else 'ro'}"
        self._writes = write
        with reading(folder):
            self._db = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)
            self._db.create_function("verdict_on", 2, verdict_on, deterministic=True)
            if write:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")

    @classmethod
    def create(cls, folder: Path, facts: Mapping[str, Any]) -> "RunStore":
        """Make a run's file, with its first facts, all or nothing."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = folder / f".{FILE}"
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            db.executescript(f"PRAGMA journal_mode = WAL; BEGIN; {_SCHEMA}")
            db.executemany("INSERT INTO facts VALUES (?, ?)", [(name, to_json(value).decode()) for name, value in facts.items()])
            db.execute("COMMIT")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        fresh.rename(folder / FILE)
        return cls(folder, write=True)

    def close(self) -> None:
        """Close the file. A writer leaves one file behind, which readers read without writing; while some read now, a log besides."""
        if self._writes:
            with suppress(sqlite3.DatabaseError):
                self._db.execute("PRAGMA busy_timeout = 0")
                self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()

    def __enter__(self) -> "RunStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @reads
    def fact(self, name: str) -> Any:
        """Return a fact, or None."""
        found = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return from_json(found[0]) if found else None

    @reads
    def set_facts(self, **facts: Any) -> None:
        """Keep facts, in one transaction."""
        with self._transaction():
            self._keep_facts(facts)

    @reads
    def record(self, chunks: Iterable[tuple[Chunk, list[Priced]]], log: Iterable[LogEntry] = (), **facts: Any) -> None:
        """Keep rows, log lines and facts, durably, all or none. A row that is there already is replaced unless it was completed."""
        with self._transaction():
            for chunk, prices in chunks:
                number = self._db.execute("INSERT INTO chunks (nodes) VALUES (?)", (chunk.nodes,)).lastrowid
                self._db.executemany(
                    "INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (line, variant) DO UPDATE SET "
                    "status = excluded.status, inputs = excluded.inputs, outputs = excluded.outputs, error = excluded.error, "
                    "start_ns = excluded.start_ns, duration_ns = excluded.duration_ns, trace_id = excluded.trace_id, "
                    "prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens, "
                    "cost_micros = excluded.cost_micros, unpriced = excluded.unpriced, reduce = excluded.reduce, "
                    "chunk = excluded.chunk, position = excluded.position WHERE status != 'completed'",
                    [_row(row, price, number, position) for position, (row, price) in enumerate(zip(chunk.rows, prices, strict=True))],
                )
            self._keep_facts(facts)
            self._add_to_log(log)

    @reads
    def take_over(self, other: Path) -> int:
        """Copy the completed rows of another run, with what their nodes did; return how many."""
        with reading(other):
            self._db.execute("ATTACH DATABASE ? AS other", (f"{(other / FILE).as_uri()}?mode=ro",))
        try:
            with self._transaction(), reading(other):
                first = self._db.execute("SELECT coalesce(max(id), 0) FROM chunks").fetchone()[0]
                self._db.execute(
                    "INSERT INTO chunks SELECT id + ?, nodes FROM other.chunks WHERE id IN "
                    "(SELECT chunk FROM other.lines WHERE status = 'completed')",
                    (first,),
                )
                copied = self._db.execute(
                    f"INSERT OR IGNORE INTO lines SELECT {_COLUMNS}, reduce, chunk + ?, position FROM other.lines "  # noqa: S608
                    "WHERE status = 'completed'",
                    (first,),
                )
                return copied.rowcount
        finally:
            self._db.execute("DETACH DATABASE other")

    @reads
    def completed(self) -> dict[str, set[int]]:
        """Return the completed lines of each variant."""
        found: dict[str, set[int]] = {}
        for line, variant in self._db.execute("SELECT line, variant FROM lines WHERE status = 'completed'"):
            found.setdefault(variant, set()).add(line)
        return found

    @reads
    def tally(self, *, completed_only: bool = False, variant: str | None = None) -> Tally:
        """Return sums over all rows, or over those that are completed, or of one variant."""
        row = self._db.execute(
            "SELECT coalesce(sum(status = 'completed'), 0), coalesce(sum(status = 'failed'), 0), coalesce(sum(prompt_tokens), 0), "
            "coalesce(sum(completion_tokens), 0), sum(cost_micros), coalesce(sum(unpriced), 0), coalesce(sum(duration_ns), 0) FROM lines "
            "WHERE (status = 'completed' OR NOT ?) AND (variant = ? OR ? IS NULL)",
            (completed_only, variant, variant),
        ).fetchone()
        return Tally(*row)

    @reads
    def lines(self, query: LineQuery) -> list[RunLine]:
        """Return rows. Unknown columns in `by` sort as nothing."""
        clauses, values = _where(query)
        order, more = _order(query)
        cursor = self._db.execute(
            f"SELECT {_COLUMNS} FROM lines WHERE {clauses} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608
            (*values, *more, query.limit, query.offset),
        )
        return [_line(row) for row in cursor]

    @reads
    def count(self, query: LineQuery) -> int:
        """Return how many rows `query` has besides its limit and offset."""
        clauses, values = _where(query)
        return int(self._db.execute(f"SELECT count(*) FROM lines WHERE {clauses}", values).fetchone()[0])  # noqa: S608

    @reads
    def keys(self, query: LineQuery) -> list[tuple[int, str]]:
        """Return line and variant of all rows that `query` has besides its limit and offset, in its order."""
        clauses, values = _where(query)
        order, more = _order(query)
        return self._db.execute(f"SELECT line, variant FROM lines WHERE {clauses} ORDER BY {order}", (*values, *more)).fetchall()  # noqa: S608

    def results(self, query: LineQuery) -> Iterator[list[tuple[int, str, str]]]:
        """Yield line, status and outputs (JSON) of all rows that `query` has, whatever its limit, by line, many at a time."""
        clauses, values = _where(query)
        with reading(self.folder):
            rows = self._db.execute(f"SELECT line, status, outputs FROM lines WHERE {clauses} ORDER BY line, variant", values)  # noqa: S608
            while some := rows.fetchmany(_FETCH):
                yield some

    def each(self, *, status: LineStatus | None = None, variant: str | None = None, marks: tuple[str, ...] = ()) -> Iterator[RunLine]:
        """Yield all rows in order, a thousand at a time; with `marks` those with any of these in the JSON of their outputs."""
        clauses, values = _where(LineQuery(status=status, variant=variant))
        if marks:
            clauses += f" AND ({' OR '.join(['instr(outputs, ?)'] * len(marks))})"
            values += marks
        after = (-1, "")
        while True:
            with reading(self.folder):
                rows = self._db.execute(
                    f"SELECT {_COLUMNS} FROM lines WHERE {clauses} AND (line, variant) > (?, ?) ORDER BY line, variant LIMIT {_FETCH}",  # noqa: S608
                    (*values, *after),
                ).fetchall()
                found = [_line(row) for row in rows]
            yield from found
            if len(rows) < _FETCH:
                return
            after = (rows[-1][0], rows[-1][1])

    @reads
    def line(self, line: int, variant: str = "") -> RunLine | None:
        """Return one row, or None."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM lines WHERE line = ? AND variant = ?", (line, variant)).fetchone()  # noqa: S608
        return _line(row) if row else None

    @reads
    def trace_of(self, line: int, variant: str = "") -> tuple[str | None, int]:
        """Return the trace of a row, None where it never ran, and when it ended, nanoseconds since 1970."""
        row = self._db.execute(
            "SELECT trace_id, start_ns + duration_ns FROM lines WHERE line = ? AND variant = ?", (line, variant)
        ).fetchone()
        return (row[0], int(row[1])) if row else (None, 0)

    @reads
    def traces(self) -> dict[tuple[int, str], str]:
        """Return the trace of each row that ran, by its line and variant."""
        rows = self._db.execute("SELECT line, variant, trace_id FROM lines WHERE trace_id IS NOT NULL")
        return {(line, variant): trace_id for line, variant, trace_id in rows}

    @reads
    def row_traces(self) -> list[tuple[int, str, str | None]]:
        """Return line and variant of each row, with its trace; None: it never ran."""
        return self._db.execute("SELECT line, variant, trace_id FROM lines").fetchall()

    @reads
    def nodes(self, line: int, variant: str = "") -> list[NodeRecord]:
        """Return what each node did in a row; empty where the row never ran."""
        row = self._db.execute(
            "SELECT nodes, position FROM lines JOIN chunks ON chunks.id = lines.chunk WHERE line = ? AND variant = ?", (line, variant)
        ).fetchone()
        if row is None:
            return []
        return unpack_nodes(row[0])[int(row[1])]

    def reduce_values(self, variant: str = "") -> Iterator[tuple[int, str, bytes | None]]:
        """Yield line, inputs (JSON) and what aggregation nodes need (msgpack) of each completed row, in order."""
        with reading(self.folder):
            yield from self._db.execute(
                "SELECT line, inputs, reduce FROM lines WHERE status = 'completed' AND variant = ? ORDER BY line", (variant,)
            )

    @reads
    def set_metrics(self, variant: str, metrics: Mapping[str, Any], nodes: list[NodeRecord]) -> None:
        """Keep what the aggregation gave, in place of what an earlier one gave."""
        with self._transaction():
            self._db.execute("DELETE FROM metrics WHERE variant = ?", (variant,))
            self._db.executemany(
                "INSERT INTO metrics VALUES (?, ?, ?)", [(variant, name, to_json(value).decode()) for name, value in metrics.items()]
            )
            self._db.execute("INSERT OR REPLACE INTO reductions VALUES (?, ?)", (variant, pack_nodes([nodes])))

    @reads
    def metrics(self) -> dict[str, dict[str, Any]]:
        """Return the metrics of each variant."""
        found: dict[str, dict[str, Any]] = {}
        for variant, name, value in self._db.execute("SELECT variant, name, value FROM metrics ORDER BY variant, name"):
            found.setdefault(variant, {})[name] = from_json(value)
        return found

    @reads
    def variants(self) -> tuple[str, ...]:
        """Return what rows and metrics are of: the variants of the run, or of the one that it evaluates; ``("",)``: there are none."""
        found = self._db.execute(
            "SELECT variant FROM metrics UNION SELECT variant FROM lines WHERE line = (SELECT min(line) FROM lines) ORDER BY variant"
        )
        return tuple(variant for (variant,) in found) or ("",)

    @reads
    def reduction(self, variant: str = "") -> list[NodeRecord]:
        """Return what the aggregation nodes did."""
        row = self._db.execute("SELECT nodes FROM reductions WHERE variant = ?", (variant,)).fetchone()
        return unpack_nodes(row[0])[0] if row else []

    @reads
    def log(self, message: str, level: Literal["info", "warning", "error"] = "info") -> None:
        """Add a line to the log, which keeps the last `LOG_LINES`."""
        with self._transaction():
            self._add_to_log([(level, message)])

    @reads
    def logs(self, *, tail: int = 200) -> list[RunLog]:
        """Return the last lines of the log, in order."""
        rows = self._db.execute("SELECT at_ns, level, message FROM log ORDER BY id DESC LIMIT ?", (tail,)).fetchall()
        return [RunLog(at=to_rfc3339(at_ns), level=level, message=message) for at_ns, level, message in reversed(rows)]

    def _add_to_log(self, entries: Iterable[LogEntry]) -> None:
        rows = [(now_ns(), level, message[:10_000]) for level, message in entries]
        if rows:
            self._db.executemany("INSERT INTO log (at_ns, level, message) VALUES (?, ?, ?)", rows)
            self._db.execute("DELETE FROM log WHERE id <= (SELECT max(id) FROM log) - ?", (LOG_LINES,))

    def _keep_facts(self, facts: Mapping[str, Any]) -> None:
        rows = [(name, to_json(value).decode()) for name, value in facts.items()]
        self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db)


class _Transaction:
    """``BEGIN``, then ``COMMIT`` or, after an error, ``ROLLBACK``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def _row(row: RowResult, price: Priced, chunk: int | None, position: int) -> tuple[Any, ...]:
    return (
        row.line,
        row.variant,
        row.status,
        row.inputs.decode(),
        row.outputs.decode(),
        row.error.decode() if row.error else None,
        row.start_ns,
        row.duration_ns,
        row.trace_id,
        sum(use[2] for use in row.usage) if row.usage else 0,
        sum(use[3] for use in row.usage) if row.usage else 0,
        price.micros,
        price.unpriced,
        row.reduce,
        chunk,
        position,
    )


def _line(row: tuple[Any, ...]) -> RunLine:
    return RunLine(
        line=row[0],
        variant=row[1],
        status=row[2],
        inputs={} if row[3] is None else dict(from_json(row[3])),
        outputs=dict(from_json(row[4])),
        error=dict(from_json(row[5])) if row[5] else None,
        started_at=to_rfc3339(row[6]) if row[6] else None,
        duration_ms=row[7] / 1e6,
        trace_id=row[8],
        prompt_tokens=row[9],
        completion_tokens=row[10],
        cost_micros=row[11],
        withheld=row[3] is None,
    )


def _where(query: LineQuery) -> tuple[str, list[Any]]:
    clauses, values = ["1"], list[Any]()
    if query.status is not None:
        clauses.append("status = ?")
        values.append(query.status)
    if query.variant is not None:
        clauses.append("variant = ?")
        values.append(query.variant)
    if query.verdict is not None:
        clauses.append("verdict_on(outputs, ?) = ?")
        values += [query.score, query.verdict]
    if query.text:
        clauses.append("(instr(lower(inputs), ?) OR instr(lower(outputs), ?) OR instr(lower(coalesce(error, '')), ?))")
        values += [query.text.lower()] * 3
    return " AND ".join(clauses), values


def _order(query: LineQuery) -> tuple[str, list[Any]]:
    direction = "DESC" if query.descending else "ASC"
    if query.by in {"variant", "status", "duration_ns", "prompt_tokens", "completion_tokens", "cost_micros"}:
        return f"{query.by} {direction}, line, variant", []
    part, _, name = query.by.partition(".")
    if part in {"inputs", "outputs"} and name:
        quoted = name.replace('"', '\\"')
        return f"json_extract({part}, ?) {direction}, line, variant", [f'$."{quoted}"']
    return f"line {direction}, variant", []
