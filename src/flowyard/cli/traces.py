"""``flowyard trace``: what ran."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.output import AsJson, dump, emit, emit_table
from flowyard.cli.session import workspace

if TYPE_CHECKING:
    from rich.tree import Tree

    from flowyard.wire.shared import Money
    from flowyard.wire.traces import Span, Trace, TraceDetail

app = typer.Typer(no_args_is_help=True, help="Look at what ran: prompts, tokens, times.")

_COLUMNS = ("trace", "when", "name", "status", "duration", "tokens", "cost")
_TEXT_LENGTH = 4000
_PARTS = ("flowyard.input", "gen_ai.system_instructions", "gen_ai.input.messages", "flowyard.output", "gen_ai.output.messages", "feedback")


class Status(StrEnum):
    """How a trace ended."""

    OK = "ok"
    ERROR = "error"
    UNSET = "unset"


@app.command("list")
def list_traces(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    status: Annotated[Status | None, typer.Option(help="How the trace ended.")] = None,
    model: Annotated[str | None, typer.Option(help="A model that was called.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="The endpoint that was called.")] = None,
    flow: Annotated[str | None, typer.Option(help="The flow that ran.")] = None,
    text: Annotated[str | None, typer.Option(help="Words in a name, a prompt or an answer.")] = None,
    since: Annotated[str | None, typer.Option(help="Began then or later, for instance 2026-11-23T04:00:00Z.")] = None,
    until: Annotated[str | None, typer.Option(help="Began before.")] = None,
    as_json: AsJson = False,
) -> None:
    """List traces, the newest first.

    Example: flowyard trace list --status error --endpoint support
    """
    found = workspace().traces.list(
        limit=limit,
        status=status.value if status else None,
        model=model,
        endpoint=endpoint,
        flow=flow,
        text=text,
        since=since,
        until=until,
    )
    items = list(found)
    emit_table(
        items, as_json=as_json, columns=_COLUMNS, rows=map(_row, items), empty="No traces. Call an endpoint, or run: flowyard flow test"
    )


@app.command("show")
def show_trace(
    trace_id: Annotated[str, typer.Argument(help="The trace's id: 32 hexadecimal digits.")],
    with_io: Annotated[bool, typer.Option("--io", help="Show inputs, prompts and answers.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a trace as a tree of its spans, with timings, tokens and models.

    Example: flowyard trace show 4bf92f3577b34da6a3ce929d0e0e4736 --io
    """
    detail = workspace().traces.get(trace_id)
    if as_json:
        emit(detail, as_json=True)
        return
    from rich.console import Console

    Console(highlight=False).print(_tree(detail, with_io=with_io))


def _row(trace: "Trace") -> tuple[object, ...]:
    tokens = trace.prompt_tokens + trace.completion_tokens
    when = trace.started_at[:19].replace("T", " ")
    return trace.trace_id, when, trace.name, trace.status, duration(trace.duration_ms), tokens or None, _amount(trace.cost)


def duration(ms: float) -> str:
    """Write milliseconds with three figures and the unit that suits them."""
    if ms < 1:
        return f"{ms * 1000:.0f} µs"
    if ms < 1000:
        return f"{ms:.3g} ms" if ms < 100 else f"{ms:.0f} ms"
    return f"{ms / 1000:.2f} s" if ms < 60_000 else f"{int(ms // 60_000)} min {ms % 60_000 / 1000:.0f} s"


def _amount(cost: "Money | None") -> str:
    if cost is None:
        return "unknown"
    micros = int(cost.micros)
    return f"{micros / 1_000_000:.6f}".rstrip("0").rstrip(".") + f" {cost.currency}"


def _tree(detail: "TraceDetail", *, with_io: bool) -> "Tree":
    """Return the spans as a tree; those whose parent is not known hang at the top."""
    from rich.text import Text
    from rich.tree import Tree

    trace = detail.trace
    top = Tree(Text(f"{trace.trace_id}  {trace.started_at}  {trace.spans} spans  cost {_amount(trace.cost)}", style="bold"))
    known = {span.span_id for span in detail.spans}
    below: dict[str | None, list[Span]] = {}
    for span in detail.spans:
        below.setdefault(span.parent_id if span.parent_id in known and span.parent_id != span.span_id else None, []).append(span)
    # Not recursive: a trace may be deeper than Python's stack.
    waiting = [(top, span) for span in reversed(below.get(None, []))]
    while waiting:
        parent, span = waiting.pop()
        branch = parent.add(_line(span, with_io=with_io))
        waiting.extend((branch, child) for child in reversed(below.get(span.span_id, [])))
    return top


def _line(span: "Span", *, with_io: bool) -> Any:
    from rich.text import Text

    line = Text.assemble(
        (span.name, "red" if span.status == "error" else ""),
        (f"  {span.kind}", "cyan"),
        f"  +{duration(span.start_offset_ms)}  {duration(span.duration_ms)}",
    )
    if span.model:
        line.append(f"  {span.model}", "magenta")
    if span.prompt_tokens is not None or span.completion_tokens is not None:
        line.append(f"  {span.prompt_tokens or 0} + {span.completion_tokens or 0} tokens")
    if span.status_message:
        line.append(f"\n{span.status_message}", "red")
    for name in _PARTS if with_io else ():
        if name in span.attributes:
            line.append(f"\n{name.rpartition('flowyard.')[2]}: ", "dim")
            line.append(_shown(span.attributes[name]))
    return line


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else dump(value)
    return text if len(text) <= _TEXT_LENGTH else f"{text[:_TEXT_LENGTH]}… ({len(text)} characters; --json shows all)"
