"""``flowyard logs tail``: log records as they come."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson
from flowyard.cli.session import workspace
from flowyard.cli.trace_tail import Waiting
from flowyard.foundation.codecs import to_json

if TYPE_CHECKING:
    from flowyard.wire.logs import LogLine


class Severity(StrEnum):
    """OpenTelemetry's short names of severities."""

    TRACE = "trace"
    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"
    FATAL = "fatal"


_NAMES = tuple(Severity)
# Each name has four numbers, the first of which begins it.
_STEP = 4


def tail(
    *,
    service: Annotated[str | None, typer.Option(help="The service that sent it.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="So grave, or graver.")] = None,
    text: Annotated[str | None, typer.Option(help="Words in it.")] = None,
    trace: Annotated[str | None, typer.Option(help="The trace it belongs to.")] = None,
    since: Annotated[str | None, typer.Option(help="First those of then or later: 2026-11-23T04:00:00Z, or 2h ago.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="End after so many; default: when you press Ctrl-C.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show log records as they come by OTLP, each once; with --json a line of JSON each.

    Example: flowyard logs tail --severity warn --service checkout
    """
    from flowyard.client.logs import LogFilter

    least = None if severity is None else 1 + _STEP * _NAMES.index(severity)
    where = LogFilter(service=service, severity=least, text=text, trace_id=trace)
    for count, line in enumerate(workspace().logs.follow(where, since=since, waiting=Waiting()), 1):
        sys.stdout.write((to_json(line).decode() if as_json else _line(line)) + "\n")
        sys.stdout.flush()
        if count == limit:
            return


def _line(line: "LogLine") -> str:
    name = _NAMES[min(max(line.severity - 1, 0) // _STEP, len(_NAMES) - 1)]
    words = (line.at[:23].replace("T", " "), f"{name:<5}", line.service or "", line.body)
    return "  ".join(word for word in words if word)
