"""``flowyard limits``: what the workspace may use, and what was used. The options are those of keys too."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.limits import Limits, LimitUse, WorkspaceLimits

app = typer.Typer(no_args_is_help=True, help="Limit what the workspace may use at the gateway, and see what was used.")

NONE = "none"
RequestsPerMinute = Annotated[str | None, typer.Option(help="Requests a minute; none: no limit.")]
TokensPerMinute = Annotated[str | None, typer.Option(help="Tokens a minute, of prompts and answers; none: no limit.")]
DollarsPerDay = Annotated[str | None, typer.Option(help="US dollars a day (UTC); none: no limit.")]
DollarsPerMonth = Annotated[str | None, typer.Option(help="US dollars a calendar month (UTC); none: no limit.")]
UnknownPrice = Annotated[str | None, typer.Option(help="With a budget: allow or refuse calls whose price is not known.")]

_COLUMNS = ("of", "requests/min", "tokens/min", "$ today", "$ this month")


@app.command("show")
def show_limits(*, as_json: AsJson = False) -> None:
    """Show the limits of the workspace and of its keys, and what was used of them.

    Example: flowyard limits show
    """
    _emit(workspace().limits.get(), as_json=as_json)


@app.command("set")
def set_limits(
    *,
    requests_per_minute: RequestsPerMinute = None,
    tokens_per_minute: TokensPerMinute = None,
    dollars_per_day: DollarsPerDay = None,
    dollars_per_month: DollarsPerMonth = None,
    unknown_price: UnknownPrice = None,
    as_json: AsJson = False,
) -> None:
    """Limit what all keys and people of the workspace use together; what is not given stays as it is.

    Example: flowyard limits set --requests-per-minute 600 --dollars-per-month 200
    """
    limits = workspace().limits
    changed = with_limits(limits.get().limits, requests_per_minute, tokens_per_minute, dollars_per_day, dollars_per_month, unknown_price)
    _emit(limits.set(changed), as_json=as_json)


def with_limits(
    present: Limits,
    requests_per_minute: str | None,
    tokens_per_minute: str | None,
    dollars_per_day: str | None,
    dollars_per_month: str | None,
    unknown_price: str | None,
) -> Limits:
    """Return `present` with what the options say.

    Raises:
        InvalidInputError: an option is no number and not ``none``, or none was given.
    """
    changes: dict[str, Any] = {
        "requests_per_minute": _number("--requests-per-minute", requests_per_minute, int),
        "tokens_per_minute": _number("--tokens-per-minute", tokens_per_minute, int),
        "dollars_per_day": _number("--dollars-per-day", dollars_per_day, float),
        "dollars_per_month": _number("--dollars-per-month", dollars_per_month, float),
    }
    changes = {name: None if value == NONE else value for name, value in changes.items() if value is not None}
    if unknown_price is not None:
        if unknown_price not in {"allow", "refuse"}:
            raise InvalidInputError(f"--unknown-price is {unknown_price!r}.", remedy="Give allow or refuse.")
        changes["unknown_price"] = unknown_price
    return replace(present, **changes)


def told(limits: Limits) -> str:
    """Return limits in a line; empty without any."""
    parts = (
        (limits.requests_per_minute, "{} requests/min"),
        (limits.tokens_per_minute, "{} tokens/min"),
        (limits.dollars_per_day, "${:g}/day"),
        (limits.dollars_per_month, "${:g}/month"),
    )
    return ", ".join(form.format(value) for value, form in parts if value is not None)


def _number(option: str, given: str | None, kind: type[int] | type[float]) -> object:
    if given is None or given == NONE:
        return given
    try:
        return kind(given)
    except ValueError as error:
        raise InvalidInputError(f"{option} is {given!r}.", remedy="Give a number, or none for no limit.") from error


def _emit(found: WorkspaceLimits, *, as_json: bool) -> None:
    if as_json:
        emit(found, as_json=True)
        return
    rows = [_row("workspace", found.limits, found.used), *(_row(f"key {one.key}", one.limits, one.used) for one in found.keys)]
    emit_table(rows, as_json=False, columns=_COLUMNS, rows=rows, empty="")


def _row(name: str, limits: Limits, used: LimitUse) -> tuple[str, ...]:
    return (
        name,
        _of(used.requests_this_minute, limits.requests_per_minute),
        _of(used.tokens_this_minute, limits.tokens_per_minute),
        _of(used.dollars_today, limits.dollars_per_day),
        _of(used.dollars_this_month, limits.dollars_per_month),
    )


def _of(used: float, bound: float | None) -> str:
    return "no limit" if bound is None else f"{used:g} of {bound:g}"
