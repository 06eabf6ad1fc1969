"""``flowyard trace tail``: traces as they come."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.output import AsJson, note
from flowyard.cli.session import workspace
from flowyard.cli.trace_filter import chooses_traces
from flowyard.cli.trace_words import amount, duration, moment
from flowyard.foundation.codecs import to_json

if TYPE_CHECKING:
    from flowyard.client.errors import NoServerError
    from flowyard.wire.traces import Trace


@chooses_traces("since", "until")
def tail(
    *,
    where: Any,
    since: Annotated[str | None, typer.Option(help="First those that began then or later: 2026-11-23T04:00:00Z, or 2h ago.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="End after so many; default: when you press Ctrl-C.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show traces as they come, each once and when it has ended; with --json a line of JSON each.

    Example: flowyard trace tail --q 'status:error OR duration>5s'
    """
    traces = workspace().traces.follow(waiting=Waiting(), since=since, **where)
    for count, trace in enumerate(traces, 1):
        sys.stdout.write((to_json(trace).decode() if as_json else _line(trace)) + "\n")
        sys.stdout.flush()
        if count == limit:
            return


class Waiting:
    """Says once that the server does not answer."""

    def __init__(self) -> None:
        self._told = False

    def __call__(self, error: "NoServerError") -> None:
        """Take what went wrong."""
        if not self._told:
            note(f"{error.message} It is asked again until it does.")
        self._told = True


def _line(trace: "Trace") -> str:
    tokens = trace.prompt_tokens + trace.completion_tokens
    facts = [f"{tokens} tokens" if tokens else "", "" if trace.cost is None or trace.cost.micros == "0" else amount(trace.cost)]
    words = "  ".join(["", *(fact for fact in facts if fact), *trace.models])
    return f"{moment(trace.started_at)}  {trace.trace_id}  {trace.status:<5}  {duration(trace.duration_ms):>9}  {trace.name}{words}"
