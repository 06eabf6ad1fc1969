"""Users' SQL over telemetry: what is asked, who answers."""

import csv
import io
from typing import Protocol

from msgspec.json import encode

from flowyard.foundation.clock import DAY_NS, now_ns
from flowyard.foundation.errors import FlowyardError, InvalidInputError, Location
from flowyard.identity.model import Caller
from flowyard.tracing.guarding import Guards
from flowyard.tracing.times import read_time
from flowyard.wire.logs import LogAnswer, LogFormat, LogQuery, SqlTable

QUERY_LIMIT, ROW_LIMIT, TIME_LIMIT_S = 100_000, 100_000, 300.0


class SqlRefusedError(InvalidInputError):
    """The statement is none that may run, or it is wrong."""

    code = "SqlRefused"
    title = "The statement cannot run"


class SqlStoppedError(FlowyardError):
    """The statement took too long or too much memory, and was stopped."""

    code = "SqlStopped"
    title = "The statement was stopped"
    status = 422
    exit_code = 1


class SqlBusyError(FlowyardError):
    """As many statements run as may at once."""

    code = "SqlBusy"
    title = "Too many statements at once"
    status = 429


class SqlRunner(Protocol):
    """Runs one SELECT over one workspace's telemetry, where it can do no harm and see nothing else."""

    def run(self, workspace_id: str, query: LogQuery, since_ns: int, until_ns: int, withheld: frozenset[str]) -> LogAnswer:
        """Return the answer. Of the traces `withheld` the tables have no texts.

        Raises:
            SqlRefusedError: it is no single SELECT, reaches for what is not telemetry, or is wrong.
            SqlStoppedError: it took too long, or too much memory.
            SqlBusyError: too many run already.
        """
        ...

    def parquet(self, workspace_id: str, query: LogQuery, since_ns: int, until_ns: int, withheld: frozenset[str]) -> tuple[bytes, bool]:
        """Return the answer as a Parquet file, and whether there is more of it. Raises what `run` raises."""
        ...

    def tables(self) -> tuple[SqlTable, ...]:
        """Return what can be asked."""
        ...


class SqlService:
    """Answers users' SQL, within the caller's workspace."""

    def __init__(self, runner: SqlRunner, guards: Guards) -> None:
        self._runner = runner
        self._guards = guards

    def query(self, caller: Caller, asked: LogQuery) -> LogAnswer:
        """Return the answer to one SELECT.

        Raises:
            InvalidInputError: a limit or a time is not valid.
            SqlRefusedError, SqlStoppedError, SqlBusyError: see `SqlRunner.run`.
        """
        return self._runner.run(caller.workspace_id, asked, *_period(asked), self._guards.all_lacked(caller))

    def export(self, caller: Caller, asked: LogQuery, form: LogFormat) -> tuple[bytes, bool]:
        """Return the answer to one SELECT as a file, and whether there is more of it. Raises what `query` raises."""
        if form == "parquet":
            return self._runner.parquet(caller.workspace_id, asked, *_period(asked), self._guards.all_lacked(caller))
        answer = self.query(caller, asked)
        text = io.StringIO()
        rows = ([encode(value).decode() if isinstance(value, dict | list) else value for value in row] for row in answer.rows)
        csv.writer(text).writerows([[column.name for column in answer.columns], *rows])
        return text.getvalue().encode(), answer.truncated

    def tables(self) -> tuple[SqlTable, ...]:
        """Return the tables with their columns."""
        return self._runner.tables()


def _period(asked: LogQuery) -> tuple[int, int]:
    """Return the period of a query that is valid, in nanoseconds."""
    _check(
        0 < len(asked.query.strip()) <= len(asked.query) <= QUERY_LIMIT, "query", f"Write one SELECT of at most {QUERY_LIMIT} characters."
    )
    _check(1 <= asked.limit <= ROW_LIMIT, "limit", f"Ask for 1 to {ROW_LIMIT} rows.")
    _check(0 < asked.timeout_s <= TIME_LIMIT_S, "timeout_s", f"Give it up to {TIME_LIMIT_S:.0f} seconds.")
    until = read_time("until", asked.until) or now_ns() + DAY_NS
    since = read_time("since", asked.since)
    return now_ns() - DAY_NS if since is None else since, until


def _check(fits: bool, field: str, remedy: str) -> None:
    if not fits:
        raise InvalidInputError(f"The {field} is not valid.", remedy=remedy, location=Location(pointer=f"/{field}"))
