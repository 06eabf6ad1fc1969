"""Durable work and its progress."""

from dataclasses import dataclass
from typing import Any, Literal

JobStatus = Literal["queued", "running", "canceling", "completed", "failed", "canceled"]
StageStatus = Literal["pending", "running", "completed", "failed", "canceled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStage:
    """One stage of a job. `done` of `total` in `unit` (bytes, rows, …) when it counts; None when it does not.

    `worked_s`: seconds that were its own, where it takes turns with other stages. `done_before`: how much was done before it was begun
    again, in a job that was resumed.
    """

    name: str
    status: StageStatus
    done: int | None = None
    total: int | None = None
    unit: str | None = None
    detail: str | None = None
    started_at: str | None = None
    ended_at: str | None = None
    worked_s: float | None = None
    done_before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of durable work. `error` is problem details; `target` is what it works on, ``<kind>/<name>``.

    `waiting`: of a queued job asked for by itself, what keeps the worker from taking it, such as another job that has to end before; None
    when nothing is known to.
    """

    id: str
    kind: str
    title: str
    target: str
    status: JobStatus
    stages: tuple[JobStage, ...]
    created_at: str
    created_by: str
    started_at: str | None = None
    ended_at: str | None = None
    attempt: int = 0
    result: Any = None
    error: dict[str, Any] | None = None
    waiting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """One entry of a job's event stream, which starts anywhere by its `sequence` (``Last-Event-ID``)."""

    sequence: str
    at: str
    kind: Literal["status", "stage", "log"]
    job: Job | None = None
    message: str | None = None
