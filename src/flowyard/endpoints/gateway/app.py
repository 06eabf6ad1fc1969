"""The gateway as an ASGI application: which part takes which path, and how errors leave."""

import asyncio
import logging
import re
import time
from http import HTTPStatus

from flowyard.endpoints.gateway.auth import authenticate
from flowyard.endpoints.gateway.backends import Ways
from flowyard.endpoints.gateway.directory import Directory
from flowyard.endpoints.gateway.endpoints import Endpoints
from flowyard.endpoints.gateway.exchange import ClientGoneError, Exchange, Receive, Scope, Send
from flowyard.endpoints.gateway.models import Models
from flowyard.endpoints.gateway.problems import answer_error
from flowyard.endpoints.gateway.proxy import ServerProxy
from flowyard.endpoints.gateway.scrape import Scrape, route_of
from flowyard.endpoints.gateway.teller import Teller
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.version import __version__
from flowyard.wire.shared import Health, Version

log = logging.getLogger(__name__)

# The studio has views below /endpoints too: only these are requests to a deployment.
_ENDPOINT_PATH = re.compile(r"/endpoints/(?P<name>[^/]+)(?P<rest>/score|/feedback|/version|/health|/swagger\.json|/v1/.+)")
_OTLP_PATHS = frozenset({"/v1/traces", "/v1/logs", "/v1/metrics"})
_HEALTH = to_json(Health())
_VERSION = to_json(Version(version=__version__))


class GatewayFailedError(FlowyardError):
    """A defect of ours; what happened is in the log."""

    code = "GatewayFailed"
    title = "The gateway failed"


class Gateway:
    """Raw ASGI: no framework stands between the socket and the upstream."""

    def __init__(
        self,
        directory: Directory,
        ways: Ways,
        models: Models,
        endpoints: Endpoints,
        server: ServerProxy,
        scrape: Scrape,
        teller: Teller,
    ) -> None:
        self._directory = directory
        self._ways = ways
        self._models = models
        self._endpoints = endpoints
        self._server = server
        self._scrape = scrape
        self._teller = teller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        exchange = Exchange(scope, receive, send)
        meters, start = self._scrape.meters, time.perf_counter()
        meters.active += 1
        try:
            await self._answer(exchange)
        finally:
            meters.active -= 1
            if not exchange.passed:  # what the server answers it counts itself
                meters.request(scope["method"], route_of(exchange.path), exchange.status, time.perf_counter() - start)
            if exchange.upstream_s is not None and exchange.begun_s:
                meters.added(exchange.begun_s - start - exchange.body_s - exchange.upstream_s)

    async def _answer(self, exchange: Exchange) -> None:
        openai = _speaks_openai(exchange.path)
        try:
            await self._route(exchange)
        except ClientGoneError:
            return
        except FlowyardError as error:
            await answer_error(exchange, error, openai=openai)
        except asyncio.CancelledError:
            if not exchange.gone:
                raise
        except Exception:
            log.exception("A request to %s failed", exchange.path)
            if exchange.started:
                raise
            await answer_error(exchange, GatewayFailedError("The request failed inside the gateway.", remedy="See its log."), openai=openai)

    async def _route(self, exchange: Exchange) -> None:
        path = exchange.path
        if path.startswith("/v1/") and path not in _OTLP_PATHS:
            principal = await authenticate(self._directory, exchange)
            await self._models.handle(exchange, principal, path.removeprefix("/v1"))
        elif path.startswith("/endpoints/") and (found := _ENDPOINT_PATH.fullmatch(path)):
            principal = await authenticate(self._directory, exchange)
            await self._endpoints.handle(exchange, principal, found["name"], found["rest"])
        elif path == "/health":
            await exchange.reply(HTTPStatus.OK, _HEALTH)
        elif path == "/version":
            await exchange.reply(HTTPStatus.OK, _VERSION)
        elif path == "/metrics":
            await self._scrape.handle(exchange)
        else:
            await self._server.handle(exchange)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Speak the lifespan protocol: start with a full directory, end with closed connections."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await asyncio.to_thread(self._directory.start)
                self._teller.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._models.close()
                await self._teller.close()
                await self._server.close()
                await self._ways.engines.close()
                await self._ways.upstreams.close()
                await asyncio.to_thread(self._directory.close)
                await send({"type": "lifespan.shutdown.complete"})
                return


def _speaks_openai(path: str) -> bool:
    return path.startswith("/v1/") or (path.startswith("/endpoints/") and "/v1/" in path)
