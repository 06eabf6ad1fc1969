"""``flowyard usage``: tokens, costs, times and errors."""

import csv
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar, get_args

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError, nearest
from flowyard.tracing.search.model import SCORE
from flowyard.wire.telemetry import Grain, GroupField, Measure, ScoreField

if TYPE_CHECKING:
    from flowyard.wire.telemetry import Column, Figures

_MEASURES: tuple[Measure, ...] = ("count", "errors", "tokens", "cost", "unpriced", "duration_p50", "duration_p95")


T = TypeVar("T", bound=str)


class Of(StrEnum):
    """What is counted."""

    CALLS = "calls"
    REQUESTS = "requests"
    SPANS = "spans"


def usage(
    *,
    by: Annotated[list[str] | None, typer.Option(help=f"Group by; up to three: {', '.join(get_args(GroupField))}, score.NAME.")] = None,
    measure: Annotated[list[str] | None, typer.Option(help=f"What to compute: {', '.join(get_args(Measure))}.")] = None,
    of: Annotated[Of, typer.Option(help="Calls of models, requests (first spans), or all spans.")] = Of.CALLS,
    grain: Annotated[str, typer.Option(help=f"Over time: {', '.join(get_args(Grain))}.")] = "none",
    q: Annotated[str | None, typer.Option("--q", help="A search, about each span: status:error model:gpt-4o.")] = None,
    since: Annotated[str, typer.Option(help="2026-11-23T04:00:00Z, or 2h, 7d ago.")] = "24h",
    until: Annotated[str | None, typer.Option(help="Likewise; now by default.")] = None,
    compare: Annotated[bool, typer.Option("--compare", help="With the period before.")] = False,
    compare_from: Annotated[str | None, typer.Option(help="With the period that began then: 2026-11-23T04:00:00Z, or 30d ago.")] = None,
    compare_to: Annotated[str | None, typer.Option(help="Its end; by default it is as long as the period shown.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many groups at most; of each period, where two are compared.")] = 20,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV, numbers as they are.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show tokens, costs, times and errors of what ran, by groups and over time.

    Example: flowyard usage --by model --by user --since 7d --grain day
    """
    found = workspace().telemetry.figures(
        _known(measure, get_args(Measure), "measure") or _MEASURES,
        of=of.value,
        group_by=_groups(by),
        grain=_grain(grain),
        q=q,
        since=since,
        until=until,
        compare=compare,
        compare_from=compare_from,
        compare_to=compare_to,
        limit=limit,
    )
    if as_json:
        emit(found, as_json=True)
        return
    if as_csv:
        _write_csv(found)
        return
    if found.previous is not None and found.grain == "none":
        _show_compared(found, found.previous)
        return
    _show(found, found.rows)
    if found.previous is not None:
        emit(None, as_json=False, text=f"\n{_period(found)}, its times moved to this one:")
        _show(found, found.previous)


def _write_csv(found: "Figures") -> None:
    """Write the rows; of a comparison those of both periods, with a column that tells which."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    compared = found.previous is not None
    writer.writerow([*(["period"] if compared else []), *_names(found)])
    for period, rows in (("now", found.rows), ("before", found.previous or ())):
        for row in rows:
            values = (_number(column, value) for column, value in zip(found.columns, row, strict=True))
            writer.writerow([*([period] if compared else []), *values])


def _number(column: "Column", value: str | float | int | None) -> str | float | int | None:
    return _amount(value) if column.unit == "micros" and isinstance(value, int | float) else value


def _amount(micros: float) -> str:
    return f"{micros / 1_000_000:.6f}".rstrip("0").rstrip(".")


def _names(found: "Figures") -> list[str]:
    return [column.name if column.unit in {None, "share"} else f"{column.name} ({_unit(column, found)})" for column in found.columns]


def _show(found: "Figures", rows: "tuple[tuple[str | float | int | None, ...], ...]") -> None:
    names = _names(found)
    lines = ([_cell(column, value) for column, value in zip(found.columns, row, strict=True)] for row in rows)
    emit_table(list(rows), as_json=False, columns=names, rows=lines, empty="Nothing ran in this period.")


def _show_compared(found: "Figures", previous: "tuple[tuple[str | float | int | None, ...], ...]") -> None:
    """Show a row a group, with each figure of both periods side by side."""
    names, measures = _names(found), [place for place, column in enumerate(found.columns) if column.type != "text"]
    keys = len(found.columns) - len(measures)
    before = {row[:keys]: row for row in previous}
    columns = [*names[:keys], *(name for place in measures for name in (names[place], "before"))]
    lines: list[list[str | int | None]] = []
    for row in found.rows:
        other = before[row[:keys]]
        pairs = ((found.columns[place], one[place]) for place in measures for one in (row, other))
        lines.append(
            [*(_cell(column, value) for column, value in zip(found.columns, row[:keys], strict=False)), *(_cell(*pair) for pair in pairs)]
        )
    emit_table(list(found.rows), as_json=False, columns=columns, rows=lines, empty="Nothing ran in either period.")
    note(f"{_period(found)} stands under 'before'.")


def _period(found: "Figures") -> str:
    since, until = (str(at)[:16].replace("T", " ") for at in (found.previous_since, found.previous_until))
    return f"The period {since} to {until} (UTC)"


def _groups(given: list[str] | None) -> tuple[GroupField | ScoreField, ...]:
    scores = [name for name in given or () if name.startswith(SCORE) and len(name) > len(SCORE)]
    known = iter(_known([name for name in given or () if name not in scores], get_args(GroupField), "field"))
    return tuple(name if name in scores else next(known) for name in given or ())


def _unit(column: "Column", found: "Figures") -> str:
    return found.currency if column.unit == "micros" else str(column.unit)


def _cell(column: "Column", value: str | float | int | None) -> str | int | None:
    if value is None or isinstance(value, str):
        return value[:19].replace("T", " ") if value is not None and column.type == "time" else value
    if column.unit == "micros":
        return _amount(value)
    if column.unit == "share":
        return f"{value:.1%}"
    return f"{value:.4g}" if column.type == "number" else int(value)


def _known(given: list[str] | None, known: tuple[T, ...], what: str) -> tuple[T, ...]:
    found: list[T] = []
    for name in given or ():
        match = next((each for each in known if each == name), None)
        if match is None:
            like = nearest(name, set(known))
            raise InvalidInputError(
                f"There is no {what} {name!r}.", remedy=f"Did you mean {like}?" if like else f"There are: {', '.join(known)}."
            )
        found.append(match)
    return tuple(found)


def _grain(name: str) -> Grain:
    return _known([name], get_args(Grain), "grain")[0]
