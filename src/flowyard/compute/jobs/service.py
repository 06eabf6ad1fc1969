"""Jobs as the rest of the platform asks for them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flowyard.compute.errors import JobKindUnknownError, JobNotFoundError, JobStateError
from flowyard.compute.jobs.model import JobEventRecord, JobQuery, JobRecord, fresh_stages
from flowyard.compute.jobs.ports import JobStore
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import ConflictError, nearest
from flowyard.foundation.ids import new_id
from flowyard.identity.model import Caller
from flowyard.wire.jobs import Job, JobEvent, JobStatus
from flowyard.wire.shared import Page

LARGEST_PAGE = 200
_POLL_S = 0.2
# Most jobs that somebody waits for are over soon: so many first looks come closer together.
_SOON_S, _SOON = 0.05, 100
# After so many looks at a job that goes on being queued it is asked what keeps it: after two seconds, then every eight.
_ASK_AFTER = 40


class JobService:
    """Submits, shows, cancels and resumes jobs.

    Args:
        store: where jobs are kept.
        stages: every kind of job with its stages, in order.
        trouble: what keeps queued jobs from being taken, in words; None when nothing does.
    """

    def __init__(self, store: JobStore, stages: Mapping[str, tuple[str, ...]], trouble: Callable[[], str | None] = lambda: None) -> None:
        self._store = store
        self._stages = stages
        self._trouble = trouble

    def submit(
        self,
        caller: Caller,
        kind: str,
        arguments: dict[str, Any],
        *,
        title: str,
        target: str,
        idempotency_key: str | None = None,
        after: str | None = None,
    ) -> Job:
        """Queue a job and return it; it survives from here on.

        The same `idempotency_key` again gives the first job, whatever has become of it. `target` is what it works on, ``<kind>/<name>``.
        It is begun when the job `after` has ended, well or not.

        Raises:
            JobKindUnknownError: there is no such kind.
            ConflictError: the key was used for other work.
        """
        if kind not in self._stages:
            like = nearest(kind, set(self._stages))
            raise JobKindUnknownError(f"There is no kind of job {kind!r}.", remedy=f"Did you mean {like!r}?" if like else None)
        wanted = JobRecord(
            id=new_id(),
            workspace_id=caller.workspace_id,
            kind=kind,
            title=title[:300],
            target=target[:300],
            status="queued",
            arguments=arguments,
            stages=fresh_stages(self._stages[kind]),
            created_ns=now_ns(),
            created_by=caller.actor,
            idempotency_key=idempotency_key,
            after_id=after,
        )
        kept = self._store.add(wanted)
        if (kept.kind, kept.target, kept.arguments) != (kind, wanted.target, arguments):
            raise ConflictError(
                f"The idempotency key {idempotency_key!r} belongs to job {kept.id}, which does something else.", remedy="Send another key."
            )
        return kept.wire()

    def get(self, workspace_id: str, job_id: str) -> Job:
        """Return a job, with what keeps it from being taken while it is queued.

        Raises:
            JobNotFoundError: there is none of this id in the workspace.
        """
        record = self._present(self._store.get(job_id, workspace_id), job_id)
        return replace(record.wire(), waiting=self._waits_for(record)) if record.status == "queued" else record.wire()

    def _waits_for(self, record: JobRecord) -> str | None:
        before = self._store.get(record.after_id) if record.after_id is not None else None
        return self._trouble() if before is None or before.ended else f"It begins once job {before.id} has ended: {before.title}."

    def arguments(self, workspace_id: str, job_id: str) -> dict[str, Any]:
        """Return what a job was told.

        Raises:
            JobNotFoundError: there is none of this id in the workspace.
        """
        return self._present(self._store.get(job_id, workspace_id), job_id).arguments

    def page(
        self,
        workspace_id: str,
        *,
        kind: str | None = None,
        status: JobStatus | None = None,
        target: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Job]:
        """Return up to `limit` (at most 200) jobs, newest first, after the one that `cursor` names."""
        limit = min(max(limit, 1), LARGEST_PAGE)
        query = JobQuery(kind=kind, status=status, target=target, before_id=cursor, limit=limit + 1)
        records = self._store.find(workspace_id, query)
        shown = records[:limit]
        return Page(items=tuple(record.wire() for record in shown), next_cursor=shown[-1].id if len(records) > limit else None)

    def cancel(self, workspace_id: str, job_id: str) -> Job:
        """Cancel a job: a queued one at once, a running one as soon as it looks (``canceling`` until then).

        Raises:
            JobNotFoundError: there is none of this id in the workspace.
            JobStateError: it has completed or failed.
        """
        job = self._present(self._store.request_cancel(workspace_id, job_id), job_id)
        if job.status not in {"canceled", "canceling"}:
            raise JobStateError(f"Job {job_id} is {job.status} and cannot be canceled.")
        return job.wire()

    def resume(self, workspace_id: str, job_id: str) -> Job:
        """Run a failed or canceled job again; the steps that it recorded are not run again.

        Raises:
            JobNotFoundError: there is none of this id in the workspace.
            JobStateError: it has completed, or has not ended.
        """
        job = self._present(self._store.requeue(workspace_id, job_id), job_id)
        if job.status != "queued":
            raise JobStateError(f"Job {job_id} is {job.status}; only a failed or canceled job can be resumed.")
        return job.wire()

    def events(self, workspace_id: str, job_id: str, *, after: int = 0) -> tuple[list[JobEvent], bool]:
        """Return what happened after event `after`, and whether the job had ended before that was read.

        Changes of status and stages that follow each other are one event, which carries the job as it is now.

        Raises:
            JobNotFoundError: there is none of this id in the workspace.
        """
        before = self._present(self._store.get(job_id, workspace_id), job_id)
        records = self._store.events(job_id, after=after)
        now = self._present(self._store.get(job_id), job_id) if records else before
        return list(_shown(records, now.wire())), before.ended

    async def follow(self, workspace_id: str, job_id: str, *, after: int = 0) -> AsyncIterator[JobEvent | None]:
        """Yield events as they come, until the job has ended. Every look without any yields None: 20 a second at first, then 5.

        What keeps a queued job from being taken is an event, too, which repeats the sequence of the last.

        Raises:
            JobNotFoundError: there is none of this id in the workspace.
        """
        looks, told = 0, None
        while True:
            events, ended = await asyncio.to_thread(self.events, workspace_id, job_id, after=after)
            for event in events:
                after = int(event.sequence)
                yield event
            if events:
                continue
            if ended:
                return
            yield None
            looks += 1
            if looks % _ASK_AFTER == 0:
                job = await asyncio.to_thread(self.get, workspace_id, job_id)
                if job.status == "queued" and job.waiting != told:
                    told = job.waiting
                    yield JobEvent(sequence=str(after), at=to_rfc3339(now_ns()), kind="status", job=job)
            await asyncio.sleep(_SOON_S if looks < _SOON else _POLL_S)

    def _present(self, job: JobRecord | None, job_id: str) -> JobRecord:
        if job is None:
            raise JobNotFoundError(f"There is no job {job_id!r} in this workspace.", remedy="See: flowyard job list")
        return job


def _shown(records: list[JobEventRecord], job: Job) -> Iterable[JobEvent]:
    for index, record in enumerate(records):
        if record.kind == "log":
            yield JobEvent(
                sequence=str(record.seq), at=to_rfc3339(record.at_ns), kind="log", message=str(record.payload.get("message", ""))
            )
        elif index + 1 == len(records) or records[index + 1].kind == "log":
            yield JobEvent(sequence=str(record.seq), at=to_rfc3339(record.at_ns), kind=record.kind, job=job)
