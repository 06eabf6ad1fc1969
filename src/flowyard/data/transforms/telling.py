"""The process's side of a transform: what it is told, what it tells, and its limits. Needs the standard library and msgspec only."""

import os
import resource
import sys
from collections.abc import Callable

from flowyard.compute.child import die_with
from flowyard.compute.limits import confine
from flowyard.data.transforms.model import Said, Task
from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.foundation.errors import FlowyardError

#: Rows between two words about how far it is.
_EVERY = 500


class Teller:
    """Writes what is said to whoever started this process; what the steps' code prints goes to standard error."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def say(self, said: Said) -> None:
        """Say it."""
        self._out.write(to_json(plain(said)) + b"\n")
        self._out.flush()

    def taken(self, rows: int) -> None:
        """Say how many rows were taken, now and then."""
        if rows % _EVERY == 0:
            self.say(Said(progress=rows))


def carry_out(work: Callable[[Task, Teller], Said], stopped: Callable[[BaseException], FlowyardError | None]) -> None:
    """Do the work that standard input names, and say how it ended.

    Args:
        work: does it.
        stopped: what an error that is none of ours means; None: it is not known, and this process fails with it.
    """
    die_with(os.getppid())
    teller = Teller()
    task = decode(sys.stdin.buffer.read(), Task)
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = work(task, teller)
    except FlowyardError as error:
        said = Said(problem=error.problem())
    except BaseException as error:
        known = stopped(error)
        if known is None:
            raise
        said = Said(problem=known.problem())
    teller.say(said)


def limit(task: Task) -> None:
    """Let this process take, from here on, the task's memory beyond what it has, and its processor time."""
    confine(task.memory_mib, task.cpu_s)
