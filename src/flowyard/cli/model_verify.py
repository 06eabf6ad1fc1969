"""``flowyard model verify``: try a model, and keep what it was seen to do."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import follow, workspace
from flowyard.client.errors import NoServerError
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import read_settings
from flowyard.wire.model_verifications import LONG_CONTEXT

if TYPE_CHECKING:
    from flowyard.wire.model_verifications import CheckName as CheckWord
    from flowyard.wire.model_verifications import ModelVerification
    from flowyard.wire.models import Model
    from flowyard.wire.shared import Money


class CheckName(StrEnum):
    """What is tried."""

    CHAT = "chat"
    STREAMING = "streaming"
    STOP = "stop"
    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"
    LONG_CONTEXT = "long_context"
    DETERMINISM = "determinism"
    SPEED = "speed"
    MEMORY = "memory"


Name = Annotated[str, typer.Argument(help="A name of 'flowyard model list', CONNECTION/MODEL, or endpoint:NAME.")]
_SIGNS = {"pass": "pass", "fail": "FAIL", "not_applicable": "n/a"}


def verify(
    name: Name,
    check: Annotated[list[CheckName] | None, typer.Option(help="Only this; may be given more than once.")] = None,
    max_context: Annotated[
        int, typer.Option(min=512, help="Tokens of the test of the long context, at most; more take longer.")
    ] = LONG_CONTEXT,
    files: Annotated[bool, typer.Option("--files", help="Only compare the hashes of its files with its card; needs no server.")] = False,
    evidence: Annotated[bool, typer.Option("--evidence", help="Show what was asked and answered.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a model that may cost money is called.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try a model: chat, streaming, stop, JSON schema, tools, embeddings, long context, determinism, speed, memory.

    What it was seen to do is kept with date and machine and shown on its card. Exit code 1 when something failed.

    Example: flowyard model verify smollm2-135m --check chat --check speed
    """
    if files:
        _files(name, as_json=as_json)
        return
    words: list[CheckWord] | None = [one.value for one in check] if check else None  # pyright: ignore[reportAssignmentType] - the same words
    tried = workspace().models.verifications
    plan = tried.plan(name, checks=words, max_context=max_context)
    if not plan.free:
        told = f"{plan.call} will be asked about {plan.prompt_tokens:,} tokens and answer {plan.completion_tokens:,}"
        agree(told, plan.cost, yes=yes, quiet=as_json)
    job = tried.create(name, checks=words, max_context=max_context)
    follow(workspace(), job, quiet=as_json)
    found = tried.get(job.id)
    emit(found, as_json=as_json, text=_text(found, evidence=evidence))
    if found.failed:
        raise typer.Exit(1)


def verifications(
    name: Annotated[str | None, typer.Argument(help="Only of this model.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List what models were seen to do, the newest first.

    Example: flowyard model verifications smollm2-135m
    """
    found = workspace().models.verifications.list(name, limit=limit)
    rows = [
        (one.id, one.model, one.status, one.passed, one.failed, one.not_applicable, one.started_at[:19], one.machine.cpu) for one in found
    ]
    columns = ("verification", "model", "status", "pass", "fail", "n/a", "started", "machine")
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty="None yet. Try a model: flowyard model verify smollm2-135m")


def agree(told: str, cost: "Money | None", *, yes: bool, quiet: bool) -> None:
    """Say what is asked for and what it costs, and ask whether it may.

    Raises:
        InvalidInputError: nobody can be asked.
    """
    price = f"about {int(cost.micros) / 1e6:,.4f} {cost.currency}" if cost is not None else "at a price that is not known here"
    if not quiet or not yes:
        note(f"{told}: {price}.")
    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidInputError("This may cost money, and nobody can be asked.", remedy="Say yes beforehand: --yes")
    if not typer.confirm("Go on?", err=True):
        raise typer.Abort


def _text(found: "ModelVerification", *, evidence: bool) -> str:
    memory = f"{found.machine.memory_bytes / 1e9:,.0f} GB" if found.machine.memory_bytes else "memory not known"
    machine = ", ".join((found.machine.cpu, f"{found.machine.cores} cores", memory, *found.machine.gpus))
    lines = [
        f"{found.model}: {found.passed} passed, {found.failed} failed, {found.not_applicable} not applicable",
        f"on {machine}; {found.engine or found.place}; {(found.ended_at or found.started_at)[:19]}",
        "",
    ]
    for check in found.checks:
        lines.append(f"  {_SIGNS[check.status]:<5} {check.name:<13} {check.detail}")
        if evidence:
            lines += [f"        asked     {check.request}", f"        answered  {check.answer}"]
    return "\n".join(lines)


def _files(name: str, *, as_json: bool) -> None:
    model = _checked(name)
    emit(model, as_json=as_json, text=f"{model.name} is {model.state}.")
    if model.state == "damaged":
        note(f"  Run: flowyard model pull {name}")
        raise typer.Exit(1)


def _checked(name: str) -> "Model":
    """Have the hashes compared by the server, or here when none runs. A server named by FLOWYARD_URL is never passed over."""
    settings = read_settings()
    try:
        return workspace().models.verify(name)
    except NoServerError:
        if settings.url is not None:
            raise
    from flowyard.catalog.service import Catalog

    return Catalog(settings.home / "models").verify(name)
