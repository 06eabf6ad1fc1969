"""Reads files in a process that is kept for the next one, and replaced when a file was too much for it."""

import os
import select
import subprocess
import sys
import tempfile
import time
from types import TracebackType
from typing import Self

from flowyard.compute.processes.isolated import Confines, popen_isolated
from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.rag.cracking.model import CrackAnswer, CrackLimits, CrackTask, Unread, Unreadable
from flowyard.rag.model import Document

_CHILD = "flowyard.rag.cracking.child"
_PART = 1 << 20


class Cracker:
    """Reads one file after another in one process. Not for several threads: each has its own. Use it as a context manager."""

    def __init__(self, limits: CrackLimits | None = None) -> None:
        self._limits = limits or CrackLimits()
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def crack(self, task: CrackTask) -> Document | Unreadable:
        """Return a file's document, or why there is none: nothing that a file holds raises."""
        process = self._process or self._start()
        try:
            self._tell(process, to_json(plain(task)))
            line = self._line(process, time.monotonic() + self._limits.seconds)
        except TimeoutError:
            return self._gone(task, "too_slow", f"Reading the file took more than {self._limits.seconds:g} s.")
        except (BrokenPipeError, EOFError):
            return self._gone(task, "crashed", "The process that read the file ended: the file is damaged, or takes too much memory.")
        answer = decode(line, CrackAnswer)
        found = answer.document or answer.unreadable
        if found is None:
            raise RuntimeError("a cracking process answered nothing")
        return found

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        with process:
            self._rest = b""

    def _start(self) -> "subprocess.Popen[bytes]":
        confines = Confines(folder=tempfile.gettempdir(), environment={"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"})
        command = [sys.executable, "-P", "-m", _CHILD]
        process = popen_isolated(command, confines, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._process = process
        self._tell(process, to_json(plain(self._limits)))
        return process

    def _tell(self, process: "subprocess.Popen[bytes]", said: bytes) -> None:
        if process.stdin is None:
            raise RuntimeError("a process without pipes")
        left = memoryview(said + b"\n")
        while left:  # not by the file, which would keep what a process that ended did not take, and fail again when it is closed
            left = left[os.write(process.stdin.fileno(), left) :]

    def _line(self, process: "subprocess.Popen[bytes]", until: float) -> bytes:
        if process.stdout is None:
            raise RuntimeError("a process without pipes")
        handle, parts = process.stdout.fileno(), [self._rest]
        while b"\n" not in parts[-1]:
            if not select.select([handle], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError
            part = os.read(handle, _PART)
            if not part:
                raise EOFError
            parts.append(part)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def _gone(self, task: CrackTask, why: Unread, message: str) -> Unreadable:
        self.close()
        return Unreadable(key=task.key, why=why, message=message)
