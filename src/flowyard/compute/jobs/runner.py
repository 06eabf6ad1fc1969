"""Runs jobs in this process: one thread a job, given by the durable queue."""

import logging
import threading
from collections.abc import Mapping
from typing import Any

from flowyard.compute.errors import JobCanceledError, JobKindUnknownError, LeaseLostError
from flowyard.compute.jobs.context import RunContext, StepRunner
from flowyard.compute.jobs.model import JobRun, Outcome, stages_at_end
from flowyard.compute.jobs.ports import JobStore
from flowyard.compute.ports import JobKind
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.errors import FlowyardError

#: A job that ends its worker's life so often is given up.
MOST_STARTS = 5

logger = logging.getLogger(__name__)


class WorkerDiedError(FlowyardError):
    """The worker died again and again while it ran the job."""

    code = "WorkerDied"
    title = "The job ended its worker"


class JobRunner:
    """Runs jobs of the given kinds and records how they end."""

    def __init__(self, store: JobStore, kinds: Mapping[str, JobKind], worker_id: str) -> None:
        self._store = store
        self._kinds = kinds
        self._worker_id = worker_id
        self._contexts: dict[str, RunContext] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    @property
    def running(self) -> int:
        """How many jobs run now."""
        with self._lock:
            return len(self._contexts)

    def run(self, job_id: str, run_step: StepRunner) -> None:
        """Run a job to its end, unless it has ended or was canceled before it began."""
        if self._closed.is_set():
            threading.Event().wait()  # this process is about to end: the job waits for the next
        begun = self._store.begin(job_id, self._worker_id)
        if begun is None:
            return
        context = RunContext(begun.job, self._store, run_step)
        with self._lock:
            self._contexts[job_id] = context
        try:
            self._finish(context, self._outcome(begun, context))
        except LeaseLostError as error:
            logger.warning("%s", error)
        finally:
            with self._lock:
                if self._contexts.get(job_id) is context:
                    del self._contexts[job_id]

    def look(self) -> None:
        """Write what running jobs reported, and tell those whose cancel was asked for. Called a few times a second."""
        with self._lock:
            contexts = dict(self._contexts)
        if not contexts:
            return
        canceling = self._store.canceling(self._worker_id)
        for job_id, context in contexts.items():
            if job_id in canceling:
                context.cancel()
            context.flush()

    def close(self, wait_s: float) -> None:
        """Begin no more jobs and let those that run end, for at most `wait_s` seconds."""
        self._closed.set()
        waited = threading.Event()
        for _ in range(int(wait_s / 0.05)):
            if self.running == 0:
                return
            waited.wait(0.05)
        self.look()

    def _outcome(self, begun: JobRun, context: RunContext) -> Outcome:
        job = begun.job
        try:
            context.check_canceled()
            result = self._kind_for(begun).run(context, job.arguments)
            to_json(result)
        except JobCanceledError:
            return Outcome(status="canceled")
        except LeaseLostError:
            raise
        except FlowyardError as error:
            return Outcome(status="failed", error=_problem(error))
        except Exception as error:
            logger.exception("job %s (%s) failed", job.id, job.kind)
            wrapped = FlowyardError(f"{type(error).__name__}: {error}", remedy="The worker's log has the whole story: logs/worker.log")
            return Outcome(status="failed", error=_problem(wrapped))
        return Outcome(status="completed", result=result)

    def _kind_for(self, begun: JobRun) -> JobKind:
        if begun.begun > MOST_STARTS:
            raise WorkerDiedError(f"The worker died {MOST_STARTS} times while it ran this job.", remedy="See its log; then resume the job.")
        kind = self._kinds.get(begun.job.kind)
        if kind is None:
            raise JobKindUnknownError(
                f"This worker knows no jobs of kind {begun.job.kind!r}.", remedy="Upgrade all workers, then resume it."
            )
        return kind

    def _finish(self, context: RunContext, outcome: Outcome) -> None:
        context.flush()
        stages = stages_at_end(context.stages, outcome, to_rfc3339(now_ns()))
        self._store.end(context.job_id, context.epoch, outcome, stages)


def _problem(error: FlowyardError) -> dict[str, Any]:
    return plain(error.problem())
