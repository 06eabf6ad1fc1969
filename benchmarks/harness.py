"""What a benchmark reports, and how a whole command is timed."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

FLOWYARD = str(Path(sys.executable).with_name("flowyard"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. `ratio` is `ours` over `peer`, both in `unit`; `aim` is what the ratio should be, in words."""

    what: str
    ours: float
    unit: str
    peer_name: str
    peer: float
    aim: str

    @property
    def ratio(self) -> float:
        """Ours over the peer's."""
        return self.ours / self.peer if self.peer else float("nan")

    def line(self) -> str:
        """The figure as it is printed."""
        ours = f"{self.what:<56} {self.ours:>10.4g} {self.unit:<8}"
        peer = f"{self.peer_name:<44} {self.peer:>10.4g} {self.unit:<8}"
        return f"{ours} {peer} ratio {self.ratio:>8.3f}   {self.aim}"


def wall(command: Sequence[str], *, runs: int = 5, environment: dict[str, str] | None = None) -> float:
    """Return the median wall time of `command` in seconds, after one run that is not counted.

    Raises:
        RuntimeError: the command failed; a time of a failing command says nothing.
    """
    times: list[float] = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        done = subprocess.run(command, capture_output=True, env={**os.environ, **(environment or {})}, timeout=120, check=False)
        times.append(time.perf_counter() - begin)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode()[-2000:]}")
    return statistics.median(times[1:])


def median_seconds(work: Callable[[], object], *, runs: int = 5) -> float:
    """Return the median wall time of `work` in seconds, after one call that is not counted."""
    times: list[float] = []
    for _ in range(runs + 1):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def cpu_seconds(pid: int) -> float:
    """Return the user and system time that a process has used so far, from /proc."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def raise_file_limit() -> None:
    """Let this process open as many sockets as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
