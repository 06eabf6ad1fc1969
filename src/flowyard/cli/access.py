"""``flowyard access``: access tags."""

from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.access_tags import AccessTags, HolderKind

app = typer.Typer(no_args_is_help=True, help="Say who sees which documents of indexes.")

User = Annotated[str | None, typer.Option("--user", help="A member's name.")]
Key = Annotated[str | None, typer.Option("--key", help="A key's name.")]
Endpoint = Annotated[str | None, typer.Option("--endpoint", help="An endpoint's name: its deployments see documents so.")]


@app.command("list")
def list_access(*, as_json: AsJson = False) -> None:
    """List members, keys, and endpoints that have tags, with their tags.

    Example: flowyard access list
    """
    found = workspace().access.list()
    rows = [(one.kind, one.name, _told(one)) for one in found]
    emit_table(found, as_json=as_json, columns=("kind", "name", "tags"), rows=rows, empty="Nobody is in this workspace.")


@app.command("show")
def show_access(*, user: User = None, key: Key = None, endpoint: Endpoint = None, as_json: AsJson = False) -> None:
    """Show somebody's tags.

    Example: flowyard access show --user ada
    """
    found = workspace().access.get(*_holder(user, key, endpoint))
    emit(found, as_json=as_json, text=_told(found))


@app.command("set")
def set_access(
    tags: Annotated[list[str] | None, typer.Argument(help="All tags that they are to have.")] = None,
    *,
    user: User = None,
    key: Key = None,
    endpoint: Endpoint = None,
    none: Annotated[bool, typer.Option("--none", help="Take all tags away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let somebody have these tags and no others; it takes effect at once.

    Example: flowyard access set hr management --user ada
    """
    kind, name = _holder(user, key, endpoint)
    if bool(tags) == none:
        raise InvalidInputError("Which tags are meant is not said.", remedy="Give the tags, or --none to take all away.")
    found = workspace().access.set(kind, name, tags or ())
    emit(found, as_json=as_json, text=f"The {kind} {name!r} sees: {_told(found)}.")


def _holder(user: str | None, key: str | None, endpoint: str | None) -> tuple[HolderKind, str]:
    told: list[tuple[HolderKind, str | None]] = [("user", user), ("key", key), ("endpoint", endpoint)]
    given: list[tuple[HolderKind, str]] = [(kind, name) for kind, name in told if name is not None]
    if len(given) != 1:
        raise InvalidInputError("Whose tags are meant is not said.", remedy="Give one of --user, --key and --endpoint.")
    return given[0]


def _told(found: AccessTags) -> str:
    if found.everything:
        return "everything, as an owner"
    return ", ".join(found.tags) or "documents without tags"
