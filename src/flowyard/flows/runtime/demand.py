"""How much processor time this process wants: what its threads had, and what they waited for because others had the processors.

A process that computes on a busy machine gets less than one processor. By its own time alone it looks idle, but it waits for nothing
else, and more threads would not help it.
"""

import time
from pathlib import Path

_TASKS = Path("/proc/self/task")


def demand_s() -> float:
    """Return the seconds of processor time that this process's threads have had and have stood in line for, so far.

    From Linux's ``schedstat`` (time on a processor, time on a run queue); elsewhere the time that they had.
    """
    total = 0
    try:
        for task in _TASKS.iterdir():
            try:
                had, waited, _ = (task / "schedstat").read_text(encoding="ascii").split()
            except (FileNotFoundError, ProcessLookupError):  # the thread has ended
                continue
            total += int(had) + int(waited)
    except (OSError, ValueError):
        return time.process_time()
    return total / 1e9
