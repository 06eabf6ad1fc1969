"""``flowyard key``: API keys."""

from enum import StrEnum
from typing import Annotated

import typer

from flowyard.cli.limits import DollarsPerDay, DollarsPerMonth, RequestsPerMinute, TokensPerMinute, UnknownPrice, told, with_limits
from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import workspace
from flowyard.wire.limits import Limits

app = typer.Typer(no_args_is_help=True, help="Make, limit and revoke API keys.")

_COLUMNS = ("name", "role", "key", "created", "by", "expires", "last used", "limits", "state")


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
    requests_per_minute: RequestsPerMinute = None,
    tokens_per_minute: TokensPerMinute = None,
    dollars_per_day: DollarsPerDay = None,
    dollars_per_month: DollarsPerMonth = None,
    unknown_price: UnknownPrice = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once.

    Example: flowyard key create ci --role invoker --expires-in-days 90 --requests-per-minute 60 --dollars-per-day 5
    """
    limits = with_limits(Limits(), requests_per_minute, tokens_per_minute, dollars_per_day, dollars_per_month, unknown_price)
    made = workspace().keys.create(name, role=role.value, expires_in_days=expires_in_days, limits=limits)
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
            told(key.limits) or "none",
            "revoked" if key.revoked_at else "active",
        )
        for key in keys
    ]
    emit_table(keys, as_json=as_json, columns=_COLUMNS, rows=rows, empty="There are no keys. Make one with: flowyard key create NAME")


@app.command("update")
def update_key(
    name: Annotated[str, typer.Argument(help="The key's name.")],
    *,
    requests_per_minute: RequestsPerMinute = None,
    tokens_per_minute: TokensPerMinute = None,
    dollars_per_day: DollarsPerDay = None,
    dollars_per_month: DollarsPerMonth = None,
    unknown_price: UnknownPrice = None,
    as_json: AsJson = False,
) -> None:
    """Change a key's limits; what is not given stays as it is. They hold within a second.

    Example: flowyard key update ci --requests-per-minute 120 --dollars-per-day none
    """
    keys = workspace().keys
    present = next((key.limits for key in keys.list() if key.name == name and key.revoked_at is None), Limits())
    limits = with_limits(present, requests_per_minute, tokens_per_minute, dollars_per_day, dollars_per_month, unknown_price)
    changed = keys.update(name, limits=limits)
    emit(changed, as_json=as_json, text=f"The key {name!r} may use: {told(changed.limits) or 'what it wants'}.")


@app.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="The key's name.")], *, as_json: AsJson = False) -> None:
    """Revoke a key; it stops working within a second.

    Example: flowyard key revoke ci
    """
    workspace().keys.revoke(name)
    emit({"name": name, "revoked": True}, as_json=as_json, text=f"The key {name!r} is revoked.")
