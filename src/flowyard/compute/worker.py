"""The worker: a process that runs jobs, and, while it leads, keeps the platform as the database says it should be."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import NoReturn

from flowyard.compute.child import Child
from flowyard.compute.jobs.leader import Leader, this_host
from flowyard.compute.jobs.model import WorkerRecord
from flowyard.compute.jobs.ports import JobStore, Reconciler, WorkerStore
from flowyard.compute.jobs.queue import DurableQueue
from flowyard.compute.jobs.runner import JobRunner
from flowyard.compute.ports import JobKind
from flowyard.foundation.clock import now_ns
from flowyard.foundation.ids import new_id

_OUTBOX_S = 0.1
_LOOK_S = 0.2
_LEAD_S = 1.0
_FIND_LOST_S = 60.0
_RECONCILE_S = 1.0
_DRAIN_S = 3.0

logger = logging.getLogger(__name__)


class Worker:
    """Runs jobs until SIGTERM.

    Args:
        jobs: where jobs are kept.
        workers: where workers are kept.
        queue_url: the durable queue's database: an SQLite file of its own, or the metadata's PostgreSQL.
        kinds: the kinds of job, by name.
        reconcilers: called about once a second while this worker leads.
    """

    def __init__(
        self,
        jobs: JobStore,
        workers: WorkerStore,
        *,
        queue_url: str,
        kinds: Mapping[str, JobKind],
        reconcilers: tuple[Reconciler, ...] = (),
    ) -> None:
        self.id = new_id()
        self._workers = workers
        self._runner = JobRunner(jobs, kinds, self.id)
        self._queue = DurableQueue(queue_url, self.id, self._run_job)
        self._leader = Leader(jobs, workers, self._queue, self.id)
        self._reconcilers = reconcilers
        self._stop = threading.Event()
        self._leading = threading.Event()

    def run(self, child: Child) -> NoReturn:
        """Register, take jobs, tell that it is ready, and end the process after SIGTERM.

        Jobs in flight have 3 s to end; those that do not are run on by the next worker.
        """
        signal.signal(signal.SIGTERM, self._on_term)
        now = now_ns()
        self._workers.register(WorkerRecord(id=self.id, host=this_host(), pid=os.getpid(), started_ns=now, heartbeat_ns=now))
        self._queue.start()
        loops: list[tuple[str, float, Callable[[], None]]] = [
            ("heartbeat", _LEAD_S, self._beat),
            ("look", _LOOK_S, self._runner.look),
            ("outbox", _OUTBOX_S, self._send_new),
            ("orphans", _LEAD_S, self._take_back),
            ("lost", _FIND_LOST_S, self._find_lost),
        ]
        loops += [(type(reconciler).__name__, _RECONCILE_S, self._as_leader(reconciler.tick)) for reconciler in self._reconcilers]
        for name, every_s, work in loops:
            threading.Thread(target=self._repeat, args=(name, every_s, work), name=name, daemon=True).start()
        child.ready()
        self._stop.wait()
        self._runner.close(_DRAIN_S)
        self._workers.remove(self.id)
        logging.shutdown()
        os._exit(0)  # threads of jobs that have not ended would hold an orderly exit up

    def _on_term(self, signum: int, frame: FrameType | None) -> None:
        del signum, frame
        self._stop.set()

    def _run_job(self, job_id: str) -> None:
        self._runner.run(job_id, self._queue.run_step)

    def _beat(self) -> None:
        if not self._workers.heartbeat(self.id, now_ns()):
            # The others took this process for dead (it was stopped for a while): its jobs are theirs now.
            logger.error("worker %s was given up by the others; it ends and is started anew", self.id)
            os._exit(1)
        if self._leader.lead():
            self._leading.set()
        else:
            self._leading.clear()

    def _send_new(self) -> None:
        if self._leading.is_set():
            self._leader.send_new()

    def _take_back(self) -> None:
        if self._leading.is_set():
            self._leader.take_back_orphans()

    def _find_lost(self) -> None:
        if self._leading.wait(5.0):
            self._leader.find_lost()

    def _as_leader(self, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            if self._leading.is_set():
                work()

        return run

    def _repeat(self, name: str, every_s: float, work: Callable[[], None]) -> None:
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                work()
            except Exception:
                logger.exception("%s failed and is tried again", name)
                self._stop.wait(1.0)
            self._stop.wait(max(0.0, every_s - (time.monotonic() - begun)))
