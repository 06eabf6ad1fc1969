"""``flowyard key``: API keys."""

from enum import StrEnum
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import workspace

app = typer.Typer(no_args_is_help=True, help="Make and revoke API keys.")

_COLUMNS = ("name", "role", "key", "created", "by", "expires", "last used", "state")


class RoleName(StrEnum):
    """What a key or a person may do."""

    OWNER = "owner"
    CONTRIBUTOR = "contributor"
    READER = "reader"
    INVOKER = "invoker"
    MONITOR = "monitor"


@app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="A name to know it by.")],
    *,
    role: Annotated[
        RoleName, typer.Option(help="What it may do: an invoker calls endpoints and models, a monitor reads /metrics, nothing else.")
    ] = RoleName.INVOKER,
    expires_in_days: Annotated[int | None, typer.Option(min=1, help="Default: it does not expire.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once.

    Example: flowyard key create ci --role contributor --expires-in-days 90
    """
    made = workspace().keys.create(name, role=role.value, expires_in_days=expires_in_days)
    emit(made, as_json=as_json, text=made.secret)
    if not as_json:
        note(f"The key {made.key.name!r} has the role {made.key.role}. Keep it: it is shown this once.")


@app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List the keys, without their secrets.

    Example: flowyard key list
    """
    keys = workspace().keys.list()
    rows = [
        (
            key.name,
            key.role,
            f"{key.prefix}…",
            key.created_at[:16],
            key.created_by,
            (key.expires_at or "never")[:16],
            (key.last_used_at or "never")[:16],
            "revoked" if key.revoked_at else "active",
        )
        for key in keys
    ]
    emit_table(keys, as_json=as_json, columns=_COLUMNS, rows=rows, empty="There are no keys. Make one with: flowyard key create NAME")


@app.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="The key's name.")], *, as_json: AsJson = False) -> None:
    """Revoke a key; it stops working within a second.

    Example: flowyard key revoke ci
    """
    workspace().keys.revoke(name)
    emit({"name": name, "revoked": True}, as_json=as_json, text=f"The key {name!r} is revoked.")
