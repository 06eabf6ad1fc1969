"""Starts the looking process, gives it the bytes it asks for, and ends it when it takes too long."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from flowyard.data.errors import DataBusyError, DataError, DataLimitError
from flowyard.data.previews.protocol import Ask, Refused, Said, Shown, Task, receive, send

MODULE = "flowyard.data.previews.child"
#: So many look at once, and so many bytes of files elsewhere does one of them read.
AT_ONCE, MOST_READ = 4, 1024 * 1024 * 1024
_ASKED_AT_ONCE = 16 * 1024 * 1024

#: Gives the bytes of a file: its number, from where, to before where.
Reader = Callable[[int, int, int], bytes]


class PreviewRunner:
    """Runs tasks, each in a process. All methods block.

    Args:
        scratch: where folders for files that end with a process are made.
        at_once: how many run at most.
    """

    def __init__(self, scratch: Path, *, at_once: int = AT_ONCE) -> None:
        self._scratch = scratch
        self._places = threading.BoundedSemaphore(at_once)

    def run(self, task: Task, read: Reader, *, timeout_s: float) -> Shown:
        """Return the answer to a task; `read` gives the bytes of files that are not on this machine.

        Raises:
            DataError: the files cannot be looked at.
            DataLimitError: that takes too long or too much memory.
            DataBusyError: as many run as may.
            FlowyardError: what `read` raises.
        """
        if not self._places.acquire(timeout=timeout_s):
            raise DataBusyError("As many previews are made as may at once.", remedy="Try again in a moment.")
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._scratch, prefix=".preview-", ignore_cleanup_errors=True) as folder:
                return self._child(msgspec.structs.replace(task, scratch=folder), read, timeout_s)
        finally:
            self._places.release()

    def _child(self, task: Task, read: Reader, timeout_s: float) -> Shown:
        # Nothing of this process's surroundings: no settings, no keys, no addresses.
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": paths, "LANG": "C.UTF-8"}
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        with subprocess.Popen(  # noqa: S603 (this program, with nothing of the user's in its words)
            [sys.executable, "-m", MODULE], stdin=pipe, stdout=pipe, stderr=nowhere, env=environment, cwd="/", close_fds=True
        ) as process:
            late = threading.Event()

            def end() -> None:
                late.set()
                process.kill()

            watch = threading.Timer(timeout_s, end)
            watch.start()
            try:
                said = _talk(task, read, cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout))
            except BrokenPipeError:
                said = None
            finally:
                watch.cancel()
                process.kill()
        if late.is_set():
            raise DataLimitError(f"Looking at it took longer than {timeout_s:g} seconds.", remedy="Look at fewer rows, or at one file.")
        if said is None or (isinstance(said, Refused) and said.memory):
            raise DataLimitError("Looking at it took too much memory or processor time.", remedy="Look at fewer rows, or at one file.")
        if isinstance(said, Refused):
            raise DataError(
                f"The data cannot be looked at: {said.message}", remedy=said.remedy or "Is the file whole, and what its ending says?"
            )
        return said


def _talk(task: Task, read: Reader, out: BinaryIO, back: BinaryIO) -> Shown | Refused | None:
    """Give the process its task and what it asks for, and return what it says at the end; None: it ended without a word."""
    send(out, msgspec.msgpack.encode(task))
    total = 0
    while (data := receive(back)) is not None:
        said = msgspec.msgpack.decode(data, type=Said)
        if not isinstance(said, Ask):
            return said
        size = said.end - said.start
        total += size
        if not 0 < size <= _ASKED_AT_ONCE or total > MOST_READ or not 0 <= said.file < len(task.files):
            raise DataLimitError(f"More than {MOST_READ // 1024 // 1024} MiB would be read.", remedy="Look at one file, or at fewer rows.")
        send(out, read(said.file, said.start, said.end))
    return None
