"""The checks of ``flowyard endpoint deploy``, and how it writes gates."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import note
from flowyard.cli.session import key_values
from flowyard.foundation.errors import FlowyardError, InvalidInputError
from flowyard.wire.endpoints import DeploymentCreate, Gate

if TYPE_CHECKING:
    from flowyard.client import Workspace
    from flowyard.wire.index_uses import IndexUse

Check = Annotated[
    bool, typer.Option("--check", help="Validate it, run it once and look at its evaluation first; what is bad is not deployed.")
]
CheckInputs = Annotated[
    list[str] | None, typer.Option("--inputs", "-i", help="An input of the test of --check, name=value; else the last ones.")
]
Gates = Annotated[
    list[str] | None,
    typer.Option("--gate", help='What a metric of its evaluation has to be, "f1_score>=0.8" or "latency<=2"; may be repeated.'),
]
Evaluation = Annotated[
    str | None,
    typer.Option(help="The run that is held to the gates: the flow's, or one that evaluates it. The newest of this version by default."),
]
Anyway = Annotated[bool, typer.Option("--anyway", help="Deploy it although a check is bad or a gate is not met.")]

_MARKS = {"good": "ok  ", "warn": "note", "bad": "bad "}


class ChecksFailedError(FlowyardError):
    """A check before a deploy is bad."""

    code = "ChecksFailed"
    title = "It was not deployed"


def read_gates(texts: list[str]) -> tuple[Gate, ...]:
    """Read gates as they are written: ``f1_score>=0.8``.

    Raises:
        InvalidInputError: one has another form.
    """
    return tuple(map(_gate, texts))


def checked(ws: "Workspace", request: DeploymentCreate, inputs: list[str] | None) -> DeploymentCreate:
    """Print what the checks say, and return the request for the very version that they looked at.

    Raises:
        ChecksFailedError: one is bad, and it is not to be deployed anyway.
    """
    found = ws.endpoints.check(request, inputs=key_values(inputs) if inputs else None)
    for check in found.checks:
        note(f"{_MARKS[check.outcome]}  {check.says}" + (f" {check.remedy}" if check.remedy and check.outcome != "good" else ""))
    if not found.passes and not request.anyway:
        bad = ", ".join(dict.fromkeys(check.name for check in found.checks if check.outcome == "bad"))
        raise ChecksFailedError(f"What stands against it: {bad}.", remedy="Mend it and deploy again; or deploy it as it is with --anyway.")
    return replace(request, snapshot=found.digest) if found.digest else request


def use_text(use: "IndexUse") -> str:
    """Return in words which version of an index a deployment asks."""
    if use.version is None:
        return f"{use.index}:{use.asked}, which is not there"
    return f"{use.index}:{use.version}" + (", pinned" if use.pinned else f", by the label {use.asked}")


def _gate(text: str) -> Gate:
    from flowyard.client.gates import read_gate

    gate = read_gate(text)
    if gate is None:
        raise InvalidInputError(f"{text!r} is no gate.", remedy='Write a metric and a bound: --gate "f1_score>=0.8", or "latency<=2".')
    return gate
