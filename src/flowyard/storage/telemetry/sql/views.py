"""The tables that users' SQL sees: the signals with times and durations as people write them, each row once."""

# ruff: noqa: S608 (only names of ours are put into the text)

from flowyard.tracing.signals import SIGNALS, Signal
from flowyard.wire.logs import SqlColumn, SqlTable

#: What stands in the place of a column of nanoseconds: name and SQL.
#: Times are in whole microseconds: DuckDB compares a TIMESTAMP with `now()`, but no TIMESTAMP_NS. Nanoseconds have their own column.
_FRIENDLY: dict[str, tuple[tuple[str, str, str], ...]] = {
    "start_ns": (("started_at", "make_timestamp(start_ns // 1000)", "TIMESTAMP"), ("start_ns", "start_ns", "BIGINT")),
    "at_ns": (("at", "make_timestamp(at_ns // 1000)", "TIMESTAMP"), ("at_ns", "at_ns", "BIGINT")),
    "duration_ns": (("duration_ms", "duration_ns / 1e6", "DOUBLE"), ("duration_ns", "duration_ns", "BIGINT")),
    "first_token_ns": (("first_token_ms", "first_token_ns / 1e6", "DOUBLE"),),
    "cost_micros": (("cost", "cost_micros / 1e6", "DOUBLE"), ("cost_micros", "cost_micros", "BIGINT")),
}
_HIDDEN = frozenset({"workspace_id"})
_MEANINGS: dict[str, str] = {
    "spans": "everything that ran: a row a span",
    "requests": "the first spans of traces, and what came to the gateway",
    "logs": "log records that came by OTLP",
    "metrics": "points of metrics that came by OTLP",
    "scores": "what people, programs and evaluators think of traces; of one author for one name of one trace and span, the latest",
}
#: What holds texts, or may.
_TEXTS: dict[Signal, frozenset[str]] = {
    "spans": frozenset({"status_message", "attributes", "events"}),
    "logs": frozenset({"body", "attributes"}),
    "scores": frozenset({"label", "comment", "attributes"}),
}
_REQUESTS = "SELECT * FROM spans WHERE parent_id IS NULL OR (kind = 'http' AND service IS NULL)"


def columns_of(signal: Signal) -> list[tuple[str, str, str]]:
    """Return name, SQL and type of each column of a signal's table."""
    table = SIGNALS[signal]
    found: list[tuple[str, str, str]] = []
    for column in table.columns:
        if column in _HIDDEN or (signal == "scores" and column == "withdrawn"):
            continue
        if column in _FRIENDLY:
            found += _FRIENDLY[column]
        elif column in table.json:
            found.append((column, f"TRY_CAST(nullif({column}, '') AS JSON)", "JSON"))
        else:
            found.append((column, f'"{column}"', _type(signal, column)))
    return found


def view(signal: Signal, *, withheld: bool = False) -> str:
    """Return the view of a signal over the relation ``raw_<signal>``; parameters are put in by name: ``{since}``, ``{until}``.

    `withheld`: what holds texts is null in rows of the traces that the relation ``raw_withheld`` names.
    """
    table = SIGNALS[signal]
    texts = _TEXTS.get(signal, frozenset()) if withheld else frozenset[str]()
    listed = ", ".join(f'{_unless_withheld(sql) if name in texts else sql} AS "{name}"' for name, sql, _ in columns_of(signal))
    once = f"QUALIFY row_number() OVER (PARTITION BY {', '.join(table.key)} ORDER BY {table.time}) = 1"
    if signal == "scores":
        latest = "row_number() OVER (PARTITION BY trace_id, span_id, name, author ORDER BY at_ns DESC, score_id DESC) = 1"
        once = f"QUALIFY {latest} AND NOT coalesce(withdrawn, false)"
    within = f"{table.time} >= {{since}} AND {table.time} < {{until}}"
    return f"CREATE VIEW {signal} AS SELECT {listed} FROM (SELECT * FROM raw_{signal} WHERE {within} {once})"


def _unless_withheld(sql: str) -> str:
    return f"CASE WHEN coalesce(trace_id, '') IN (SELECT trace_id FROM raw_withheld) THEN NULL ELSE {sql} END"


def requests_view() -> str:
    """Return the view of requests, over that of spans."""
    return f"CREATE VIEW requests AS {_REQUESTS}"


def tables() -> tuple[SqlTable, ...]:
    """Return all tables with their columns, as the schema page and the studio show them."""
    found: list[SqlTable] = []
    signals: list[Signal] = ["spans", "logs", "metrics", "scores"]
    for signal in signals:
        columns = tuple(SqlColumn(name=name, type=kind) for name, _, kind in columns_of(signal))
        found.append(SqlTable(name=signal, meaning=_MEANINGS[signal], columns=columns))
        if signal == "spans":
            found.append(SqlTable(name="requests", meaning=_MEANINGS["requests"], columns=columns))
    return tuple(found)


def _type(signal: Signal, column: str) -> str:
    table = SIGNALS[signal]
    if column in table.integers:
        return "BIGINT"
    if column in table.floats:
        return "DOUBLE"
    return "BOOLEAN" if column in table.booleans else "VARCHAR"
