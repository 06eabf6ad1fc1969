"""Processor time and memory of processes, as Linux tells them in ``/proc`` (proc(5)); nothing is told elsewhere."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
# Fields of /proc/<pid>/stat behind the name, which ends with the last bracket: ppid, utime, stime, cutime, cstime, rss.
_PARENT, _TIMES, _RESIDENT = 1, slice(11, 15), 21


@dataclass(frozen=True, slots=True)
class Usage:
    """`cpu_s` seconds of processor time, those of ended children included, and `resident` bytes of memory."""

    cpu_s: float
    resident: int


@dataclass(frozen=True, slots=True)
class _Entry:
    parent: int
    usage: Usage


def usage_of(pids: Iterable[int]) -> dict[int, Usage]:
    """Return what each of these processes uses together with all that it started, except for those that are asked for themselves.

    Processes that are not there are left out.
    """
    asked = set(pids)
    table = _read_table()
    found: dict[int, list[Usage]] = {}
    for pid in table:
        owner = _owner(pid, table, asked)
        if owner is not None:
            found.setdefault(owner, []).append(table[pid].usage)
    return {pid: Usage(sum(one.cpu_s for one in held), sum(one.resident for one in held)) for pid, held in found.items()}


def _owner(pid: int, table: dict[int, _Entry], asked: set[int]) -> int | None:
    """Return the nearest process that is asked for, going up from `pid`."""
    seen = 0
    while pid not in asked:
        entry = table.get(pid)
        seen += 1
        if entry is None or seen > len(table):
            return None
        pid = entry.parent
    return pid if pid in table else None


def _read_table() -> dict[int, _Entry]:
    if not _PROC.is_dir():
        return {}
    found: dict[int, _Entry] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdecimal() and (entry := _read(folder)) is not None:
            found[int(folder.name)] = entry
    return found


def _read(folder: Path) -> _Entry | None:
    try:
        fields = (folder / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    cpu_s = sum(int(value) for value in fields[_TIMES]) / ticks
    return _Entry(int(fields[_PARENT]), Usage(cpu_s, int(fields[_RESIDENT]) * page))
