"""The supervisor: named processes, kept as their specs say. One event loop, in the main thread."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowyard.compute.errors import ProcessNotReadyError, SupervisorUnavailableError
from flowyard.compute.model import ProcessSpec, ProcessStatus
from flowyard.compute.processes.logs import ProcessLog, log_path, read_tail
from flowyard.compute.processes.process import SupervisedProcess, digest_of
from flowyard.compute.processes.spawn import Terms, bind
from flowyard.compute.processes.standby import Standbys
from flowyard.compute.processes.users import FlowUser, FlowUsers
from flowyard.tracing.process_log import is_json

_IDLE_CHECK_S = 0.5


class Supervisor:
    """Implements what `compute.ports.ProcessHost` promises, asynchronously.

    Args:
        logs_folder: where processes' output goes.
        users: the users of flow processes; None: they run as ours.
    """

    def __init__(self, logs_folder: Path, users: FlowUsers | None = None) -> None:
        self._folder = logs_folder
        self.users = users
        self._kept: dict[str, SupervisedProcess] = {}
        self._coming: dict[str, SupervisedProcess] = {}
        self._ending: set[SupervisedProcess] = set()
        self._logs: dict[str, ProcessLog] = {}
        self._standbys = Standbys(self._log_of)
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle_task: asyncio.Task[None] | None = None
        self._closing = False

    async def ensure(self, spec: ProcessSpec, *, wait_s: float | None = None, terms: Terms | None = None) -> ProcessStatus:
        """As `ProcessHost.ensure`. Without `terms`, a process that has a socket gets a loopback port of its own.

        Raises:
            ProcessFailedError: it ended before it was ready.
            ProcessNotReadyError: it was not ready in time.
            SupervisorUnavailableError: the supervisor is stopping.
        """
        if self._closing:
            raise SupervisorUnavailableError("The supervisor is stopping and starts nothing more.", remedy="Run: flowyard up")
        user = None
        if self.users is not None and spec.workspace_id is not None:
            user = await asyncio.to_thread(_let_in, self.users, spec.workspace_id, spec)
        process = self._running(spec) or self._begin(spec, replace(terms or Terms(), user=user))
        process.touch()
        process.notice_end()
        if wait_s == 0:
            return process.status
        limit = spec.ready_timeout_s + 5.0 if wait_s is None else wait_s
        try:
            error = await asyncio.wait_for(asyncio.shield(process.settled), limit)
        except TimeoutError:
            raise ProcessNotReadyError(
                f"{spec.name!r} was not ready after {limit:g} s; it goes on starting.",
                extra={"name": spec.name, "log": self.logs(spec.name, tail=20)},
            ) from None
        if error is not None:
            raise error
        return process.status

    def get(self, name: str) -> ProcessStatus | None:
        """As `ProcessHost.get`."""
        process = self._kept.get(name)
        return process.status if process else None

    def find(self, prefix: str = "") -> list[ProcessStatus]:
        """As `ProcessHost.find`."""
        return [process.status for name, process in sorted(self._kept.items()) if name.startswith(prefix)]

    def touch(self, name: str) -> bool:
        """As `ProcessHost.touch`."""
        process = self._kept.get(name)
        if process is None or not process.running:
            return False
        process.touch()
        return True

    async def stop(self, name: str) -> None:
        """As `ProcessHost.stop`; returns when it has ended."""
        processes = [process for process in (self._coming.pop(name, None), self._kept.pop(name, None)) if process]
        await asyncio.gather(*(self._end(process) for process in processes))
        if name not in self._kept and name not in self._coming and (log := self._logs.pop(name, None)):
            log.close()

    def logs(self, name: str, *, tail: int = 200) -> list[str]:
        """As `ProcessHost.logs`."""
        log = self._logs.get(name)
        return log.tail(tail) if log else read_tail(log_path(self._folder, name), tail)

    def keep_standby(self, spec: ProcessSpec) -> None:
        """Keep a process that has loaded what `spec` names, so that the next of its kind starts at once (`Standbys.keep`)."""
        if not self._closing:
            self._standbys.keep(spec)

    async def close(self) -> None:
        """Stop everything and start nothing more."""
        self._closing = True
        await self._standbys.close()
        if self._idle_task is not None:
            self._idle_task.cancel()
        await asyncio.gather(*(self.stop(name) for name in {*self._kept, *self._coming}))
        await asyncio.gather(*self._tasks)

    def kill(self) -> None:
        """Kill everything at once; `close` then has little to wait for."""
        self._closing = True
        self._standbys.kill()
        for process in [*self._kept.values(), *self._coming.values(), *self._ending]:
            process.kill()

    def _running(self, spec: ProcessSpec) -> SupervisedProcess | None:
        digest = digest_of(spec)
        for table in (self._coming, self._kept):
            process = table.get(spec.name)
            if process is not None and process.digest == digest and process.running:
                if table is self._kept:
                    self._drop_coming(spec.name)
                return process
        return None

    def _begin(self, spec: ProcessSpec, terms: Terms) -> SupervisedProcess:
        if self._idle_task is None:
            self._idle_task = asyncio.create_task(self._stop_idle(), name="stop idle processes")
        self._drop_coming(spec.name)
        old = self._kept.get(spec.name)
        if terms.listener is None and spec.socket:
            terms = replace(terms, listener=bind())
        new = SupervisedProcess(spec, self._log_of(spec.name), terms, self._standbys.begin)
        if old is None or not old.running:
            self._kept[spec.name] = new
            new.start()
        elif spec.socket:
            self._coming[spec.name] = new
            new.start()
            self._in_background(self._take_over(new, old))
        else:
            self._kept[spec.name] = new
            self._in_background(self._follow(old, new))
        return new

    def _log_of(self, name: str) -> ProcessLog:
        if name not in self._logs:
            self._logs[name] = ProcessLog(log_path(self._folder, name), json_as=name if is_json() else None)
        return self._logs[name]

    async def _take_over(self, new: SupervisedProcess, old: SupervisedProcess) -> None:
        """Let `new` replace `old` once it is ready; where it fails, `old` stays."""
        name = new.spec.name
        error = await asyncio.shield(new.settled)
        if self._coming.get(name) is not new:
            return
        del self._coming[name]
        if error is None:
            self._kept[name] = new
            await self._end(old)

    def _drop_coming(self, name: str) -> None:
        process = self._coming.pop(name, None)
        if process is not None:
            self._in_background(self._end(process))

    async def _stop_idle(self) -> None:
        while True:
            await asyncio.sleep(_IDLE_CHECK_S)
            for process in list(self._kept.values()):
                if process.idle():
                    self._in_background(self._stop_if_idle(process))

    async def _stop_if_idle(self, process: SupervisedProcess) -> None:
        if process.idle() and self._kept.get(process.spec.name) is process:
            await self.stop(process.spec.name)

    async def _end(self, process: SupervisedProcess) -> None:
        self._ending.add(process)
        try:
            await process.stop()
        finally:
            self._ending.discard(process)

    async def _follow(self, old: SupervisedProcess, new: SupervisedProcess) -> None:
        await self._end(old)
        new.start()

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _let_in(users: FlowUsers, workspace_id: str, spec: ProcessSpec) -> FlowUser:
    """Return the user that the process is to run as, once it gets to what its spec names."""
    user = users.of(workspace_id)
    for path in spec.reads:
        users.let_read(user, Path(path))
    for path in spec.writes:
        users.let_write(user, Path(path))
    return user
