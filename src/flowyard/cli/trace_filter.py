"""Which traces: the options that all commands over them take."""

import functools
import inspect
from collections.abc import Callable
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


_OPTIONS: dict[str, Any] = {
    "status": Annotated[list[Status] | None, typer.Option(help="How the trace ended; given several times, any of these.")],
    "model": Annotated[list[str] | None, typer.Option(help="A model that was called; given several times, any of these.")],
    "endpoint": Annotated[list[str] | None, typer.Option(help="The endpoint that was called; given several times, any of these.")],
    "flow": Annotated[list[str] | None, typer.Option(help="The flow that ran; given several times, any of these.")],
    "text": Annotated[str | None, typer.Option(help="Words in a name, a prompt or an answer.")],
    "q": Annotated[str | None, typer.Option(help='A search, for instance: status:error duration>2s "late parcel".')],
    "since": Annotated[str | None, typer.Option(help="Began then or later: 2026-11-23T04:00:00Z, or 2h, 7d ago.")],
    "until": Annotated[str | None, typer.Option(help="Began before.")],
}


def chooses_traces(*but: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that say which traces, besides those named by `but`.

    It gets those that were given as `where`, the `TraceQuery` of the client.
    """
    options = {name: kind for name, kind in _OPTIONS.items() if name not in but}

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            chosen = {name: given.pop(name) for name in options}
            command(**given, where={name: value for name, value in chosen.items() if value})

        added = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind) for name, kind in options.items()]
        own = [parameter for name, parameter in inspect.signature(command).parameters.items() if name != "where"]
        signature = inspect.Signature([*own[:-1], *added, own[-1]])  # --json comes last
        run.__signature__ = signature  # pyright: ignore[reportAttributeAccessIssue]
        run.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
        return run

    return with_options
