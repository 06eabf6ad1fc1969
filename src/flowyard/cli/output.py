"""How commands speak: results on standard output, everything else on standard error."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.errors import FlowyardError

_PIPE_WIDTH = 1000
# A value of data is cut to this many characters.
_CELL = 60

#: The option that every command has.
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def emit(value: Any, *, as_json: bool, text: str | None = None) -> None:
    """Print `value`: as indented JSON, or as `text` when that is given and JSON was not asked for."""
    if as_json or text is None:
        sys.stdout.write(dump(value) + "\n")
    else:
        sys.stdout.write(text + "\n")


def emit_table(items: Sequence[Any], *, as_json: bool, columns: Sequence[str], rows: Iterable[Iterable[object]], empty: str) -> None:
    """Print a list: `items` as a JSON array, or a table of `rows` under `columns`, or the sentence `empty` when there is none."""
    if as_json:
        sys.stdout.write(dump(items) + "\n")
        return
    if not items:
        note(empty)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    # In a pipe nothing is wrapped or cut: who reads it there counts columns. What stands in cells is data: [b] and :x: mean nothing.
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, markup=False, emoji=False).print(table)


def cell_text(value: Any) -> str:
    """Return a value of data as a cell of a table: in one line, its beginning and … where it is long."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = value if isinstance(value, str) else to_json(value).decode()
    flat = " ".join(text.split())
    return flat if len(flat) <= _CELL else f"{flat[: _CELL - 1]}…"


def counted(number: int, noun: str) -> str:
    """Return a count as one says it, of a `noun` that takes an s: ``1 row``, ``1,200 rows``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def note(message: str) -> None:
    """Print one line on standard error: progress, hints, what was done."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


def dump(value: Any) -> str:
    """Return `value` as indented JSON text."""
    import msgspec

    return msgspec.json.format(to_json(plain(value)), indent=2).decode()


def report(error: FlowyardError, *, as_json: bool) -> None:
    """Print an error on standard error: what, where, what to do; with --json as problem details."""
    if as_json:
        note(dump(error.problem()))
        return
    place = f"{error.location}: " if error.location and str(error.location) else ""
    note(f"error: {place}{error.message}")
    if error.extra.get("source_line"):
        note(f"    {error.extra['source_line']}")
    for finding in error.findings:
        where = f"{finding.location}: " if finding.location else ""
        note(f"  {where}{finding.detail}" + (f" {finding.remedy}" if finding.remedy else ""))
    if error.remedy:
        note(f"  {error.remedy}")
