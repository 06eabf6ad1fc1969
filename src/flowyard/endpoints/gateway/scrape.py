"""``/metrics`` at the gateway: its readings and its peers' go to the server.

It adds the rest, decides who may see them, and writes the page.
"""

import asyncio
import re
from collections import Counter

import msgspec

from flowyard.endpoints.errors import MethodNotAllowedError
from flowyard.endpoints.gateway.backends import Ways
from flowyard.endpoints.gateway.directory import Directory
from flowyard.endpoints.gateway.exchange import Exchange
from flowyard.endpoints.gateway.limits import Limiter
from flowyard.endpoints.gateway.meters import GatewayMeters
from flowyard.endpoints.gateway.peers import Peers
from flowyard.endpoints.gateway.proxy import ServerProxy
from flowyard.endpoints.gateway.routing import Routing
from flowyard.monitoring import metrics
from flowyard.monitoring.exposition import merged
from flowyard.monitoring.metrics import METRICS, Metric, Reading, Readings

#: The route of what is passed on to the server.
ELSEWHERE = "/*"

_STATES = {"closed": 0.0, "half-open": 0.5, "open": 1.0}
_OPERATIONS = frozenset({"chat/completions", "completions", "embeddings", "responses", "rerank", "models"})
_OTLP = frozenset({"/v1/traces", "/v1/logs", "/v1/metrics"})
_FIXED = frozenset({*(f"/v1/{name}" for name in _OPERATIONS), "/health", "/version"})
_BELOW = frozenset({"score", "feedback", "version", "health", "swagger.json"})
_ENDPOINT = re.compile(r"/endpoints/[^/]+/(?P<rest>.+)")


def route_of(path: str) -> str:
    """Return the template that a path belongs to, of a fixed set: callers can send any path."""
    if path in _FIXED:
        return path
    if path.startswith("/v1/") and path not in _OTLP:
        return "/v1/models/{model}" if path.startswith("/v1/models/") else "/v1/*"
    if path.startswith("/endpoints/") and (found := _ENDPOINT.fullmatch(path)) is not None:
        rest = found["rest"]
        if rest in _BELOW:
            return f"/endpoints/{{name}}/{rest}"
        if rest.startswith("v1/"):
            return f"/endpoints/{{name}}/{rest}" if rest[3:] in _OPERATIONS else "/endpoints/{name}/v1/*"
    return ELSEWHERE


class Scrape:
    """Answers scrapes. `meters` is what the gateway counts; `peers` the gateways that share its address."""

    def __init__(
        self,
        meters: GatewayMeters,
        directory: Directory,
        ways: Ways,
        server: ServerProxy,
        limiter: Limiter,
        routing: Routing,
        peers: Peers | None = None,
    ) -> None:
        self.meters = meters
        self._directory = directory
        self._ways = ways
        self._server = server
        self._limiter = limiter
        self._routing = routing
        self._peers = peers

    async def handle(self, exchange: Exchange) -> None:
        """Pass a scrape on together with what this process and its peers know.

        Raises:
            MethodNotAllowedError: it is neither GET nor HEAD.
            ServerUnavailableError: the server does not answer.
        """
        if exchange.method not in {"GET", "HEAD"}:
            raise MethodNotAllowedError(f"{exchange.method} is not served at /metrics.", remedy="Use GET.")
        others = await asyncio.to_thread(self._peers.others) if self._peers is not None else []
        await self._server.post(exchange, msgspec.json.encode(merged([self.readings(), *others])))

    def readings(self) -> Readings:
        """Return what the gateway counted, and what its engines and replicas are doing now."""
        busy: Counter[tuple[str, str, str]] = Counter()
        waiting: Counter[tuple[str, str, str]] = Counter()
        for endpoint in self._directory.all_endpoints():
            for deployment in endpoint.deployments.values():
                count = sum(self._ways.balancer.active(replica) for replica in deployment.replicas)
                busy[endpoint.workspace_id, endpoint.name, deployment.name] += count
                waiting[endpoint.workspace_id, endpoint.name, deployment.name] += self._ways.balancer.waiting(deployment.id)
        slots = self._ways.engines.slots()
        found: Readings = {
            **self.meters.readings(),
            metrics.REPLICA_ACTIVE.name: [Reading(labels, count) for labels, count in busy.items()],
            metrics.REPLICA_WAITING.name: [Reading(labels, count) for labels, count in waiting.items()],
            metrics.ROUTE_CALLS.name: [
                Reading((*place, outcome), count)
                for place, held in self._routing.all().items()
                for outcome, count in (("answered", held.answered), ("failed", held.failed))
            ],
            metrics.ROUTE_BREAKER.name: [Reading(place, _STATES[held.state]) for place, held in self._routing.all().items()],
            metrics.CACHE_LOOKUPS.name: [
                Reading(("hit",), self._routing.cache.hits),
                Reading(("miss",), self._routing.cache.misses),
            ],
            metrics.CACHE_BYTES.name: [Reading((), self._routing.cache.size)],
            metrics.LIMIT_REFUSALS.name: [Reading((limit,), count) for limit, count in self._limiter.refused.items()],
            metrics.LIMITS_LOCAL.name: [Reading((), int(self._limiter.local))],
            metrics.ENGINE_ACTIVE.name: [Reading((model,), count) for model, count in self._ways.engines.active().items()],
            metrics.ENGINE_BUSY.name: [Reading((model,), taken) for model, (taken, _) in slots.items()],
            metrics.ENGINE_SLOTS.name: [Reading((model,), there) for model, (_, there) in slots.items()],
        }
        return {name: [self._labelled(METRICS[name], one) for one in held] for name, held in found.items()}

    def _labelled(self, metric: Metric, reading: Reading) -> Reading:
        """Say at the end which gateway it is that reads this, where the labels do not say so yet."""
        if len(reading.labels) == len(metric.labels):
            return reading
        return Reading((*reading.labels, self.meters.process), reading.value, reading.counts)
