"""What this gateway tells the database of itself: once a second where something changed, else that it is still there."""

import asyncio
import logging
import os
import socket
import time
from dataclasses import replace

from flowyard.endpoints.gateway.meters import GatewayMeters
from flowyard.endpoints.gateway.routing import Routing
from flowyard.endpoints.gateways import TOLD_EVERY_S, GatewayReport, GatewayStore, TargetReport
from flowyard.foundation.clock import now_ns
from flowyard.foundation.ids import new_id

log = logging.getLogger(__name__)

_EVERY_S = 1.0


class Reports:
    """Tells how the gateway fares. Belongs to one event loop; the store is asked in threads."""

    def __init__(self, store: GatewayStore, meters: GatewayMeters, routing: Routing, *, every_s: float = _EVERY_S) -> None:
        self._store = store
        self._meters = meters
        self._routing = routing
        self._every_s = every_s
        self._about = GatewayReport(gateway=new_id(), host=socket.gethostname(), pid=os.getpid(), started_ns=now_ns())
        self._told = self._about
        self._told_at = 0.0
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tell."""
        self._loop = asyncio.create_task(self._tell_on())

    async def close(self) -> None:
        """Stop. What is silent has ended."""
        if self._loop is not None:
            self._loop.cancel()

    def report(self) -> GatewayReport:
        """Return how the gateway fares now."""
        cache = self._routing.cache
        targets = tuple(
            TargetReport(
                workspace_id=workspace_id, route=route, model=model, breaker=held.state, answered=held.answered, failed=held.failed
            )
            for (workspace_id, route, model), held in sorted(self._routing.all().items())
        )
        return replace(
            self._about,
            in_flight=self._meters.active,
            overhead=dict(self._meters.overhead),
            cache_hits=cache.hits,
            cache_misses=cache.misses,
            cache_bytes=cache.size,
            targets=targets,
        )

    async def _tell_on(self) -> None:
        while True:
            await self._tell()
            await asyncio.sleep(self._every_s)

    async def _tell(self) -> None:
        found, at = self.report(), time.monotonic()
        if found == self._told and at < self._told_at + TOLD_EVERY_S:
            return
        try:
            await asyncio.to_thread(self._store.tell, replace(found, updated_ns=now_ns()))
        except Exception as error:  # noqa: BLE001  # requests go on whatever the database does; the next report tells it all
            log.warning("How this gateway fares cannot be told to the database now: %s", error)
            await asyncio.sleep(TOLD_EVERY_S)
            return
        self._told, self._told_at = found, at
