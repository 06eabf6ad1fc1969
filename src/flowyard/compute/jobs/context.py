"""What a job's code is given while it runs: stages, steps, log, cancel."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from flowyard.compute.errors import JobCanceledError, LeaseLostError
from flowyard.compute.jobs.model import JobRecord
from flowyard.compute.jobs.ports import JobStore
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.wire.jobs import JobStage, StageStatus

T = TypeVar("T")

#: Runs work as a durable step: (name, work) → its result, recorded or new.
StepRunner = Callable[[str, Callable[[], Any]], Any]


class RunContext:
    """Implements `compute.ports.JobContext` for one run of one job.

    What the code reports is kept in memory; `flush` writes it. The worker flushes a few times a second.
    """

    def __init__(self, job: JobRecord, store: JobStore, run_step: StepRunner) -> None:
        self._job = job
        self._store = store
        self._run_step = run_step
        self._stages = list(job.stages)
        self._log: list[str] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._dirty = False
        self._canceled = threading.Event()
        self._lost = False
        if job.status == "canceling":
            self._canceled.set()

    @property
    def job_id(self) -> str:
        """See `JobContext.job_id`."""
        return self._job.id

    @property
    def workspace_id(self) -> str:
        """See `JobContext.workspace_id`."""
        return self._job.workspace_id

    @property
    def epoch(self) -> int:
        """Which run of the job this is."""
        return self._job.epoch

    @property
    def stages(self) -> tuple[JobStage, ...]:
        """The stages as they are now."""
        with self._lock:
            return tuple(self._stages)

    @contextmanager
    def stage(self, name: str) -> "Generator[_Report]":
        """See `JobContext.stage`."""
        self.check_canceled()
        index = self._enter(name)
        try:
            yield _Report(self, index)
        except JobCanceledError:
            self._leave(index, "canceled")
            raise
        except BaseException:
            self._leave(index, "failed")
            raise
        self._leave(index, "completed")

    def step(self, name: str, work: Callable[[], T]) -> T:
        """See `JobContext.step`."""
        self.check_canceled()
        return self._run_step(name, work)

    def log(self, message: str) -> None:
        """See `JobContext.log`."""
        with self._lock:
            self._log.append(message)
            self._dirty = True

    def check_canceled(self) -> None:
        """See `JobContext.check_canceled`. A run that another worker has taken over is canceled as well."""
        if self._lost:
            raise LeaseLostError(f"Another worker runs job {self.job_id} now.")
        if self._canceled.is_set():
            raise JobCanceledError("The job was canceled.")

    def cancel(self) -> None:
        """Make the job's code stop at its next look."""
        self._canceled.set()

    def change(self, index: int, **values: Any) -> None:
        """Change a stage in memory."""
        with self._lock:
            self._stages[index] = replace(self._stages[index], **values)
            self._dirty = True

    def flush(self) -> None:
        """Write what has changed since the last time. Does nothing when nothing has, or when another run has taken over."""
        with self._writing:
            with self._lock:
                if not self._dirty or self._lost:
                    return
                stages, log, self._log, self._dirty = tuple(self._stages), self._log, [], False
            try:
                self._store.save_progress(self.job_id, self.epoch, stages, log)
            except LeaseLostError:
                self._lost = True

    def _enter(self, name: str) -> int:
        with self._lock:
            index = next((index for index, stage in enumerate(self._stages) if stage.name == name), len(self._stages))
            if index == len(self._stages):
                self._stages.append(JobStage(name=name, status="pending"))
            done_before = self._stages[index].status == "completed"
        if not done_before:
            self.change(index, status="running", started_at=to_rfc3339(now_ns()))
            self.flush()
        return index

    def _leave(self, index: int, status: StageStatus) -> None:
        if self.stages[index].status != status:
            self.change(index, status=status, ended_at=to_rfc3339(now_ns()))
            self.flush()


class _Report:
    """Implements `compute.ports.StageReport`."""

    def __init__(self, context: RunContext, index: int) -> None:
        self._context = context
        self._index = index

    def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        """See `StageReport.progress`."""
        values: dict[str, Any] = {"done": done}
        values |= {} if total is None else {"total": total}
        values |= {} if unit is None else {"unit": unit}
        self._context.change(self._index, **values)

    def detail(self, text: str) -> None:
        """See `StageReport.detail`."""
        self._context.change(self._index, detail=text)

    def worked(self, seconds: float) -> None:
        """See `StageReport.worked`."""
        self._context.change(self._index, worked_s=round(seconds, 3))
