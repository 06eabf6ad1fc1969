"""Requests of OTLP on their way to the disk: appended undecoded to a spool for each workspace, many made durable by one fsync."""

import asyncio
import errno
import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.ids import new_id
from flowyard.tracing.errors import SpoolWriteError
from flowyard.tracing.frames import SUFFIX, FrameKind
from flowyard.tracing.spool import ROLL_BYTES, SpoolFile

logger = logging.getLogger(__name__)

#: So many bytes may wait for the disk; a file that got nothing for so long, seconds, is ended, so that it can be deleted.
WAITING_BYTES, IDLE_S = 64 * 1024 * 1024, 5.0


class BusyError(FlowyardError):
    """More comes in than the disk, or whoever reads it, takes."""

    code = "CollectorBusy"
    title = "Too much at once"
    status = 429


@dataclass(frozen=True, slots=True)
class Backlog:
    """What stands in the spools and was not read yet: bytes of all, bytes of one workspace, and how many workspaces have some."""

    all_bytes: int
    own_bytes: int
    workspaces: int

    def is_over(self, limit: int) -> bool:
        """Return whether the workspace has to wait: all together have more than `limit` bytes, and it has more than its share of them."""
        return self.all_bytes > limit and self.own_bytes * max(1, self.workspaces) > limit


@dataclass(frozen=True, slots=True)
class _Waiting:
    workspace_id: str
    kind: FrameKind
    payload: bytes
    done: asyncio.Future[None]


class _Open:
    """A workspace's spool, and when something was written to it last."""

    def __init__(self, file: SpoolFile) -> None:
        self.file = file
        self.used = time.monotonic()


class OtlpSpools:
    """Writes below `folder`, a subfolder for each workspace. `put` belongs to one event loop; one thread writes."""

    def __init__(self, folder: Path, *, waiting_bytes: int = WAITING_BYTES) -> None:
        self._folder = folder
        self._limit = waiting_bytes
        self._queue: deque[_Waiting] = deque()
        self._bytes = 0
        self._lock = threading.Lock()
        self._filled = threading.Event()
        self._files: dict[str, _Open] = {}
        self._thread: threading.Thread | None = None
        self._closing = False

    async def put(self, workspace_id: str, kind: FrameKind, payload: bytes) -> None:
        """Return when `payload` is durable.

        Raises:
            BusyError: too much waits already.
            SpoolWriteError: the disk refuses; nothing of the payload is kept.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            if self._bytes + len(payload) > self._limit:
                raise BusyError("The disk does not keep up with what comes in.", remedy="Send the request again in a second.")
            self._bytes += len(payload)
            self._queue.append(_Waiting(workspace_id, kind, payload, done))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="otlp-spools", daemon=True)
                self._thread.start()
        self._filled.set()
        await done

    def close(self) -> None:
        """Write what waits, and end the files."""
        with self._lock:
            thread, self._closing = self._thread, True
        self._filled.set()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            self._filled.wait(IDLE_S)
            self._filled.clear()
            closing = self._closing
            self._write()
            self._end_idle(0.0 if closing else IDLE_S)
            if closing:
                return

    def _write(self) -> None:
        """Write everything that waits now; each workspace's file is made durable once."""
        with self._lock:
            waiting, self._queue = list(self._queue), deque()
        by_workspace: dict[str, list[_Waiting]] = {}
        for one in waiting:
            by_workspace.setdefault(one.workspace_id, []).append(one)
        for workspace_id, group in by_workspace.items():
            error: Exception | None = None
            try:
                self._append(workspace_id, group)
            except OSError as failed:
                error = _refusal(failed)
            with self._lock:
                self._bytes -= sum(len(one.payload) for one in group)
            for one in group:
                _tell(one.done, error)

    def _append(self, workspace_id: str, group: list[_Waiting]) -> None:
        opened = self._files.get(workspace_id)
        if opened is None:
            folder = self._folder / workspace_id
            folder.mkdir(parents=True, exist_ok=True)
            opened = self._files[workspace_id] = _Open(SpoolFile(folder / f"otlp-{new_id()}{SUFFIX}"))
        start = opened.file.size
        try:
            for one in group:
                opened.file.append_frame(one.kind, one.payload)
            opened.file.sync()
        except OSError:
            # None of the group is acknowledged, so none may stay: what is there again when it is sent again would not matter to spans,
            # but a half of a full disk's bytes would.
            del self._files[workspace_id]
            opened.file.cut(start)
            raise
        opened.used = time.monotonic()
        if opened.file.size >= ROLL_BYTES:
            self._end(workspace_id)

    def _end_idle(self, after_s: float) -> None:
        now = time.monotonic()
        for workspace_id in [name for name, opened in self._files.items() if now - opened.used >= after_s]:
            self._end(workspace_id)

    def _end(self, workspace_id: str) -> None:
        opened = self._files.pop(workspace_id)
        try:
            opened.file.finish()
        except OSError as error:
            logger.warning("The end of %s could not be written: %s", opened.file.path, error)


def _refusal(error: OSError) -> SpoolWriteError:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    reason = "The disk is full" if full else f"The disk refuses: {error.strerror or error}"
    return SpoolWriteError(f"{reason}; nothing of the request is kept.", remedy="Free some space, and send it again.")


def _tell(done: asyncio.Future[None], error: Exception | None) -> None:
    def settle() -> None:
        if not done.done():
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)

    try:
        done.get_loop().call_soon_threadsafe(settle)
    except RuntimeError:
        logger.debug("The loop that waits for a request has ended.")
