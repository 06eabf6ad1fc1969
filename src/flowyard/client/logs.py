"""SQL over telemetry, over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from msgspec.json import encode

from flowyard.client.errors import NoServerError
from flowyard.client.following import Following, Mark
from flowyard.client.transport import Target, Transport
from flowyard.foundation.clock import NANOSECONDS, from_rfc3339, to_rfc3339
from flowyard.foundation.errors import RemoteError
from flowyard.wire.logs import LogAnswer, LogFormat, LogLine, LogQuery, SavedQuery, SavedQueryWrite, SqlTable
from flowyard.wire.shared import Page

_LINES = 5000
_COLUMNS = "log_id, at_ns, severity, body, service, logger, event, trace_id, span_id, attributes"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which log records; all that is given has to hold. `severity` is the least, `text` is looked for in the body."""

    service: str | None = None
    severity: int | None = None
    text: str | None = None
    trace_id: str | None = None

    def condition(self) -> str:
        """Return it as SQL."""
        found = [f"{name} = {_quoted(value)}" for name in ("service", "trace_id") if (value := getattr(self, name)) is not None]
        found += [f"severity >= {self.severity:d}"] if self.severity is not None else []
        found += [f"contains(lower(body), lower({_quoted(self.text)}))"] if self.text else []
        return " AND ".join(found) or "true"


class Logs:
    """Asks the workspace's telemetry in SQL."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def query(
        self, sql: str, *, since: str | None = None, until: str | None = None, limit: int = 1000, timeout_s: float = 30.0
    ) -> LogAnswer:
        """Return the answer to one SELECT over ``spans``, ``requests``, ``logs``, ``metrics`` and ``scores``.

        Args:
            sql: the statement, in DuckDB's dialect.
            since: rows of then or later: RFC 3339, or ``2h``, ``7d`` ago; by default of the last 24 hours.
            until: rows of before.
            limit: how many rows at most.
            timeout_s: how long it may take, seconds.

        Raises:
            RemoteError: it may not run, is wrong (code ``SqlRefused``), or took too much (``SqlStopped``).
        """
        asked = LogQuery(query=sql, since=since, until=until, limit=limit, timeout_s=timeout_s)
        return self._transport.post("logs/query", LogAnswer, body=asked)

    def export(
        self,
        sql: str,
        target: Target,
        *,
        form: LogFormat,
        since: str | None = None,
        until: str | None = None,
        limit: int = 100_000,
        timeout_s: float = 30.0,
    ) -> bool:
        """Write the answer to one SELECT to `target` as CSV or Parquet, and return whether there are more rows than `limit`.

        Raises:
            RemoteError: see `query`.
        """
        asked = LogQuery(query=sql, since=since, until=until, limit=limit, timeout_s=timeout_s)
        answer = self._transport.request("POST", "logs/export", body=encode(asked), params={"format": form})
        target.write(answer.data)
        return answer.headers.get("flowyard-truncated") == "true"

    def schema(self) -> tuple[SqlTable, ...]:
        """Return the tables with their columns."""
        return self._transport.get("logs/schema", Page[SqlTable]).items

    def saved(self) -> tuple[SavedQuery, ...]:
        """Return the queries that the caller has saved, and those that others share in the workspace, by name."""
        return self._transport.get("logs/saved", Page[SavedQuery]).items

    def save(self, name: str, sql: str, *, shared: bool = False) -> SavedQuery:
        """Keep a query under a name, in the place of the caller's one of that name; with `shared` everybody in the workspace sees it.

        Raises:
            RemoteError: the name or the query is empty or too long.
        """
        return self._transport.put(f"logs/saved/{quote(name, safe='')}", SavedQuery, body=SavedQueryWrite(query=sql, shared=shared))

    def forget(self, name: str) -> None:
        """Delete one of the caller's saved queries.

        Raises:
            RemoteError: the caller has none of that name (code ``SavedQueryUnknown``).
        """
        self._transport.delete(f"logs/saved/{quote(name, safe='')}")

    def lines(self, where: LogFilter | None = None, *, since: str = "24h") -> Iterator[LogLine]:
        """Yield log records of then or later, the newest first, asking for more as they are needed.

        Raises:
            RemoteError: the time cannot be read, or reading took too much (``SqlStopped``).
        """
        condition, below = (where or LogFilter()).condition(), "true"
        while True:
            # The tables' names and columns are ours, and texts are quoted: nothing of the caller's is SQL.
            query = f"SELECT {_COLUMNS} FROM logs WHERE {condition} AND {below} ORDER BY at_ns DESC, log_id DESC"  # noqa: S608
            answer = self.query(query, since=since, limit=_LINES)
            yield from (_line(row) for row in answer.rows)
            if not answer.truncated or not answer.rows:
                return
            log_id, at_ns = answer.rows[-1][:2]
            below = f"(at_ns < {int(at_ns)} OR (at_ns = {int(at_ns)} AND log_id < {_quoted(log_id)}))"

    def follow(
        self,
        where: LogFilter | None = None,
        *,
        since: str | None = None,
        poll_s: float = 2.0,
        waiting: Callable[[NoServerError], None] | None = None,
    ) -> Iterator[LogLine]:
        """Yield log records as they come, each once, without end; with `since` those of then or later first.

        One that comes more than an hour after its time is missed.

        Args:
            where: which.
            since: RFC 3339, or ``2h``, ``7d`` ago.
            poll_s: how long to wait between two looks, at least, seconds.
            waiting: is told when the server does not answer, or is busy; it is asked again then.
        """

        def ask(back: int) -> list[LogLine]:
            try:
                return list(self.lines(where, since=f"{back}s"))
            except RemoteError as error:
                if error.remote.code != "SqlBusy":
                    raise
                raise NoServerError(error.message) from error

        following = Following(ask, _mark, poll_s=poll_s, now=self._transport.clock(), waiting=waiting)
        return following.items(first=self.lines(where, since=since) if since else None)


def _line(row: tuple[Any, ...]) -> LogLine:
    log_id, at_ns, severity, body, service, logger, event, trace_id, span_id, attributes = row
    return LogLine(
        log_id=log_id, at=to_rfc3339(int(at_ns)), severity=severity, body=body, service=service, logger=logger, event=event,
        trace_id=trace_id, span_id=span_id, attributes=attributes,
    )  # fmt: skip


def _mark(line: LogLine) -> Mark:
    at = from_rfc3339(line.at) / NANOSECONDS
    return Mark(id=line.log_id, began=at, ended=at)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
