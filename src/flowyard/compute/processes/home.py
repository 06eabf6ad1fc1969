"""One supervisor a home folder: its lock, and the file that says where it is."""

import fcntl
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flowyard.compute.errors import HomeInUseError, HomeNotWritableError
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningSupervisor:
    """A supervisor, known by its pid and start time (clock ticks after boot): a pid alone may be somebody else's by now.

    `control` is ``host:port`` of its control port, `token` opens that; the file is its owner's alone (0600).
    """

    pid: int
    start_time: int
    url: str
    version: str
    control: str
    token: str = field(repr=False)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return start_time(self.pid) == self.start_time


class HomeLock:
    """Holds a home folder for this process, until it ends."""

    def __init__(self, home: Path) -> None:
        """Take the folder, making it where it is not there.

        Raises:
            HomeInUseError: another supervisor runs on it; the message names it.
            HomeNotWritableError: the folder cannot be made or written.
        """
        self._home = home
        with writable(home):
            home.mkdir(parents=True, exist_ok=True)
            self._handle = os.open(home / "supervisor.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._handle)
            raise _in_use(home) from error

    def announce(self, running: RunningSupervisor) -> None:
        """Write where this supervisor is."""
        path = _path(self._home)
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(to_json(running))
        partial.replace(path)

    def release(self) -> None:
        """Give the folder back."""
        _path(self._home).unlink(missing_ok=True)
        os.close(self._handle)


@contextmanager
def writable(home: Path) -> Generator[None]:
    """Turn what the system says about writing to a home folder into our error.

    Raises:
        HomeNotWritableError: something in the block could not be made or written.
    """
    try:
        yield
    except OSError as error:
        raise HomeNotWritableError(
            f"The folder {str(home)!r} cannot be written: {error.strerror}.",
            remedy="Name one that you may write: --home DIR or FLOWYARD_HOME.",
        ) from error


def find_supervisor(home: Path) -> RunningSupervisor | None:
    """Return the supervisor that runs on `home`, or None."""
    try:
        running = decode(_path(home).read_bytes(), RunningSupervisor)
    except (FileNotFoundError, FlowyardError):
        return None
    return running if running.alive else None


def start_time(pid: int) -> int | None:
    """Return when a process started, in clock ticks after boot, or None when it does not run. Elsewhere than on Linux, 0 when it runs."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] in {"Z", "X"} else int(fields[19])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return 0
    return 0


def _path(home: Path) -> Path:
    return home / "supervisor.json"


def _in_use(home: Path) -> HomeInUseError:
    running = find_supervisor(home)
    if running is None:
        return HomeInUseError(f"Another Flowyard is starting or stopping in {str(home)!r}.", remedy="Try again in a moment.")
    return HomeInUseError(
        f"Flowyard runs in {str(home)!r} already: {running.url}, process {running.pid}.",
        remedy="Use that one, stop it with: flowyard down, or name another folder: --home DIR",
        extra={"pid": running.pid, "url": running.url},
    )
