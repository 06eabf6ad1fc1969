"""Local engines: started at the first call of a model, kept while they are used."""

import asyncio
import logging
from dataclasses import dataclass

from flowyard.compute.ports import ProcessHost
from flowyard.endpoints.errors import ReplicaUnavailableError
from flowyard.endpoints.gateway.upstream import Targets
from flowyard.endpoints.local_models import LocalModels
from flowyard.foundation.errors import FlowyardError
from flowyard.inference.providers.local import engine

log = logging.getLogger(__name__)

_TOUCH_EVERY_S = 5.0
_RESTART_WITHIN_S = 30.0
_LOOK_S = 0.1


@dataclass(slots=True, eq=False)
class Engine:
    """A running engine. `in_flight` and `used` decide whether its idle stop is put off."""

    model: str
    process: str
    address: str
    targets: Targets
    slots: int | None = None
    in_flight: int = 0
    used: bool = True


class Engines:
    """Knows the engines that run, and has them started. Belongs to one event loop."""

    def __init__(self, host: ProcessHost, models: LocalModels) -> None:
        self._host = host
        self._models = models
        self._running: dict[str, Engine] = {}
        self._starting: dict[str, asyncio.Task[Engine]] = {}
        self._toucher: asyncio.Task[None] | None = None

    async def acquire(self, model: str) -> Engine:
        """Return the engine of a model, to be given back with `release`. The first caller has it started, others wait for the same start.

        Raises:
            ModelUnknownError: the catalog has no such model.
            ModelNotPulledError: it is not on this machine.
            ProcessFailedError: the engine could not start.
        """
        running = self._running.get(model)
        if running is None:
            starting = self._starting.get(model)
            if starting is None:
                starting = self._starting[model] = asyncio.create_task(self._start(model))
                starting.add_done_callback(lambda task: self._started(model, task))
            # Shielded: the start goes on for the others when one caller goes away.
            running = await asyncio.shield(starting)
        running.in_flight += 1
        running.used = True
        return running

    def release(self, held: Engine) -> None:
        """End a use."""
        held.in_flight -= 1

    def forget(self, broken: Engine) -> None:
        """Say that it did not answer: the next `acquire` asks the host again."""
        if self._running.get(broken.model) is broken:
            del self._running[broken.model]

    async def address_of(self, process: str) -> str | None:
        """Return where a kept process is now, waiting while it is started again; None when it is not kept, or takes too long.

        Engines bind their own ports, so one that was started again is elsewhere before the directory knows.
        """
        deadline = asyncio.get_running_loop().time() + _RESTART_WITHIN_S
        while asyncio.get_running_loop().time() < deadline:
            status = await asyncio.to_thread(self._host.get, process)
            if status is None or status.state in {"failed", "stopped"}:
                return None
            if status.state == "ready":
                return status.address
            await asyncio.sleep(_LOOK_S)
        return None

    def active(self) -> dict[str, int]:
        """Return how many calls the engine of each model is answering."""
        return {model: held.in_flight for model, held in self._running.items()}

    def slots(self) -> dict[str, tuple[int, int]]:
        """Return how many calls the engine of each model computes now, and how many it can at once."""
        return {model: (min(held.in_flight, held.slots), held.slots) for model, held in self._running.items() if held.slots}

    async def close(self) -> None:
        """Stop putting off idle stops."""
        if self._toucher is not None:
            self._toucher.cancel()

    async def _start(self, model: str) -> Engine:
        spec = await asyncio.to_thread(self._models.engine, model)
        status = await asyncio.to_thread(self._host.ensure, spec.process)
        if status.address is None:
            raise ReplicaUnavailableError(f"The engine of {model!r} has no address (it is {status.state}).", remedy="Try again.")
        if self._toucher is None:
            self._toucher = asyncio.create_task(self._touch())
        return Engine(model, spec.process.name, status.address, Targets(engine(status.address, spec.key)), spec.slots)

    def _started(self, model: str, task: asyncio.Task[Engine]) -> None:
        self._starting.pop(model, None)
        if not task.cancelled() and task.exception() is None:
            self._running[model] = task.result()

    async def _touch(self) -> None:
        while True:
            await asyncio.sleep(_TOUCH_EVERY_S)
            for held in [held for held in self._running.values() if held.used or held.in_flight]:
                held.used = False
                try:
                    alive = await asyncio.to_thread(self._host.touch, held.process)
                except FlowyardError as error:
                    log.warning("The engine of %s could not be kept from its idle stop: %s", held.model, error)
                else:
                    if not alive:
                        self.forget(held)
