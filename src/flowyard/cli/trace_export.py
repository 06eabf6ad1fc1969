"""``flowyard trace export``: whole traces as a file."""

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from flowyard.cli.output import AsJson, emit, note
from flowyard.cli.session import workspace
from flowyard.cli.trace_filter import chooses_traces
from flowyard.foundation.errors import InvalidInputError

_EVERY_S = 2.0


class Format(StrEnum):
    """What traces are written as."""

    JSONL = "jsonl"
    PARQUET = "parquet"


@chooses_traces()
def export_traces(
    trace_ids: Annotated[
        list[str] | None, typer.Argument(help="These traces (at most 500); without any, those that the options choose.")
    ] = None,
    *,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="jsonl: a trace a line; parquet: a row a span. Default: by the file's ending, else jsonl."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it here; default: standard output, for jsonl.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many at most, the newest first; default: all.")] = None,
    where: Any,
    as_json: AsJson = False,
) -> None:
    """Write whole traces as JSON lines, or their spans as Parquet.

    Example: flowyard trace export --q 'endpoint:support score.feedback<1' --since 7d --output traces.parquet
    """
    if trace_ids and (where or limit):
        raise InvalidInputError("Traces are named, and options choose others.", remedy="Name traces, or choose them by options.")
    chosen = form or _ending(output)
    if output is None:
        if chosen is Format.PARQUET:
            raise InvalidInputError("Parquet goes to a file.", remedy="Name one: --output traces.parquet")
        told = _Told(sys.stdout.buffer, chosen)
        workspace().traces.export(told, trace_ids or (), form=chosen.value, limit=limit, **where)
        note(told.words())
        return
    # What breaks off leaves no file that looks whole.
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as target:
            told = _Told(target, chosen)
            workspace().traces.export(told, trace_ids or (), form=chosen.value, limit=limit, **where)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    facts = {"file": str(output), "format": chosen.value, "bytes": told.size, **({"traces": told.lines} if chosen is Format.JSONL else {})}
    emit(facts, as_json=as_json, text=f"Wrote {output}: {told.words()}.")


def _ending(output: Path | None) -> Format:
    ending = output.suffix.removeprefix(".") if output else ""
    return Format(ending) if ending in set(Format) else Format.JSONL


class _Told:
    """Writes to `target` and tells on standard error, now and then, how much it was."""

    def __init__(self, target: IO[bytes], form: Format) -> None:
        self._target = target
        self._form = form
        self._last = time.monotonic()
        self.size = self.lines = 0

    def write(self, data: bytes, /) -> int:
        self._target.write(data)
        self.size += len(data)
        self.lines += data.count(b"\n") if self._form is Format.JSONL else 0
        if time.monotonic() - self._last >= _EVERY_S:
            self._last = time.monotonic()
            note(f"{self.words()} …")
        return len(data)

    def words(self) -> str:
        """Return how much was written."""
        traces = f"{self.lines:,} traces, " if self._form is Format.JSONL else ""
        return f"{traces}{self.size / 1e6:,.1f} MB"
