"""``flowyard logs saved`` and ``forget``: queries that are kept under a name."""

from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit_table
from flowyard.cli.session import workspace
from flowyard.client.logs import Logs
from flowyard.foundation.errors import InvalidInputError, nearest


def find_saved(logs: Logs, name: str) -> str:
    """Return the query of this name: the caller's own, or else the one that somebody shares.

    Raises:
        InvalidInputError: there is none, or several share one.
    """
    found = logs.saved()
    named = [query for query in found if query.name == name]
    chosen = [query for query in named if query.mine] or named
    if len(chosen) == 1:
        return chosen[0].query
    if chosen:
        owners = ", ".join(query.owner for query in chosen)
        remedy = "Save the one you mean under a name of your own; flowyard logs saved --json shows them."
        raise InvalidInputError(f"Several share a query {name!r}: {owners}.", remedy=remedy)
    near = nearest(name, [query.name for query in found])
    hint = f"Did you mean {near!r}? " if near else ""
    raise InvalidInputError(f"There is no saved query {name!r}.", remedy=f"{hint}flowyard logs saved lists what there is.")


def saved(*, as_json: AsJson = False) -> None:
    """List the queries that you have saved, and those that others share in the workspace.

    Example: flowyard logs saved
    """
    found = list(workspace().logs.saved())
    rows = (
        (query.name, "you" if query.mine else query.owner, "yes" if query.shared else "no", " ".join(query.query.split())[:80])
        for query in found
    )
    emit_table(found, as_json=as_json, columns=("name", "owner", "shared", "query"), rows=rows, empty="No saved queries.")


def forget(name: Annotated[str, typer.Argument(help="The name of one of your queries.")]) -> None:
    """Delete one of your saved queries.

    Example: flowyard logs forget "cost by model"
    """
    workspace().logs.forget(name)
    typer.echo(f"The query {name!r} is deleted.")
