"""Counts and times what the server answers, and tells log lines which trace they belong to."""

import re
import time
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowyard.monitoring import metrics
from flowyard.monitoring.instruments import OTHER, Histograms
from flowyard.monitoring.metrics import Reading, Readings
from flowyard.tracing.context import parse_traceparent, set_current

_PROCESS = "server"
_OTLP = re.compile(r"/(?:otlp/)?v1/(traces|logs|metrics)")
_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
#: The studio's files and views, and what is not there.
_NO_ROUTE = "/*"
_FIXED = frozenset({"/metrics", "/health", "/version"})
_TOO_MANY = 429
_REFUSED, _FAILED = 400, 500


class Measured:
    """Wraps the server's whole application. Belongs to one event loop.

    Args:
        app: answers the requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._durations = Histograms(metrics.HTTP_DURATION)
        self._active = 0
        self._collected: Counter[tuple[str, str]] = Counter()
        self._received: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        otlp = _OTLP.fullmatch(scope["path"])
        request = _Request(receive, send)
        set_current(parse_traceparent(_header(scope, b"traceparent")))
        start = time.perf_counter()
        self._active += 1
        try:
            await self._app(scope, request.receive if otlp else receive, request.send)
        finally:
            self._active -= 1
            seconds = time.perf_counter() - start
            method = scope["method"] if scope["method"] in _METHODS else OTHER
            route = f"/v1/{otlp[1]}" if otlp else self._route(scope)
            self._durations.observe((_PROCESS, method, route, request.status), seconds)
            if otlp is not None and request.status:
                self._collected[otlp[1], _outcome(int(request.status))] += 1
                self._received[otlp[1]] += request.received

    def _route(self, scope: Scope) -> str:
        """Return the template of the route that took the request: a bounded set."""
        path: str = scope["path"]
        if path in _FIXED:
            return path
        template: str | None = getattr(scope.get("route"), "path", None)
        return template or _NO_ROUTE

    def readings(self) -> Readings:
        """Return what was counted since the start."""
        return {
            metrics.HTTP_DURATION.name: self._durations.readings(),
            metrics.HTTP_ACTIVE.name: [Reading((_PROCESS,), self._active)],
            metrics.COLLECTOR_REQUESTS.name: [Reading(labels, count) for labels, count in list(self._collected.items())],
            metrics.COLLECTOR_BYTES.name: [Reading((signal,), count) for signal, count in list(self._received.items())],
        }


class _Request:
    """Notes the status of an answer and how much the request brought."""

    __slots__ = ("_receive", "_send", "received", "status")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.received = 0
        self.status = ""

    async def receive(self) -> Message:
        message = await self._receive()
        self.received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = str(message["status"])
        await self._send(message)


def _outcome(status: int) -> str:
    if status == _TOO_MANY:
        return "busy"
    if status >= _FAILED:
        return "failed"
    return "refused" if status >= _REFUSED else "accepted"


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in scope["headers"]:
        if name == wanted:
            return value.decode("latin-1")
    return None
