"""What one worker does for all: tell the durable queue of new jobs, and take jobs back from workers that died."""

import logging
import os
import socket
import sys
from pathlib import Path

from flowyard.compute.jobs.model import WorkerRecord
from flowyard.compute.jobs.ports import JobStore, WorkerStore
from flowyard.compute.jobs.queue import DurableQueue
from flowyard.foundation.clock import NANOSECONDS, now_ns

#: A worker that has been silent for so long is dead. On the leader's own machine it looks at the process instead.
SILENT_S = 15
LEASE = "leader"
LEASE_S = 6

logger = logging.getLogger(__name__)


def this_host() -> str:
    """Return the name of this machine and of its process-id space: two containers may share the first."""
    try:
        space = Path("/proc/self/ns/pid").readlink().name
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}/{boot}/{space}"[:200]


class Leader:
    """The duties of the leading worker. Every method is safe to call again, by whoever leads."""

    def __init__(self, jobs: JobStore, workers: WorkerStore, queue: DurableQueue, worker_id: str) -> None:
        self._jobs = jobs
        self._workers = workers
        self._queue = queue
        self._worker_id = worker_id
        self._host = this_host()

    def lead(self) -> bool:
        """Take or renew the lease, after forgetting the dead; whether this worker leads."""
        self._forget_dead()
        now = now_ns()
        epoch = self._workers.lease(LEASE, self._worker_id, now_ns=now, until_ns=now + LEASE_S * NANOSECONDS)
        return epoch is not None

    def send_new(self) -> None:
        """Tell the durable queue of jobs that it does not know yet."""
        for job_id in self._jobs.unsent():
            if self._queue.send(job_id):
                self._jobs.mark_sent(job_id)

    def take_back_orphans(self) -> None:
        """Put jobs whose worker has died back into the queue."""
        for job_id in self._queue.orphans({worker.id for worker in self._workers.workers()}):
            logger.warning("job %s goes on elsewhere: its worker has died", job_id)
            self._queue.take_back(job_id)

    def find_lost(self) -> None:
        """Send jobs again that are active here but unknown, or over, in the durable queue: its file was lost, or a last write failed."""
        for job in self._jobs.active():
            if self._queue.state(job.id) not in {"unknown", "over"}:
                continue
            again = self._jobs.get(job.id)
            if again is not None and not again.ended and again.epoch == job.epoch:
                logger.warning("job %s is sent again: the durable queue does not know that it is %s", job.id, job.status)
                self._queue.send(job.id)

    def _forget_dead(self) -> None:
        for worker in self._workers.workers():
            if worker.id != self._worker_id and self._dead(worker):
                logger.warning("worker %s (pid %d) has died", worker.id, worker.pid)
                self._workers.remove(worker.id)

    def _dead(self, worker: WorkerRecord) -> bool:
        silent = now_ns() - worker.heartbeat_ns > SILENT_S * NANOSECONDS
        if worker.host != self._host:
            return silent
        # A stopped process (SIGSTOP, a debugger) is silent and not dead; waiting for it would hold its jobs up for ever.
        return silent or not _lives(worker.pid)


def _lives(pid: int) -> bool:
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
        except (FileNotFoundError, ProcessLookupError):
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
