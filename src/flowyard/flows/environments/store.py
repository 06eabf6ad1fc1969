"""The environments of an installation: folders below ``environments/``, each named by the hash of what it holds.

A folder counts once its manifest is there, which is written last: a build that was killed leaves one without, and the next begins anew.
An environment is built where it stays, because its programs hold its path.
"""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flowyard.flows.environments.errors import EnvironmentNotFoundError
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import InvalidInputError

MANIFEST = "flowyard-environment.json"
_FOLDER = "environments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """An environment that is complete.

    Attributes:
        name: its hash, 16 hex digits, and its folder's name.
        python: its interpreter.
        requirements: the lines that were installed, beside what the runtime needs.
        python_version: for instance ``3.11.9``.
        runtime_version: of the flowyard that it was made for.
        installer: ``uv`` or ``pip``.
        created_ns: when it was made, UTC.
        build_ns: how long that took.
    """

    name: str
    python: str
    requirements: tuple[str, ...]
    python_version: str
    runtime_version: str
    installer: str
    created_ns: int
    build_ns: int

    @property
    def last_used_ns(self) -> int:
        """When something was last started in it, UTC; its manifest's time of access is set then."""
        return os.stat(Path(self.python).parent.parent / MANIFEST).st_mtime_ns  # noqa: PTH116


def environments_folder(home: Path) -> Path:
    """Return the folder that holds the environments."""
    return home / _FOLDER


def find_environment(home: Path, name: str) -> Environment | None:
    """Return the environment of that name if it is complete and its interpreter is there, and note that it is used."""
    manifest = environments_folder(home) / name / MANIFEST
    try:
        found = decode(manifest.read_bytes(), Environment)
    except (FileNotFoundError, NotADirectoryError, InvalidInputError):
        return None
    if not Path(found.python).exists():  # its base interpreter was removed
        return None
    try:
        os.utime(manifest)
    except PermissionError:
        return found  # somebody else's: their use keeps it
    return found


def list_environments(home: Path) -> tuple[Environment, ...]:
    """Return the complete environments, the one used last first."""
    found: list[Environment] = []
    for manifest in environments_folder(home).glob(f"*/{MANIFEST}"):
        try:
            found.append(decode(manifest.read_bytes(), Environment))
        except InvalidInputError:
            continue
    return tuple(sorted(found, key=lambda environment: environment.last_used_ns, reverse=True))


def remove_environment(home: Path, name: str) -> int:
    """Remove an environment and return the bytes that were freed. What runs in it goes on until it imports something new.

    Raises:
        EnvironmentNotFoundError: there is none of that name.
    """
    folder = environments_folder(home) / name
    if "/" in name or name.startswith(".") or not folder.is_dir():
        known = [environment.name for environment in list_environments(home)]
        raise EnvironmentNotFoundError(
            f"There is no environment {name!r}.", remedy=f"There are: {', '.join(known)}." if known else "There are none."
        )
    with locked(home, name):
        size = size_of(folder)
        (folder / MANIFEST).unlink(missing_ok=True)  # first: half of it must not count
        shutil.rmtree(folder)
    return size


def prune_environments(home: Path, *, unused_days: float) -> tuple[str, ...]:
    """Remove environments that nothing was started in for so many days, and what killed builds left; return their names."""
    before = now_ns() - int(unused_days * 86_400 * NANOSECONDS)
    complete = {environment.name: environment for environment in list_environments(home)}
    removed: list[str] = []
    for folder in sorted(environments_folder(home).glob("*/")):
        found = complete.get(folder.name)
        if (found is None and not is_locked(home, folder.name)) or (found is not None and found.last_used_ns <= before):
            remove_environment(home, folder.name)
            removed.append(folder.name)
    return tuple(removed)


def write_manifest(environment: Environment) -> None:
    """Make the environment complete."""
    final = Path(environment.python).parent.parent / MANIFEST
    fresh = final.with_suffix(".tmp")
    fresh.write_bytes(to_json(environment))
    fresh.rename(final)


@contextmanager
def locked(home: Path, name: str, on_wait: Callable[[], None] | None = None) -> Generator[None]:
    """Hold the lock of one environment: its builder and its remover take turns, also over processes. `on_wait` is told when it is taken."""
    folder = environments_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait is not None:
                on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_locked(home: Path, name: str) -> bool:
    """Whether somebody builds or removes it."""
    with (environments_folder(home) / f"{name}.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def size_of(folder: Path) -> int:
    """Return the bytes of the files in `folder`. Files that the installer's cache shares are counted as if they were not."""
    return sum(file.lstat().st_size for root, _, files in os.walk(folder) for name in files if not (file := Path(root, name)).is_symlink())


def python_of(folder: Path) -> Path:
    """Return where the interpreter of the environment in `folder` is."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
