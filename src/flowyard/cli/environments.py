"""``flowyard env``: the environments that hold the packages of flows."""

from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.foundation.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Look at and remove the environments that hold the packages of flows.")

_COLUMNS = ("environment", "python", "packages", "installer", "size", "made", "used")


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """List the environments, the one used last first.

    Example: flowyard env list
    """
    from flowyard.flows.environments.store import environments_folder, list_environments, size_of
    from flowyard.foundation.clock import to_rfc3339

    home = read_settings().home
    found = list_environments(home)
    rows = [
        (
            each.name,
            each.python_version,
            ", ".join(each.requirements),
            each.installer,
            _megabytes(size_of(environments_folder(home) / each.name)),
            to_rfc3339(each.created_ns)[:19],
            to_rfc3339(each.last_used_ns)[:19],
        )
        for each in found
    ]
    empty = "No environments. One is made when a flow with a requirements.txt is run."
    emit_table(found, as_json=as_json, columns=_COLUMNS, rows=rows, empty=empty)


@app.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The environment's name: 16 hexadecimal digits.")], as_json: AsJson = False) -> None:
    """Remove an environment; the next run of its flow builds it anew.

    Example: flowyard env remove 2cfa392ce9bfd438
    """
    from flowyard.flows.environments import remove_environment

    freed = remove_environment(read_settings().home, name)
    emit({"removed": name, "bytes": freed}, as_json=as_json, text=f"Removed {name} ({_megabytes(freed)}).")


@app.command("prune")
def prune(
    days: Annotated[float, typer.Option(min=0, help="Remove those that nothing was started in for so many days.")] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Remove environments that are no longer used, and what killed builds left.

    Example: flowyard env prune --days 7
    """
    from flowyard.flows.environments import prune_environments

    removed = prune_environments(read_settings().home, unused_days=days)
    emit({"removed": removed}, as_json=as_json, text=f"Removed: {', '.join(removed)}" if removed else "Nothing to remove.")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
