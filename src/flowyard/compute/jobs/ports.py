"""What jobs need of the database, and what the leading worker does besides."""

from typing import Protocol

from flowyard.compute.jobs.model import JobEventRecord, JobQuery, JobRecord, JobRun, Outcome, WorkerRecord
from flowyard.wire.jobs import JobStage


class JobStore(Protocol):
    """Keeps jobs and their events. Every method is one transaction; a change of status adds a ``status`` event."""

    def add(self, record: JobRecord) -> JobRecord:
        """Keep a new job and return it, or the one that has its idempotency key in this workspace already."""
        ...

    def get(self, job_id: str, workspace_id: str | None = None) -> JobRecord | None:
        """Return a job (of that workspace, where one is given)."""
        ...

    def find(self, workspace_id: str, query: JobQuery) -> list[JobRecord]:
        """Return jobs, newest first."""
        ...

    def request_cancel(self, workspace_id: str, job_id: str) -> JobRecord | None:
        """Cancel a queued job at once, mark a running one as ``canceling``, leave an ended one; return it as it is then."""
        ...

    def requeue(self, workspace_id: str, job_id: str) -> JobRecord | None:
        """Put a failed or canceled job into the outbox again, leave any other; return it as it is then."""
        ...

    def unsent(self, limit: int = 100) -> list[str]:
        """Return the queued jobs that the durable queue has not been told of, oldest first; those that wait for others are left out."""
        ...

    def mark_sent(self, job_id: str) -> None:
        """Say that the durable queue knows of it."""
        ...

    def active(self) -> list[JobRecord]:
        """Return the jobs that the durable queue was told of and that have not ended."""
        ...

    def begin(self, job_id: str, worker_id: str) -> JobRun | None:
        """Begin a run: a new epoch and attempt, ``running`` (or still ``canceling``). None when the job has ended or is not there."""
        ...

    def save_progress(self, job_id: str, epoch: int, stages: tuple[JobStage, ...], log: list[str]) -> None:
        """Keep the stages as they are and add log lines.

        Raises:
            LeaseLostError: `epoch` is not the job's present one.
        """
        ...

    def end(self, job_id: str, epoch: int, outcome: Outcome, stages: tuple[JobStage, ...]) -> None:
        """Record how a run ended.

        Raises:
            LeaseLostError: `epoch` is not the job's present one, or the job has ended.
        """
        ...

    def canceling(self, worker_id: str) -> set[str]:
        """Return the jobs of this worker whose cancel was asked for."""
        ...

    def events(self, job_id: str, *, after: int, limit: int = 500) -> list[JobEventRecord]:
        """Return a job's events with a higher sequence number, in order. Of ``stage`` events only the newest is kept."""
        ...


class WorkerStore(Protocol):
    """Keeps which workers live, and who leads."""

    def register(self, worker: WorkerRecord) -> None:
        """Add a worker."""
        ...

    def heartbeat(self, worker_id: str, now_ns: int) -> bool:
        """Say that it lives. False when it is not (or no longer) registered."""
        ...

    def remove(self, worker_id: str) -> None:
        """Forget a worker and give up what it leads."""
        ...

    def workers(self) -> list[WorkerRecord]:
        """Return all."""
        ...

    def lease(self, name: str, worker_id: str, *, now_ns: int, until_ns: int) -> int | None:
        """Take or renew a lease and return its epoch, or None while another registered worker holds it."""
        ...


class Reconciler(Protocol):
    """Brings actual state to desired state. The leading worker calls it about once a second, in one thread."""

    def tick(self) -> None:
        """Look once, and do what is needed. What it raises is logged, and it is called again."""
        ...
