"""``flowyard data split`` and ``import``: versions that a job makes."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.data_names import read_asset
from flowyard.cli.data_schedules import said
from flowyard.cli.jobs import follow
from flowyard.cli.output import AsJson, emit
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.wire.jobs import Job


def split_data(
    asset: Annotated[str, typer.Argument(help="NAME, NAME:VERSION or azureml:NAME:VERSION; without a version the latest.")],
    *,
    ratios: Annotated[str, typer.Option(help="What each part gets, with commas between; they add up to 1.")] = "0.8,0.2",
    names: Annotated[str | None, typer.Option(help="The parts' assets, with commas between; default NAME-train, NAME-test.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same parts.")] = 0,
    stratify: Annotated[str | None, typer.Option(help="A column whose values each part has in the same proportions.")] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait for the end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Divide the rows of a version among new assets, by a seed and by the values of a column.

    Example: flowyard data split questions:2 --ratios 0.8,0.1,0.1 --seed 7 --stratify label
    """
    name, version = read_asset(asset)
    source = f"azureml:{name}@latest" if version == "latest" else f"azureml:{name}:{version}"
    named = None if names is None else [part.strip() for part in names.split(",")]
    job = workspace().data.split(source, _numbers(ratios), named, seed=seed, stratify=stratify)
    if (result := _ended(job, no_wait=no_wait, as_json=as_json)) is not None:
        parts = (f"{part['data']}  {part['rows']} rows" for part in result["parts"])
        emit(result, as_json=as_json, text="\n".join(parts))


def import_data(
    name: Annotated[str, typer.Argument(help="The asset's name.")],
    *,
    datastore: Annotated[str, typer.Option(help="A datastore that is a database.")],
    query: Annotated[str | None, typer.Option(help="A statement that gives rows and only reads.")] = None,
    table: Annotated[str | None, typer.Option(help="In place of a statement: all of a table, TABLE or SCHEMA.TABLE.")] = None,
    version: Annotated[str | None, typer.Option(help="Its version; without it the next whole number.")] = None,
    description: Annotated[str | None, typer.Option(help="What it is.")] = None,
    schedule: Annotated[str | None, typer.Option(help='Again and again: a cron expression in UTC, such as "0 6 * * *".')] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait for the end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a version of what a database answers, as Parquet; once, or by a schedule.

    Example: flowyard data import customers --datastore crm --query "SELECT id, city FROM customers"
    """
    if schedule is not None:
        if version is not None or description is not None:
            raise InvalidInputError("A schedule makes many versions.", remedy="Leave --version and --description out.")
        found = workspace().data.schedule(schedule, name, datastore, query, table=table)
        emit(found, as_json=as_json, text=said(found))
        return
    job = workspace().data.import_rows(name, datastore, query, table=table, version=version, description=description)
    if (result := _ended(job, no_wait=no_wait, as_json=as_json)) is not None:
        emit(result, as_json=as_json, text=f"{result['data']} is there with {result['rows']} rows, {result['bytes']} bytes.")


def _ended(job: "Job", *, no_wait: bool, as_json: bool) -> Any:
    """Return the result of a job, or print the job and return None where nobody waits."""
    if no_wait:
        emit(job, as_json=as_json, text=f"Job {job.id} does it. Follow it with: flowyard job stream {job.id}")
        return None
    return follow(workspace(), job, quiet=as_json).result


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise InvalidInputError(f"{text!r} are no ratios.", remedy="Write numbers with commas between: --ratios 0.8,0.1,0.1") from error
