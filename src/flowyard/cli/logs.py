"""``flowyard logs``: SQL over telemetry."""

import csv
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from flowyard.cli.logs_tail import tail
from flowyard.cli.output import AsJson, dump, emit, emit_table
from flowyard.cli.session import workspace

app = typer.Typer(no_args_is_help=True, help="Ask what ran in SQL, and follow log records.")
app.command("tail")(tail)


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"


@app.command("query")
def query_logs(
    sql: Annotated[str, typer.Argument(help="One SELECT over spans, requests, logs, metrics and scores (DuckDB's dialect).")],
    *,
    since: Annotated[str | None, typer.Option(help="Rows of then or later: 2026-11-23T04:00:00Z, or 2h, 7d ago; 24h by default.")] = None,
    until: Annotated[str | None, typer.Option(help="Rows of before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many rows at most.")] = 1000,
    timeout: Annotated[float, typer.Option(min=0.1, max=300, help="How long it may take, seconds.")] = 30,
    output: Annotated[Format, typer.Option("--format", help="How the answer is written.")] = Format.TABLE,
    as_json: AsJson = False,
) -> None:
    """Run one SELECT over the workspace's telemetry.

    Example: flowyard logs query "SELECT model, count(*), sum(cost) FROM spans WHERE kind = 'llm' GROUP BY 1 ORDER BY 2 DESC" --since 7d
    """
    answer = workspace().logs.query(sql, since=since, until=until, limit=limit, timeout_s=timeout)
    if as_json:
        emit(answer, as_json=True)
        return
    names = [column.name for column in answer.columns]
    if output is Format.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerows([names, *([_text(value) for value in row] for row in answer.rows)])
    else:
        lines = ([_text(value) for value in row] for row in answer.rows)
        emit_table(list(answer.rows), as_json=False, columns=names, rows=lines, empty="No rows.")
    notes = [*answer.warnings, *([f"There are more than {limit} rows."] if answer.truncated else [])]
    for note in notes:
        typer.echo(note, err=True)


@app.command("schema")
def show_schema(*, as_json: AsJson = False) -> None:
    """Show the tables and their columns.

    Example: flowyard logs schema
    """
    found = list(workspace().logs.schema())
    rows = ((table.name, column.name, column.type) for table in found for column in table.columns)
    emit_table(found, as_json=as_json, columns=("table", "column", "type"), rows=rows, empty="No tables.")


def _text(value: Any) -> Any:
    return dump(value) if isinstance(value, dict | list) else value
