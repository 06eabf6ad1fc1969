"""``flowyard logs``: SQL over telemetry."""

import sys
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import typer

from flowyard.cli.logs_saved import find_saved, forget, saved
from flowyard.cli.logs_tail import tail
from flowyard.cli.output import AsJson, dump, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.client.logs import Logs
from flowyard.foundation.errors import InvalidInputError

app = typer.Typer(no_args_is_help=True, help="Ask what ran in SQL, and follow log records.")
app.command("tail")(tail)
app.command("saved")(saved)
app.command("forget")(forget)


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


@app.command("query")
def query_logs(
    sql: Annotated[str | None, typer.Argument(help="One SELECT over spans, requests, logs, metrics and scores (DuckDB's dialect).")] = None,
    *,
    saved_name: Annotated[str | None, typer.Option("--saved", help="Run the saved query of this name.")] = None,
    save_as: Annotated[str | None, typer.Option("--save", help="Keep the query under this name once it has answered.")] = None,
    share: Annotated[bool, typer.Option("--share", help="With --save: let everybody in the workspace see it.")] = False,
    since: Annotated[str | None, typer.Option(help="Rows of then or later: 2026-11-23T04:00:00Z, or 2h, 7d ago; 24h by default.")] = None,
    until: Annotated[str | None, typer.Option(help="Rows of before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many rows at most.")] = 1000,
    timeout: Annotated[float, typer.Option(min=0.1, max=300, help="How long it may take, seconds.")] = 30,
    form: Annotated[Format | None, typer.Option("--format", help="How the answer is written; by the file's ending, or a table.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run one SELECT over the workspace's telemetry.

    Example: flowyard logs query "SELECT model, count(*), sum(cost) FROM spans WHERE kind = 'llm' GROUP BY 1 ORDER BY 2 DESC" --since 7d
    """
    chosen = Format.JSON if as_json else form or _form_of(output)
    logs = workspace().logs
    if share and save_as is None:
        raise InvalidInputError("There is nothing to share.", remedy="--share goes with --save NAME.")
    statement = _statement(logs, sql, saved_name)
    if chosen in {Format.TABLE, Format.JSON} and output is None:
        answer = logs.query(statement, since=since, until=until, limit=limit, timeout_s=timeout)
        if chosen is Format.JSON:
            emit(answer, as_json=True)
        else:
            lines = ([_text(value) for value in row] for row in answer.rows)
            emit_table(list(answer.rows), as_json=False, columns=[column.name for column in answer.columns], rows=lines, empty="No rows.")
        notes, more = list(answer.warnings), answer.truncated
    else:
        notes, more = list[str](), _write(logs, statement, chosen, output, since=since, until=until, limit=limit, timeout_s=timeout)
    if save_as is not None:
        logs.save(save_as, statement, shared=share)
    for note in [*notes, *([f"There are more than {limit} rows."] if more else [])]:
        typer.echo(note, err=True)


def _statement(logs: Logs, sql: str | None, saved_name: str | None) -> str:
    """Return what is to run: what was written, or the saved query that was named."""
    if sql is not None and saved_name is None:
        return sql
    if sql is None and saved_name is not None:
        return find_saved(logs, saved_name)
    raise InvalidInputError("What to ask is not clear.", remedy="Give one SELECT, or --saved NAME.")


def _form_of(output: Path | None) -> Format:
    """Return the form that a file's ending names."""
    ending = "" if output is None else output.suffix.removeprefix(".").lower()
    return Format(ending) if ending in set(Format) else Format.TABLE


def _write(logs: Logs, sql: str, form: Format, output: Path | None, **asked: Any) -> bool:
    """Write an answer to a file, or to standard output, and return whether there is more of it."""
    if form is Format.JSON and output is not None:
        answer = logs.query(sql, **asked)
        output.write_text(dump(answer), encoding="utf-8")
        return answer.truncated
    if form not in {Format.CSV, Format.PARQUET}:
        raise InvalidInputError("A table is not written to a file.", remedy="Give --format json, csv or parquet, or a file that ends so.")
    if form is Format.PARQUET and output is None and sys.stdout.isatty():
        raise InvalidInputError("A Parquet file is no text for a terminal.", remedy="Give --output FILE, or a pipe.")
    told = BytesIO()
    more = logs.export(sql, told, form="csv" if form is Format.CSV else "parquet", **asked)
    if output is None:
        sys.stdout.buffer.write(told.getvalue())
        sys.stdout.buffer.flush()
    else:
        output.write_bytes(told.getvalue())
    return more


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
