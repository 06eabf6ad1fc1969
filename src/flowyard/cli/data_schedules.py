"""``flowyard data schedule``: imports that are made again and again."""

from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace

if TYPE_CHECKING:
    from flowyard.wire.data_jobs import DataSchedule

app = typer.Typer(no_args_is_help=True, help="Imports that are made again and again. Make one with: flowyard data import … --schedule CRON")

Named = Annotated[str, typer.Argument(help="The asset that it makes versions of.")]


@app.command("list")
def list_schedules(*, as_json: AsJson = False) -> None:
    """List the schedules of imports.

    Example: flowyard data schedule list
    """
    found = list(workspace().data.schedules())
    columns = ("name", "schedule (UTC)", "datastore", "next", "last", "last job")
    rows = ((one.name, one.cron, one.request.datastore, _time(one.next_at) or "paused", _time(one.last_at), one.last_job) for one in found)
    empty = 'No schedules. Make one with: flowyard data import NAME --datastore D --query "SELECT …" --schedule "0 6 * * *"'
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty=empty)


@app.command("pause")
def pause_schedule(name: Named, *, as_json: AsJson = False) -> None:
    """Pause a schedule.

    Example: flowyard data schedule pause customers
    """
    workspace_data = workspace().data
    emit(workspace_data.pause_schedule(name), as_json=as_json, text=f"Paused. Let it go on with: flowyard data schedule resume {name}")


@app.command("resume")
def resume_schedule(name: Named, *, as_json: AsJson = False) -> None:
    """Let a paused schedule go on, with the next time from now.

    Example: flowyard data schedule resume customers
    """
    found = workspace().data.resume_schedule(name)
    emit(found, as_json=as_json, text=said(found))


@app.command("delete")
def delete_schedule(name: Named, *, as_json: AsJson = False) -> None:
    """Delete a schedule. The versions that it made stay.

    Example: flowyard data schedule delete customers
    """
    workspace().data.delete_schedule(name)
    emit({"deleted": name}, as_json=as_json, text=f"Nothing is imported into {name!r} by itself any more.")


def said(schedule: "DataSchedule") -> str:
    """Return in words when a schedule is due next."""
    return f"{schedule.name} is imported next at {_time(schedule.next_at)} UTC ({schedule.cron})."


def _time(text: str | None) -> str | None:
    return None if text is None else text[:16].replace("T", " ")
