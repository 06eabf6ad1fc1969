"""SQL over telemetry, over HTTP."""

from flowyard.client.transport import Transport
from flowyard.wire.logs import LogAnswer, LogQuery, SqlTable
from flowyard.wire.shared import Page


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

    def schema(self) -> tuple[SqlTable, ...]:
        """Return the tables with their columns."""
        return self._transport.get("logs/schema", Page[SqlTable]).items
