"""One kept process: started, watched, started again with backoff, drained and stopped."""

import asyncio
import hashlib
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flowyard.compute.errors import ProcessFailedError, ProcessNotReadyError
from flowyard.compute.model import ProcessSpec, ProcessState, ProcessStatus
from flowyard.compute.processes.logs import ProcessLog
from flowyard.compute.processes.spawn import Spawned, Terms, spawn
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.errors import FlowyardError

FIRST_DELAY_S = 0.1
LONGEST_DELAY_S = 30.0
STABLE_S = 10.0
_ERROR_LINES = 20


#: How a process is started: `spawn`, or something that has the same effect sooner.
Begin = Callable[[ProcessSpec, ProcessLog, Terms], Spawned]


def digest_of(spec: ProcessSpec) -> str:
    """Return what identifies a spec, message included: 32 hex digits."""
    return hashlib.sha256(to_json(spec)).hexdigest()[:32]


def backoff_s(failures: int) -> float:
    """Return how long to wait before the next start after so many failures in a row (from 1)."""
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(failures - 1, 20))


class SupervisedProcess:
    """A process that is kept running from `start` to `stop`.

    A process that was ready once is started again whenever it ends, at the same address. One that never got ready has
    failed and is left alone, unless its terms say so.

    Attributes:
        settled: None once it is ready, or the error why it never was. After a crash it is another future, for the next start.
    """

    def __init__(self, spec: ProcessSpec, log: ProcessLog, terms: Terms, begin: Begin = spawn) -> None:
        self.spec = spec
        self._begin = begin
        self.digest = digest_of(spec)
        self._listener = terms.listener
        self.settled: asyncio.Future[FlowyardError | None] = asyncio.get_running_loop().create_future()
        self._log = log
        self._terms = terms
        self._state: ProcessState = "starting"
        self._spawned: Spawned | None = None
        self._address: str | None = None
        self._restarts = 0
        self._was_ready = False
        self._started_ns: int | None = None
        self._error: FlowyardError | None = None
        self._stop_asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._touched = time.monotonic()
        log.hide(spec.message)

    @property
    def running(self) -> bool:
        """Whether it is kept running: it starts, is ready, or will be started again."""
        return self._state in {"starting", "ready", "restarting"}

    @property
    def ready(self) -> bool:
        """Whether it has told that calls can come."""
        return self._state == "ready"

    @property
    def status(self) -> ProcessStatus:
        """How it is now."""
        spawned = self._spawned
        problem: dict[str, Any] | None = plain(self._error.problem()) if self._error else None
        return ProcessStatus(
            name=self.spec.name,
            state=self._state,
            digest=self.digest,
            pid=spawned.pid if spawned and not spawned.ended.done() else None,
            address=self._address,
            restarts=self._restarts,
            started_ns=self._started_ns,
            error=problem,
        )

    def start(self) -> None:
        """Begin. Call it once."""
        self._task = asyncio.create_task(self._keep(), name=f"keep {self.spec.name}")

    def notice_end(self) -> None:
        """Let who asks for a process that was ready, and has ended, wait for its next start."""
        if self.ready and self._spawned is not None and self._spawned.has_ended() and not self._stop_asked.is_set():
            self._state = "restarting"
            self.settled = asyncio.get_running_loop().create_future()

    def touch(self) -> None:
        """Put off the idle stop."""
        self._touched = time.monotonic()

    def idle(self) -> bool:
        """Whether nobody has touched it for longer than the spec allows."""
        limit = self.spec.idle_timeout_s
        return limit is not None and self.ready and time.monotonic() - self._touched > limit

    async def stop(self) -> None:
        """Drain (SIGTERM), kill what has not ended in time, and close the socket."""
        self._stop_asked.set()
        spawned = self._spawned
        if spawned is not None and not spawned.ended.done():
            spawned.signal(signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(spawned.ended), self.spec.stop_timeout_s)
            spawned.kill()
        if self._task is not None:
            await self._task
        self.close()

    def kill(self) -> None:
        """Kill it at once and start it no more."""
        self._stop_asked.set()
        if self._spawned is not None:
            self._spawned.kill()

    def close(self) -> None:
        """Give the socket up. Done by `stop`; call it for a process that was never started."""
        if self._listener is not None:
            self._listener.close()

    async def _keep(self) -> None:
        failures = 0
        while not self._stop_asked.is_set():
            begun = time.monotonic()
            error = await self._live()
            if self._stop_asked.is_set():
                break
            if not self._was_ready and not self._terms.persistent:
                self._give_up(error)
                return
            self._state = "restarting"
            self._error = error
            self._restarts += 1
            failures = 0 if time.monotonic() - begun > STABLE_S else failures + 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), backoff_s(failures) if failures else 0.0)
        self._state = "stopped"
        if not self.settled.done():
            self.settled.set_result(ProcessFailedError(f"{self.spec.name!r} was stopped before it was ready.", extra=self._extra([])))

    def _give_up(self, error: FlowyardError) -> None:
        self._state = "failed"
        self._error = error
        self.close()
        self.settled.set_result(error)

    async def _live(self) -> FlowyardError:
        """Start it once and return why it ended."""
        first_line = self._log.count
        try:
            spawned = self._spawned = self._begin(self.spec, self._log, self._terms)
        except ProcessFailedError as error:
            return error
        self._started_ns = now_ns()
        error = await self._become_ready(spawned)
        if error is None:
            await spawned.ended
            self.notice_end()
        else:
            spawned.kill()
        code = await spawned.ended
        await spawned.output_over()
        lines = self._log.tail(_ERROR_LINES, since=first_line)
        return error if isinstance(error, ProcessNotReadyError) else self._failure(spawned, code, lines)

    async def _become_ready(self, spawned: Spawned) -> FlowyardError | None:
        spec = self.spec
        try:
            told = await asyncio.wait_for(asyncio.shield(spawned.told), spec.ready_timeout_s)
        except TimeoutError:
            lines = self._log.tail(_ERROR_LINES)
            return ProcessNotReadyError(f"{spec.name!r} was not ready after {spec.ready_timeout_s:g} s.", extra=self._extra(lines))
        if told is None or not told.ready:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(spawned.ended), 2.0)
            return ProcessFailedError(f"{spec.name!r} did not get ready.")
        spawned.lower_priority(spec.niceness)
        self._address = told.address
        self._state = "ready"
        self._was_ready = True
        self._error = None
        self.touch()
        if not self.settled.done():
            self.settled.set_result(None)
        return None

    def _failure(self, spawned: Spawned, code: int, lines: list[str]) -> ProcessFailedError:
        name = self.spec.name
        told = spawned.told.result()
        if told is not None and told.problem is not None:
            cause = told.problem
            message = f"{name!r} cannot start: {cause.get('detail', cause)}"
            return ProcessFailedError(message, remedy=cause.get("remedy"), extra=self._extra(lines, cause))
        when = "" if told is not None else " before it was ready"
        how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
        said = "\n".join(lines) or "(nothing)"
        return ProcessFailedError(f"{name!r} {how}{when}. The last it wrote:\n{said}", extra=self._extra(lines) | {"how": how})

    def _extra(self, lines: list[str], cause: dict[str, Any] | None = None) -> dict[str, Any]:
        extra: dict[str, Any] = {"name": self.spec.name, "log": lines}
        return extra | {"cause": cause} if cause is not None else extra
