"""``flowyard endpoint history`` and ``rollback``: what served before, and back to it."""

from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import follow, workspace

if TYPE_CHECKING:
    from flowyard.wire.endpoints import Revision

Name = Annotated[str, typer.Argument(help="The endpoint's name.")]
Deployment = Annotated[str, typer.Option(help="The deployment's name.")]


def history(name: Name, *, deployment: Deployment = "blue", as_json: AsJson = False) -> None:
    """List what served under a deployment's name, the newest first.

    Example: flowyard endpoint history support --deployment blue
    """
    revisions = workspace().endpoints.revisions(name, deployment)
    rows = (
        (
            revision.revision,
            _what(revision),
            revision.instance_count,
            revision.deployed_at,
            revision.deployed_by,
            "serves" * revision.serving,
        )
        for revision in revisions
    )
    columns = ("revision", "what", "instances", "deployed", "by", "")
    emit_table(revisions, as_json=as_json, columns=columns, rows=rows, empty=f"Nothing has served as {name}/{deployment} yet.")


def rollback(
    name: Name,
    *,
    deployment: Deployment = "blue",
    to: Annotated[int | None, typer.Option(min=1, help="The revision; the one before what serves where it is not given.")] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Return as soon as the job is queued.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back what served before. What serves now serves until then; no request is dropped.

    Example: flowyard endpoint rollback support --deployment blue --to 3
    """
    ws = workspace()
    job = ws.endpoints.rollback(name, deployment, to=to)
    if no_wait:
        emit(job, as_json=as_json, text=f"Job {job.id}: {job.title}. Watch it: flowyard job stream {job.id}")
        return
    follow(ws, job, quiet=as_json)
    serving = next(revision for revision in ws.endpoints.revisions(name, deployment) if revision.serving)
    emit(serving, as_json=as_json, text=f"{name}/{deployment} serves {_what(serving)} again, as revision {serving.revision}.")


def _what(revision: "Revision") -> str:
    if revision.model is not None:
        return f"model {revision.model}"
    digest = (revision.digest or "")[:12]
    return f"script {revision.script} {digest}" if revision.script else f"flow {revision.flow or ''} {digest}"
