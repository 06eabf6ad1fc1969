"""``flowyard apply``: Azure ML's files of datastores, data assets, endpoints and deployments."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, note
from flowyard.cli.session import follow, workspace

if TYPE_CHECKING:
    from flowyard.client.applying import Applied


def apply(
    files: Annotated[list[Path], typer.Option("--file", "-f", exists=True, dir_okay=False, help="A YAML file; may be repeated.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be changed, and what gates would say.")] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Deploy although the gates of a file are not met; the audit says so.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make or change datastores, data assets, endpoints and deployments as Azure ML's YAML files say. Again, it changes nothing.

    Example: flowyard apply -f endpoint.yml -f blue-deployment.yml
    """
    ws = workspace()
    done = ws.apply(files, dry_run=dry_run, anyway=anyway, follow=lambda job: follow(ws, job, quiet=as_json))
    for applied in done:
        for finding in applied.notes:
            note(f"{finding.file}:{finding.line}: {finding.message}" + (f" {finding.remedy}" if finding.remedy else ""))
    emit(done, as_json=as_json, text="\n".join(_line(applied, dry_run=dry_run) for applied in done))
    if not anyway and any(applied.gates is not None and applied.gates.outcome == "bad" for applied in done):
        raise typer.Exit(1)


def _line(applied: "Applied", *, dry_run: bool) -> str:
    action = applied.action if not dry_run or applied.action == "unchanged" else f"would be {applied.action}"
    changes = "".join(f"\n  {change}" for change in applied.changes)
    gates = f"\n  gates: {applied.gates.says}" if applied.gates is not None else ""
    return f"{applied.kind} {applied.name}: {action}{changes}{gates}"
