"""What the jobs table holds, and how a job is shown."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from flowyard.foundation.clock import to_rfc3339
from flowyard.wire.jobs import Job, JobStage, JobStatus

#: A job in one of these will not change unless somebody resumes it.
ENDED: tuple[JobStatus, ...] = ("completed", "failed", "canceled")
ACTIVE: tuple[JobStatus, ...] = ("queued", "running", "canceling")
RESUMABLE: tuple[JobStatus, ...] = ("failed", "canceled")

EventKind = Literal["status", "stage", "log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job as it is kept. `epoch` counts its runs: what an earlier run writes late is refused. `error` is problem details.

    `after_id`: the job that has to end, well or not, before this one is begun.
    """

    id: str
    workspace_id: str
    kind: str
    title: str
    target: str
    status: JobStatus
    arguments: dict[str, Any]
    stages: tuple[JobStage, ...]
    created_ns: int
    created_by: str
    result: Any = None
    error: dict[str, Any] | None = None
    started_ns: int | None = None
    ended_ns: int | None = None
    attempt: int = 0
    epoch: int = 0
    worker_id: str | None = None
    idempotency_key: str | None = None
    after_id: str | None = None

    @property
    def ended(self) -> bool:
        """Whether it has ended, well or not."""
        return self.status in ENDED

    def wire(self) -> Job:
        """Return it as it is shown."""
        return Job(
            id=self.id,
            kind=self.kind,
            title=self.title,
            target=self.target,
            status=self.status,
            stages=self.stages,
            created_at=to_rfc3339(self.created_ns),
            created_by=self.created_by,
            started_at=_time(self.started_ns),
            ended_at=_time(self.ended_ns),
            attempt=self.attempt,
            result=self.result,
            error=self.error,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQuery:
    """Which jobs to list: newest first, those after `before_id`. None means any."""

    kind: str | None = None
    status: JobStatus | None = None
    target: str | None = None
    before_id: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEventRecord:
    """An entry of a job's event log. `payload` is ``{"message": …}`` for a log line, ``{"status": …}`` for a status."""

    seq: int
    at_ns: int
    kind: EventKind
    payload: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """A run that has begun: its job, and how often it was begun since somebody asked for it (more than once: workers died)."""

    job: JobRecord
    begun: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRecord:
    """A worker process. `host` names machine and process-id space; times are UTC nanoseconds."""

    id: str
    host: str
    pid: int
    started_ns: int
    heartbeat_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended. `error` is problem details."""

    status: Literal["completed", "failed", "canceled"]
    result: Any = None
    error: dict[str, Any] | None = None


def fresh_stages(names: tuple[str, ...]) -> tuple[JobStage, ...]:
    """Return stages that have not begun."""
    return tuple(JobStage(name=name, status="pending") for name in names)


def stages_again(stages: tuple[JobStage, ...]) -> tuple[JobStage, ...]:
    """Return the stages as a further run starts with them: what was completed stays so, all else is to be done."""
    return tuple(stage if stage.status == "completed" else _again(stage) for stage in stages)


def _again(stage: JobStage) -> JobStage:
    return JobStage(name=stage.name, status="pending", done_before=stage.done_before if stage.done is None else stage.done)


def stages_at_end(stages: tuple[JobStage, ...], outcome: Outcome, at: str) -> tuple[JobStage, ...]:
    """Return the stages with none left running."""
    return tuple(replace(stage, status=outcome.status, ended_at=at) if stage.status == "running" else stage for stage in stages)


def _time(ns: int | None) -> str | None:
    return None if ns is None else to_rfc3339(ns)
