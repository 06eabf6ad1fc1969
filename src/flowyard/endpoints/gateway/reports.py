"""What this gateway tells the database of itself: what changed, else that it is still there."""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flowyard.endpoints.gateway.meters import GatewayMeters
from flowyard.endpoints.gateway.routing import Routing
from flowyard.endpoints.gateways import TOLD_EVERY_S, GatewayReport, GatewayStore, TargetReport
from flowyard.foundation.clock import now_ns


class Reports:
    """An account of how the gateway `gateway` fares (see `Account`)."""

    what = "How this gateway fares"

    def __init__(self, store: GatewayStore, meters: GatewayMeters, routing: Routing, gateway: str) -> None:
        self._store = store
        self._meters = meters
        self._routing = routing
        self._about = GatewayReport(gateway=gateway, host=socket.gethostname(), pid=os.getpid(), started_ns=now_ns())
        self._told: GatewayReport | None = None
        self._told_at = 0.0

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

    def news(self) -> Callable[[], None] | None:
        """See `Account.news`."""
        found, at = self.report(), time.monotonic()
        if found == self._told and at < self._told_at + TOLD_EVERY_S:
            return None
        self._told, self._told_at = found, at
        return partial(self._store.tell, replace(found, updated_ns=now_ns()))

    def untold(self) -> None:
        """See `Account.untold`."""
        self._told = None
