"""Durable work: pulls, deployments, and whatever else takes longer than a request."""

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from flowyard.foundation.codecs import to_json
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.jobs import Job, JobEvent, JobStatus
from flowyard.wire.shared import Page

router = api_router("jobs", "/workspaces/{workspace}/jobs")
Reader = Annotated[Caller, allow("jobs:read")]
Writer = Annotated[Caller, allow("jobs:write")]
Word = Annotated[str | None, Query(min_length=1, max_length=300)]
LargestSequence = 2**63 - 1


@router.get("")
def list_jobs(
    caller: Reader,
    services: ServicesDep,
    *,
    kind: Word = None,
    status: JobStatus | None = None,
    target: Annotated[Word, Query(description="What it works on: <kind>/<name>.")] = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[Job]:
    """List jobs, the newest first."""
    return services.jobs.page(caller.workspace_id, kind=kind, status=status, target=target, cursor=cursor, limit=limit)


def existing_job(job_id: str, caller: Reader, services: ServicesDep) -> Job:
    """Return the job of the path, so that a missing one is a 404 before a stream begins."""
    return services.jobs.get(caller.workspace_id, job_id)


ExistingJob = Annotated[Job, Depends(existing_job)]


@router.get("/{job_id}")
def get_job(job: ExistingJob) -> Job:
    """Show a job with its stages."""
    return job


@router.post("/{job_id}/cancel", status_code=202)
def cancel_job(job_id: str, caller: Writer, services: ServicesDep) -> Job:
    """Cancel a job: a queued one at once, a running one as soon as it can."""
    job = services.jobs.cancel(caller.workspace_id, job_id)
    services.audit.record(caller, "job.cancel", f"job/{job.id}", {"kind": job.kind, "target": job.target})
    return job


@router.post("/{job_id}/resume", status_code=202)
def resume_job(job_id: str, caller: Writer, services: ServicesDep) -> Job:
    """Run a failed or canceled job again; the steps that it has recorded are not run again."""
    job = services.jobs.resume(caller.workspace_id, job_id)
    services.audit.record(caller, "job.resume", f"job/{job.id}", {"kind": job.kind, "target": job.target})
    return job


@router.get("/{job_id}/events", response_class=EventSourceResponse)
async def stream_job_events(
    job: ExistingJob,
    caller: Reader,
    services: ServicesDep,
    last_event_id: Annotated[int | None, Header(ge=0, le=LargestSequence, description="Begin after this event.")] = None,
) -> AsyncIterator[JobEvent]:
    """Stream what happens to a job until it has ended. Every event's id is its sequence number, its name its kind."""
    async for event in services.jobs.follow(caller.workspace_id, job.id, after=last_event_id or 0):
        if event is not None:
            framed = ServerSentEvent(raw_data=to_json(event).decode(), event=event.kind, id=event.sequence)
            yield cast("JobEvent", framed)  # what is framed is a JobEvent: the schema shall say so
