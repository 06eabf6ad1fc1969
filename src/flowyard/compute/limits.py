"""What a process lets itself take. Needs the standard library only."""

import resource
import sys
from pathlib import Path

_MIB = 1024 * 1024


def confine(memory_mib: int, cpu_s: int) -> None:
    """Let this process take, from here on, so much memory beyond what it has (Linux), and so much processor time; no core is dumped."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    if sys.platform != "linux":
        return
    pages = [int(field) * resource.getpagesize() for field in Path("/proc/self/statm").read_text(encoding="ascii").split()]
    room = pages[5] + memory_mib * _MIB
    resource.setrlimit(resource.RLIMIT_DATA, (room, room))
