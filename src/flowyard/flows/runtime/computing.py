"""Whether this process computes or waits, seen at single moments: did it use a processor, or is any of its threads ready to run?

Processor time alone does not tell: a process that computes on a busy machine gets little of it, and looks idle. But where it used much
of it that is all there is to know, and far cheaper to have than the states of its threads.
"""

import threading
import time
from contextlib import suppress
from pathlib import Path

_TASKS = Path("/proc/self/task")
#: A process computes when it is seen to at more than this share of the moments.
SHARE = 0.4
#: The longest time between two looks, seconds.
LONGEST_S = 0.1


def runs_now() -> bool:
    """Whether another thread of this process than the one that asks is running or ready to run (state ``R``; only Linux tells)."""
    if not _TASKS.is_dir():
        return False
    own = str(threading.get_native_id())
    for task in _TASKS.iterdir():
        if task.name == own:
            continue
        with suppress(OSError):  # the thread has ended
            if (task / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].startswith(" R"):
                return True
    return False


class Moments:
    """Looks again and again, and less often where the process turns out to compute.

    Args:
        pause_s: between two looks at first, seconds.
        count: after so many looks it can be said.
    """

    def __init__(self, pause_s: float, count: int) -> None:
        self.pause_s = pause_s
        self._first_s = pause_s
        self._count = count
        self._seen: list[bool] = []
        self._last = (time.monotonic(), time.process_time())

    def look(self) -> bool | None:
        """Look now. Whether the process mostly waited, where there were enough looks to say it; then they begin anew."""
        self._seen.append(self._used_time() or runs_now())
        if len(self._seen) < self._count:
            return None
        idle = sum(self._seen) <= SHARE * self._count
        self._seen = []
        self.pause_s = self._first_s if idle else min(self.pause_s * 2, LONGEST_S)
        return idle

    def _used_time(self) -> bool:
        """Whether the process used much of a processor since the last look: then it computes, and its threads need not be looked at."""
        before, self._last = self._last, (time.monotonic(), time.process_time())
        return (self._last[1] - before[1]) / max(self._last[0] - before[0], 1e-6) > SHARE
