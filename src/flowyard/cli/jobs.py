"""``flowyard job``: durable work."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.cli.session import follow, workspace

if TYPE_CHECKING:
    from flowyard.wire.jobs import Job, JobEvent, JobStage

app = typer.Typer(no_args_is_help=True, help="Watch, cancel and resume long work.")

JobId = Annotated[str, typer.Argument(help="The job's id, as `flowyard job list` shows it.")]


class Status(StrEnum):
    """What a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELING = "canceling"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


@app.command("list")
def list_jobs(
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    status: Annotated[Status | None, typer.Option(help="Only jobs in this state.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only jobs of this kind, model_pull for instance.")] = None,
    target: Annotated[str | None, typer.Option(help="Only jobs that work on this, <kind>/<name>.")] = None,
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first.

    Example: flowyard job list --status failed
    """
    found = list(workspace().jobs.list(kind=kind, status=status.value if status else None, target=target, limit=limit))
    rows = [(job.id, job.kind, job.target, job.status, _stage(job), job.created_at[:19]) for job in found]
    columns = ("job", "kind", "target", "status", "stage", "created")
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty="No jobs. Long work makes some: flowyard model pull NAME")


@app.command("show")
def show_job(job_id: JobId, as_json: AsJson = False) -> None:
    """Show a job with its stages, and its result or error.

    Example: flowyard job show 019c1f0e-6b3a-7d15-9a55-3a1f5f0c2b11
    """
    job = workspace().jobs.get(job_id)
    emit(job, as_json=as_json, text=_text(job))


@app.command("cancel")
def cancel_job(job_id: JobId, as_json: AsJson = False) -> None:
    """Cancel a job: a queued one at once, a running one as soon as it can.

    Example: flowyard job cancel 019c1f0e-6b3a-7d15-9a55-3a1f5f0c2b11
    """
    job = workspace().jobs.cancel(job_id)
    emit(job, as_json=as_json, text=f"{job.title}: {job.status}")


@app.command("resume")
def resume_job(
    job_id: JobId,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it has ended, showing its stages.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a failed or canceled job again; what it has recorded is not done again.

    Example: flowyard job resume 019c1f0e-6b3a-7d15-9a55-3a1f5f0c2b11 --wait
    """
    ws = workspace()
    job = ws.jobs.resume(job_id)
    if wait:
        job = follow(ws, job, quiet=as_json)
    emit(job, as_json=as_json, text=f"{job.title}: {job.status}")


@app.command("stream")
def stream_job(job_id: JobId, as_json: AsJson = False) -> None:
    """Follow a job until it has ended; exit code 1 when it did not complete.

    Example: flowyard job stream 019c1f0e-6b3a-7d15-9a55-3a1f5f0c2b11
    """
    ws = workspace()
    job = follow(ws, ws.jobs.get(job_id), quiet=as_json)
    emit(job, as_json=as_json, text=_text(job))


@app.command("logs")
def job_logs(job_id: JobId, as_json: AsJson = False) -> None:
    """Print a job's log, until it has ended.

    Example: flowyard job logs 019c1f0e-6b3a-7d15-9a55-3a1f5f0c2b11
    """
    jobs = workspace().jobs
    events: list[JobEvent] = []
    for event in jobs.events(job_id):
        if event.kind == "log":
            events.append(event)
            if not as_json:
                emit(event, as_json=False, text=f"{event.at[:19]}  {event.message}")
    if as_json:
        emit(events, as_json=True)
    elif not events:
        note("It has logged nothing.")


def _stage(job: "Job") -> str:
    running = next((stage for stage in job.stages if stage.status == "running"), None)
    return _stage_text(running) if running else ""


def _stage_text(stage: "JobStage") -> str:
    counted = ""
    if stage.done is not None:
        counted = f" {stage.done}" + (f" of {stage.total}" if stage.total is not None else "") + (f" {stage.unit}" if stage.unit else "")
    return f"{stage.name}{counted}" + (f" ({stage.detail})" if stage.detail else "")


def _text(job: "Job") -> str:
    lines = [
        f"{job.title}: {job.status}",
        f"  job      {job.id} ({job.kind}, {job.target})",
        f"  created  {job.created_at} by {job.created_by}",
    ]
    lines += [f"  waiting  {job.waiting}"] if job.waiting else []
    lines += [f"  started  {job.started_at}"] if job.started_at else []
    lines += [f"  ended    {job.ended_at}"] if job.ended_at else []
    lines += [f"  {stage.status:<9} {_stage_text(stage)}" for stage in job.stages]
    if job.error:
        lines.append(f"  error: {job.error.get('detail')}")
        lines += [f"    {job.error['remedy']}"] if job.error.get("remedy") else []
    return "\n".join(lines)
