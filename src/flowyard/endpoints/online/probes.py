"""Finds replicas that run and do not answer, as a deployment's ``liveness_probe`` says."""

import http.client
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from flowyard.compute.model import ProcessStatus
from flowyard.wire.endpoints import Probe

log = logging.getLogger(__name__)

_AT_A_TIME = 8


@dataclass(slots=True)
class _Watched:
    pid: int | None
    next_at: float
    misses: int = 0
    asked: Future[bool] | None = None


def is_alive(address: str, timeout_s: float) -> bool:
    """Whether what listens at ``host:port`` answers ``GET /health`` in time, and with 200."""
    connection = http.client.HTTPConnection(address, timeout=timeout_s)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Probes:
    """Asks replicas in threads of its own: whoever looks never waits for one that hangs."""

    def __init__(self, ask: Callable[[str, float], bool] = is_alive) -> None:
        self._ask = ask
        self._watched: dict[str, _Watched] = {}
        self._threads = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="probe")

    def is_hung(self, process: ProcessStatus, probe: Probe) -> bool:
        """Take in the last answer and ask again when it is time. True: it missed `failure_threshold` times in a row."""
        now = time.monotonic()
        watched = self._watched.get(process.name)
        if process.state != "ready" or process.address is None or watched is None or watched.pid != process.pid:
            self._watched[process.name] = _Watched(process.pid, now + probe.initial_delay)
            return False
        if watched.asked is not None and watched.asked.done():
            watched.misses = 0 if watched.asked.result() else watched.misses + 1
            watched.asked = None
            if watched.misses >= probe.failure_threshold:
                del self._watched[process.name]
                return True
        if watched.asked is None and now >= watched.next_at:
            watched.next_at = now + probe.period
            watched.asked = self._threads.submit(self._ask, process.address, float(probe.timeout))
        return False

    def forget(self, names: set[str]) -> None:
        """Forget all replicas but these."""
        self._watched = {name: watched for name, watched in self._watched.items() if name in names}
