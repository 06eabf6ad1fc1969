"""Which flows are so quick that a thread would cost more than the flow itself."""

import resource
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Only Linux and FreeBSD tell it of a thread.
_THREAD: int | None = getattr(resource, "RUSAGE_THREAD", None)

#: Lines below this on average are quick, one above the other is slow; nanoseconds of `own_time`.
QUICK_NS = 1_000_000
SLOW_NS = 25_000_000


def own_time(work: Callable[[], T]) -> tuple[T, int]:
    """Return what `work` returns, and how long it took, nanoseconds: on a busy machine not counting that others had the processor.

    That is known of work that never waited: it took what it computed. Work that waited, if only once, took as long as the clock says.
    """
    if _THREAD is None:
        began = time.perf_counter_ns()
        return work(), time.perf_counter_ns() - began
    waits, began, used = resource.getrusage(_THREAD).ru_nvcsw, time.perf_counter_ns(), time.thread_time_ns()
    value = work()
    used, wall = time.thread_time_ns() - used, time.perf_counter_ns() - began
    return value, wall if resource.getrusage(_THREAD).ru_nvcsw != waits else min(wall, used)


class QuickPath:
    """Decides whether the next line of a synchronous flow runs on the event loop itself (`here`) or on a thread.

    A flow has to prove itself on threads: so many lines in a row without a slow one, and quick on average. One slow line on the loop,
    or lines that are no longer quick on average, and it goes back, and has to prove itself eight times as long. So a flow that is slow
    once in a while holds up the loop a few times in the life of its process, not once in a while.
    """

    def __init__(self) -> None:
        self.here = False
        self._wanted = 32
        self._seen = 0
        self._average_ns = 0.0

    def took(self, duration_ns: int) -> None:
        """Count one line that took so long. Called on the event loop."""
        self._average_ns = self._average_ns * 0.9 + duration_ns * 0.1
        if self.here:
            if duration_ns > SLOW_NS or self._average_ns > 2 * QUICK_NS:
                self.here = False
                self._seen = 0
                self._wanted = min(self._wanted * 8, 1_000_000)
        elif duration_ns > SLOW_NS:
            self._seen = 0
        else:
            self._seen += 1
            self.here = self._seen >= self._wanted and self._average_ns < QUICK_NS
