"""Which traces: the options that all commands over them take."""

from enum import StrEnum
from typing import Annotated, Any

import typer


class Status(StrEnum):
    """How a trace ended."""

    OK = "ok"
    ERROR = "error"
    UNSET = "unset"


class Order(StrEnum):
    """By what traces are listed, and which way."""

    STARTED_DESC = "started:desc"
    STARTED_ASC = "started:asc"
    DURATION_DESC = "duration:desc"
    DURATION_ASC = "duration:asc"
    COST_DESC = "cost:desc"
    COST_ASC = "cost:asc"
    TOKENS_DESC = "tokens:desc"
    TOKENS_ASC = "tokens:asc"


StatusOption = Annotated[Status | None, typer.Option("--status", help="How the trace ended.")]
ModelOption = Annotated[str | None, typer.Option("--model", help="A model that was called.")]
EndpointOption = Annotated[str | None, typer.Option("--endpoint", help="The endpoint that was called.")]
FlowOption = Annotated[str | None, typer.Option("--flow", help="The flow that ran.")]
TextOption = Annotated[str | None, typer.Option("--text", help="Words in a name, a prompt or an answer.")]
SearchOption = Annotated[str | None, typer.Option("--q", help='A search, for instance: status:error duration>2s "late parcel".')]
SinceOption = Annotated[str | None, typer.Option("--since", help="Began then or later: 2026-11-23T04:00:00Z, or 2h, 7d ago.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Began before.")]


def chosen_by(status: Status | None, **words: str | None) -> Any:
    """Return the options that were given, as the client's `TraceQuery`."""
    return {name: value for name, value in {"status": status.value if status else None, **words}.items() if value is not None}
