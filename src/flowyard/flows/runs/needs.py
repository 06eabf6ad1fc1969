"""Which runs may go: old ones that have ended, and that no run which stays was made from. Pure functions, for any way to keep runs."""

import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flowyard.foundation.clock import now_ns
from flowyard.foundation.errors import InvalidInputError

#: Younger things are never pruned, seconds: they may be on their way into a run.
LEAST_AGE_S = 3600
_GONE = ".gone-"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNeeds:
    """A run and what it was made from.

    Attributes:
        name: unique among the runs that are looked at together.
        active: it waits or runs.
        at_ns: when it ended, or was made.
        runs: the names of the runs whose outputs it read, or whose rows it took over.
        snapshot: the digest of its flow.
        upload: the digest of its data, where that was uploaded.
    """

    name: str
    active: bool
    at_ns: int
    runs: frozenset[str] = frozenset()
    snapshot: str = ""
    upload: str = ""


def prunable(runs: Iterable[RunNeeds], before_ns: int) -> list[RunNeeds]:
    """Return the runs that ended before `before_ns` and that nothing which stays was made from, however many runs are between."""
    known = {run.name: run for run in runs}
    stay = [run.name for run in known.values() if run.active or run.at_ns >= before_ns]
    kept: set[str] = set()
    while stay:
        name = stay.pop()
        if name in known and name not in kept:
            kept.add(name)
            stay.extend(known[name].runs)
    return [run for run in known.values() if run.name not in kept]


def check_age(before_ns: int) -> None:
    """Return when `before_ns` is long enough ago.

    Raises:
        InvalidInputError: it is less than an hour ago.
    """
    if before_ns > now_ns() - LEAST_AGE_S * 10**9:
        raise InvalidInputError("Only what is older than an hour can be pruned.", remedy="Say for instance 30d.")


def unused(root: Path, before_ns: int, used: Collection[str]) -> Iterator[Path]:
    """Yield the folders of `root` that are named by a digest, are not `used`, and were last asked for before `before_ns`."""
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if len(folder.name) == 64 and folder.name.isalnum() and folder.name not in used and folder.stat().st_mtime_ns < before_ns:
            yield folder


def take_away(folder: Path, before_ns: int) -> bool:
    """Delete a folder that is still not asked for since `before_ns`; whoever asks for it meanwhile finds it, or does not, but never half.

    Returns whether it is gone. Not for two callers at once; `put_back` mends what a killed one left.
    """
    gone = folder.with_name(f"{_GONE}{folder.name}")
    try:
        folder.rename(gone)
    except FileNotFoundError:
        return False
    if gone.stat().st_mtime_ns >= before_ns:  # asked for since it was found
        gone.rename(folder)
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return True


def put_back(root: Path, before_ns: int) -> None:
    """Finish in `root` what a `take_away` that was killed had begun: what was asked for since `before_ns` comes back, the rest goes."""
    for gone in root.glob(f"{_GONE}*"):
        folder = gone.with_name(gone.name.removeprefix(_GONE))
        if gone.stat().st_mtime_ns >= before_ns and not folder.exists():
            gone.rename(folder)
        else:
            shutil.rmtree(gone, ignore_errors=True)


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(os.lstat(os.path.join(path, name)).st_size for path, _, names in os.walk(folder) for name in names)  # noqa: PTH118
