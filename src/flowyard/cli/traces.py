"""``flowyard trace``: what ran."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.output import AsJson, counted, dump, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.cli.trace_export import export_traces
from flowyard.cli.trace_facets import list_facets
from flowyard.cli.trace_filter import Order, chooses_traces
from flowyard.cli.trace_tail import tail
from flowyard.cli.trace_tallies import list_sessions, list_users
from flowyard.cli.trace_words import amount, duration, moment

if TYPE_CHECKING:
    from rich.tree import Tree

    from flowyard.wire.traces import LargeValue, Span, Trace, TraceDetail

app = typer.Typer(no_args_is_help=True, help="Look at what ran: prompts, tokens, times.")

_COLUMNS = ("trace", "when", "name", "status", "duration", "tokens", "cost")
_TEXT_LENGTH = 4000
_PARTS = ("flowyard.input", "gen_ai.system_instructions", "gen_ai.input.messages", "flowyard.output", "gen_ai.output.messages", "feedback")

app.command("export")(export_traces)
app.command("facets")(list_facets)
app.command("tail")(tail)
app.command("sessions")(list_sessions)
app.command("users")(list_users)


@app.command("list")
@chooses_traces()
def list_traces(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    order: Annotated[Order, typer.Option(help="By what, and which way.")] = Order.STARTED_DESC,
    where: Any,
    as_json: AsJson = False,
) -> None:
    """List traces, the newest first, or by duration, cost or tokens.

    Example: flowyard trace list --q 'status:error endpoint:support duration>2s' --since 24h
    """
    found = workspace().traces.list(limit=limit, order=order.value, **where)
    items = list(found)
    emit_table(
        items, as_json=as_json, columns=_COLUMNS, rows=map(_row, items), empty="No traces. Call an endpoint, or run: flowyard flow test"
    )


@app.command("show")
def show_trace(
    trace_id: Annotated[str, typer.Argument(help="The trace's id: 32 hexadecimal digits.")],
    with_io: Annotated[bool, typer.Option("--io", help="Show inputs, prompts and answers.")] = False,
    full: Annotated[bool, typer.Option("--full", help="As --io, each value to its end, however long.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a trace as a tree of its spans, with timings, tokens and models.

    Example: flowyard trace show 4bf92f3577b34da6a3ce929d0e0e4736 --io
    """
    detail = workspace().traces.get(trace_id, values="whole" if full or as_json else "beginnings")
    if as_json:
        emit(detail, as_json=True)
        return
    from rich.console import Console

    Console(highlight=False).print(_tree(detail, limit=None if full else _TEXT_LENGTH if with_io else 0))


@app.command("score")
def score_trace(
    trace_id: Annotated[str, typer.Argument(help="The trace's id: 32 hexadecimal digits.")],
    *,
    name: Annotated[str, typer.Option(help="What is scored.")] = "feedback",
    value: Annotated[float | None, typer.Option(help="A number; 1 and 0 for thumbs up and down.")] = None,
    label: Annotated[str | None, typer.Option(help="A word.")] = None,
    comment: Annotated[str | None, typer.Option(help="Why.")] = None,
    span: Annotated[str | None, typer.Option(help="A span of it: 16 hexadecimal digits.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what you think of a trace; the same name again replaces what you said.

    Example: flowyard trace score 4bf92f3577b34da6a3ce929d0e0e4736 --value 0 --comment "made up an address"
    """
    from flowyard.wire.scores import ScoreWrite

    asked = ScoreWrite(trace_id=trace_id, name=name, span_id=span, value=value, label=label, comment=comment)
    given = workspace().scores.give(asked)
    emit(given, as_json=as_json, text=f"Kept as {given.score_id}. Take it back with: flowyard trace unscore {given.score_id}")


@app.command("scores")
def list_scores(
    trace_id: Annotated[str, typer.Argument(help="The trace's id: 32 hexadecimal digits.")], *, as_json: AsJson = False
) -> None:
    """List the scores of a trace and its spans.

    Example: flowyard trace scores 4bf92f3577b34da6a3ce929d0e0e4736
    """
    found = list(workspace().scores.list(trace_id))
    rows = ((one.score_id, one.name, one.value, one.label, one.comment, one.author, one.span_id) for one in found)
    columns = ("score", "name", "value", "label", "comment", "author", "span")
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty="No scores. Give one with: flowyard trace score TRACE --value 1")


@app.command("unscore")
def withdraw_score(score_id: Annotated[str, typer.Argument(help="The score's id.")], *, as_json: AsJson = False) -> None:
    """Take a score back.

    Example: flowyard trace unscore 01a216f4-fc29-7ad1-9159-02c275fa2df4
    """
    workspace().scores.withdraw(score_id)
    emit({"withdrawn": score_id}, as_json=as_json, text="The score counts no more.")


def _row(trace: "Trace") -> tuple[object, ...]:
    tokens = trace.prompt_tokens + trace.completion_tokens
    when = moment(trace.started_at)
    return trace.trace_id, when, trace.name, trace.status, duration(trace.duration_ms), tokens or None, amount(trace.cost)


def _tree(detail: "TraceDetail", *, limit: int | None) -> "Tree":
    """Return the spans as a tree, with `limit` characters of each value, None: all; those whose parent is not known hang at the top."""
    from rich.text import Text
    from rich.tree import Tree

    trace = detail.trace
    top = Tree(Text(f"{trace.trace_id}  {trace.started_at}  {counted(trace.spans, 'span')}  cost {amount(trace.cost)}", style="bold"))
    known = {span.span_id for span in detail.spans}
    below: dict[str | None, list[Span]] = {}
    for span in detail.spans:
        below.setdefault(span.parent_id if span.parent_id in known and span.parent_id != span.span_id else None, []).append(span)
    # Not recursive: a trace may be deeper than Python's stack.
    waiting = [(top, span) for span in reversed(below.get(None, []))]
    while waiting:
        parent, span = waiting.pop()
        branch = parent.add(_line(span, limit))
        waiting.extend((branch, child) for child in reversed(below.get(span.span_id, [])))
    return top


def _line(span: "Span", limit: int | None) -> Any:
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
    large = {one.name: one for one in span.large if one.event is None}
    for name in _PARTS if limit != 0 else ():
        if name in span.attributes:
            line.append(f"\n{name.rpartition('flowyard.')[2]}: ", "dim")
            line.append(_shown(span.attributes[name], limit, large.get(name)))
    return line


def _shown(value: Any, limit: int | None, large: "LargeValue | None") -> str:
    text = value if isinstance(value, str) else dump(value)
    if large is not None:
        size = "" if large.bytes is None else f" of {large.bytes / 1e6:,.1f} MB"
        rest = "the rest is lost" if limit is None else "--full shows all"
        return f"{text[:limit].removesuffix('…')}… (the beginning{size}; {rest})"
    if limit is None or len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text):,} characters; --full shows all)"
