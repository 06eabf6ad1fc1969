"""Processes that have loaded what they need before anybody needs them: starting an interpreter is most of what a start takes.

One of a kind waits, with no workspace's code, secret or variable in it. Whoever starts a process of that kind gets it; it is told then
what others are told at their start (`compute.child.HandOver`), serves one spec like any other, and ends with it. Another is then started.
"""

import asyncio
import logging
import re
import socket
from collections.abc import Callable
from pathlib import Path

from flowyard.compute.child import HandOver
from flowyard.compute.errors import ProcessFailedError
from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.logs import ProcessLog
from flowyard.compute.processes.process import backoff_s
from flowyard.compute.processes.spawn import Spawned, Terms, spawn, spawn_ahead

log = logging.getLogger(__name__)

#: Whoever took one starts first; the next is loaded after that.
_AFTER_S = 1.0
#: What an interpreter and its libraries read once, when they start: with another value it is another process.
_READ_AT_START = re.compile(r"(PYTHON|LD_|DYLD_|MALLOC_|GLIBC_|LC_|AIOHTTP_).*|LANG|LANGUAGE|TZ")


class Standbys:
    """What waits to be taken, one of each kind. Belongs to one event loop.

    Args:
        log_of: returns the log of a process by its name.
    """

    def __init__(self, log_of: Callable[[str], ProcessLog]) -> None:
        self._log_of = log_of
        self._kinds: dict[str, _Standby] = {}

    def keep(self, spec: ProcessSpec) -> None:
        """Keep one process, called as `spec`, that has loaded its module in its environment. The other fields do not matter."""
        standby = self._kinds[spec.module] = _Standby(spec, self._log_of(spec.name))
        standby.start()

    def begin(self, spec: ProcessSpec, log: ProcessLog, terms: Terms) -> Spawned:
        """Return a process of `spec`: one that waits where it fits, else a new one.

        Raises:
            ProcessFailedError: as `spawn`.
        """
        standby = self._kinds.get(spec.module)
        return (standby.taken(spec, log, terms) if standby is not None else None) or spawn(spec, log, terms)

    async def close(self) -> None:
        """End what waits; nothing is kept from now on."""
        kinds = list(self._kinds.values())
        self._kinds.clear()
        await asyncio.gather(*(standby.close() for standby in kinds))

    def kill(self) -> None:
        """Kill what waits."""
        for standby in self._kinds.values():
            standby.kill()


class _Standby:
    def __init__(self, spec: ProcessSpec, log: ProcessLog) -> None:
        self._spec = spec
        self._log = log
        self._waiting: tuple[Spawned, socket.socket] | None = None
        self._taken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep(), name=f"keep {self._spec.name}")

    def taken(self, spec: ProcessSpec, log: ProcessLog, terms: Terms) -> Spawned | None:
        """Give the process that waits away, where it can be what `spec` and `terms` ask for."""
        if self._waiting is None or self._waiting[0].has_ended() or not self._fits(spec, terms):
            return None
        (spawned, channel), self._waiting = self._waiting, None
        self._taken.set()
        told = HandOver(environment=spec.environment, arguments=spec.arguments, folder=spec.working_directory, message=spec.message)
        spawned.hand_over(channel, told, terms.listener, log)
        return spawned

    def _fits(self, spec: ProcessSpec, terms: Terms) -> bool:
        ours, its = self._spec.environment, spec.environment
        return (
            spec.python is None
            and terms.user is None
            and (terms.gate is None or terms.gate.is_set())
            and (spec.working_directory is None or Path(spec.working_directory).is_dir())
            and all(its.get(name) == value for name, value in ours.items())
            and not any(_READ_AT_START.fullmatch(name) for name in its.keys() - ours.keys())
        )

    async def _keep(self) -> None:
        failures = 0
        while True:
            await asyncio.sleep(backoff_s(failures) + _AFTER_S)
            self._taken.clear()
            try:
                spawned, channel = self._waiting = spawn_ahead(self._spec, self._log)
            except ProcessFailedError as error:
                log.warning("%s", error)
                failures += 1
                continue
            taken = asyncio.create_task(self._taken.wait())
            await asyncio.wait({taken, spawned.ended}, return_when=asyncio.FIRST_COMPLETED)
            taken.cancel()
            if self._taken.is_set():
                failures = 0
                continue
            self._waiting = None
            channel.close()
            failures += 1
            log.warning("%s ended while nobody had taken it, with exit code %d", self._spec.name, spawned.ended.result())

    async def close(self) -> None:
        self.kill()
        if self._task is not None:
            self._task.cancel()
        if self._waiting is not None:
            spawned, channel = self._waiting
            await spawned.ended
            await spawned.output_over()
            channel.close()

    def kill(self) -> None:
        if self._waiting is not None:
            self._waiting[0].kill()
