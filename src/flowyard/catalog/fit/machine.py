"""What memory this machine has: RAM, a container's limit, and that of NVIDIA cards."""

import os
import platform
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_GPU_QUERY = "--query-gpu=name,memory.total,memory.free"
_MEBI = 1_048_576
_SMI_S = 10.0
#: How long what was asked of the driver is taken for true, seconds.
_FRESH_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A place that a model may be in: its name, and its bytes in all and free now. `limit` says whose bound `total` is."""

    name: str
    total: int
    free: int
    limit: str


def memory(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> Room | None:
    """Return the memory that processes here may take; None where the system does not tell.

    It is the machine's (``MemTotal``, ``MemAvailable``: proc_meminfo(5)) or the least of the control groups that this process is in,
    where a page cache that can be dropped counts as free (cgroup v2: memory.max, memory.current, inactive_file; v1 likewise).
    """
    told = _fields(proc / "meminfo")
    if "MemTotal" not in told:
        return _posix()
    total = told["MemTotal"] * 1024
    free = told.get("MemAvailable", told.get("MemFree", 0)) * 1024
    room = Room(name="memory", total=total, free=free, limit="machine")
    for folder, maximum, current in _groups(proc, groups):
        bound, used = _number(folder / maximum), _number(folder / current)
        if bound is None or bound >= room.total:
            continue
        cached = _fields(folder / "memory.stat").get("inactive_file", 0)
        left = max(0, bound - max(0, (used or 0) - cached))
        room = Room(name="memory", total=bound, free=min(left, room.free), limit="container")
    return room


def cards() -> tuple[Room, ...]:
    """Return the memory of the NVIDIA cards that the driver shows; none without a driver."""
    return _cards(int(time.monotonic() / _FRESH_S))


@cache
def processor() -> str:
    """Return the processor's name, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return named or platform.processor() or platform.machine()


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=1)
def _cards(when: int) -> tuple[Room, ...]:
    """Ask the driver, anew for every `when`."""
    del when
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        ended = subprocess.run(  # noqa: S603 - found above, and its arguments are ours
            [program, _GPU_QUERY, "--format=csv,noheader,nounits"], capture_output=True, text=True, timeout=_SMI_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return read_cards(ended.stdout)


def read_cards(text: str) -> tuple[Room, ...]:
    """Return the cards that ``nvidia-smi`` lists: a line each with name, MiB in all and MiB free. What has no figures is left out."""
    found: list[Room] = []
    for line in text.splitlines():
        name, *sizes = (word.strip() for word in line.split(","))
        if len(sizes) == 2 and all(size.isdecimal() for size in sizes):
            total, free = (int(size) * _MEBI for size in sizes)
            found.append(Room(name=f"GPU {len(found)}: {name}", total=total, free=free, limit="machine"))
    return tuple(found)


def _posix() -> Room | None:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return None
    return Room(name="memory", total=total, free=total, limit="machine")


def _groups(proc: Path, root: Path) -> list[tuple[Path, str, str]]:
    """Return the folders of the control groups of this process, those above them too, with the names of the files that count."""
    try:
        lines = (proc / "self" / "cgroup").read_text("ascii", "replace").splitlines()
    except OSError:
        return []
    found: list[tuple[Path, str, str]] = []
    for line in lines:
        _, controllers, place = (*line.split(":", 2), "", "")[:3]
        if controllers == "":
            found += [(folder, "memory.max", "memory.current") for folder in _up(root, place)]
        elif "memory" in controllers.split(","):
            found += [(folder, "memory.limit_in_bytes", "memory.usage_in_bytes") for folder in _up(root / "memory", place)]
    return found


def _up(root: Path, place: str) -> list[Path]:
    parts = [part for part in place.split("/") if part not in {"", ".", ".."}]
    return [root.joinpath(*parts[:count]) for count in range(len(parts), -1, -1)]


def _number(path: Path) -> int | None:
    try:
        text = path.read_text("ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None


def _fields(path: Path) -> dict[str, int]:
    """Return the numbers of a file of lines ``name: number unit`` or ``name number``."""
    try:
        lines = path.read_text("ascii", "replace").splitlines()
    except OSError:
        return {}
    words = [line.replace(":", " ").split() for line in lines]
    return {given[0]: int(given[1]) for given in words if len(given) > 1 and given[1].isdecimal()}
