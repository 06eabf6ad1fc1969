"""``flowyard endpoint collected-data``: what deployments collected of their requests."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, counted, emit, emit_table, note
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.collected_data import CollectedAsset

app = typer.Typer(no_args_is_help=True, help="What deployments collected of their requests.")

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]
Deployment = Annotated[str | None, typer.Option(help="Of this deployment only.")]
Since = Annotated[str | None, typer.Option(help="From then on: 2h, 7d ago, or a time of RFC 3339.")]
Until = Annotated[str | None, typer.Option(help="Until then.")]


class FormName(StrEnum):
    """Rows as objects, or records as Azure ML writes them."""

    ROWS = "rows"
    EVENTS = "events"


class FormatName(StrEnum):
    """Of a file."""

    JSONL = "jsonl"
    PARQUET = "parquet"


@app.command("list")
def list_collected(name: Name, *, deployment: Deployment = None, since: Since = None, until: Until = None, as_json: AsJson = False) -> None:
    """List what each collection holds, and how much of it was dropped: of the last 24 hours, where no time is given.

    Example: flowyard endpoint collected-data list support --since 7d
    """
    found = workspace().collected_data.list(name, deployment=deployment, since=since, until=until)
    rows = (
        (
            entry.deployment,
            entry.collection,
            entry.records,
            entry.rows,
            entry.first_at,
            entry.last_at,
            ", ".join(f"{count} {reason}" for reason, count in entry.dropped.items()),
        )
        for entry in found
    )
    columns = ("deployment", "collection", "records", "rows", "first", "last", "dropped")
    recent = since is None and until is None
    if recent:
        note("Of the last 24 hours; --since 30d shows more.")
    told = "What is says data_collector of a deployment's file, or its settings.data_collector."
    empty = f"Nothing was collected of {name}{' then' if recent else ''}. {told}"
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty=empty)


@app.command("export")
def export(
    name: Name,
    *,
    collection: Annotated[
        list[str] | None, typer.Option("--collection", "-c", help="Several are joined by their requests; default: inputs and outputs.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", dir_okay=False, help="The file to write.")] = None,
    as_asset: Annotated[bool, typer.Option("--as-asset", help="Make a version of a data asset.")] = False,
    asset: Annotated[str | None, typer.Option(help="The asset's name; default: what the deployment's file says.")] = None,
    form: Annotated[FormName, typer.Option(help="Rows as objects, or records as Azure ML writes them.")] = FormName.ROWS,
    fmt: Annotated[FormatName, typer.Option("--format", help="Of a file.")] = FormatName.JSONL,
    deployment: Deployment = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many records at most, the earliest first.")] = 10_000,
    as_json: AsJson = False,
) -> None:
    """Write collected data to a file, or make a data asset of it.

    Example: flowyard endpoint collected-data export support --since 7d -o rows.jsonl
    """
    if (output is None) == (not as_asset):
        raise InvalidInputError("Give one of --output and --as-asset.", remedy="For instance: -o rows.jsonl, or --as-asset --asset seen")
    collected = workspace().collected_data
    collections = tuple(collection or ("model_inputs", "model_outputs"))
    asked = CollectedAsset(
        collections=collections, deployment=deployment, since=since, until=until, limit=limit, form=form.value, name=asset
    )
    if output is None:
        made = collected.keep(name, asked)
        emit(made, as_json=as_json, text=f"{made.reference} has {counted(made.rows or 0, 'row')}.")
        return
    with output.open("wb") as target:
        collected.export(name, target, asked, fmt=fmt.value)
    note(f"{output} has {output.stat().st_size} bytes.")
