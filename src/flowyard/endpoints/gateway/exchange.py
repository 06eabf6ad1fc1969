"""One HTTP request and its answer, over raw ASGI."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from types import TracebackType
from typing import Any, Self

from flowyard.compute.one_write import Outlet
from flowyard.endpoints.errors import BodyTooLargeError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

BODY_LIMIT = 16 * 1024 * 1024

# A request that is answered sooner never pays for a task that watches its connection.
_WATCH_AFTER_S = 0.02


class ClientGoneError(Exception):
    """The client went away before it had its answer."""


class Exchange:
    """A request as it came, and the means to answer it. `trace_headers` go on every answer; `status` is 0 until one begins.

    `passed` tells that the server answered it, not the gateway. `begun_s`: when its answer began, by the performance counter; until then
    it waited for `body_s` seconds for its body, and where it is a model call for `upstream_s` for the model.
    """

    __slots__ = (
        "_outlet",
        "_receive",
        "_send",
        "begun_s",
        "body_s",
        "finished",
        "gone",
        "headers",
        "method",
        "passed",
        "path",
        "scope",
        "started",
        "status",
        "trace_headers",
        "upstream_s",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.trace_headers: tuple[tuple[bytes, bytes], ...] = ()
        self.started = False
        self.status = 0
        self.passed = False
        self.finished = False
        self.gone = False
        self.begun_s = 0.0
        self.body_s = 0.0
        self.upstream_s: float | None = None
        self._receive = receive
        self._send = send
        self._outlet = Outlet.of(scope)

    def header(self, name: bytes) -> str | None:
        """Return a header by its lower-case name; None when it was not sent."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    async def receive(self) -> Message:
        """Return the next ASGI message of the request."""
        return await self._receive()

    async def body(self, limit: int = BODY_LIMIT) -> bytes:
        """Return the whole body.

        Raises:
            BodyTooLargeError: it has more than `limit` bytes; what is over is not read.
            ClientGoneError: the client left before it was complete.
        """
        told = self.headers.get(b"content-length")
        if told is not None and told.isdigit() and int(told) > limit:
            raise _too_large(limit)
        asked = time.perf_counter()
        try:
            return await self._body(limit)
        finally:
            self.body_s += time.perf_counter() - asked

    async def _body(self, limit: int) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body: bytes = message["body"]
        if not message["more_body"]:
            return body
        parts = [body]
        size = len(body)
        while message["more_body"]:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            parts.append(message["body"])
            size += len(parts[-1])
            if size > limit:
                raise _too_large(limit)
        return b"".join(parts)

    def waited(self, since_s: float) -> None:
        """Count the time since `since_s` (of the performance counter) as waiting for a model."""
        self.upstream_s = (self.upstream_s or 0.0) + time.perf_counter() - since_s

    async def reply(self, status: int, body: bytes, content_type: bytes = b"application/json", extra: Headers = ()) -> None:
        """Send a whole answer."""
        self.started = self.finished = True
        self.begun_s = time.perf_counter()
        self.status = status
        headers = [(b"content-type", content_type), *self.trace_headers, *extra]
        if self._outlet is not None and self._outlet.answer(status, headers, body):
            return
        headers.append((b"content-length", b"%d" % len(body)))
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Send status and headers of an answer whose body follows piece by piece."""
        self.started = True
        self.begun_s = time.perf_counter()
        self.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": [*headers, *self.trace_headers]})

    def can_write(self) -> bool:
        """Whether `write_now` can be called: not while the client reads slower than we write."""
        return self._outlet is not None and self._outlet.is_open()

    def write_now(self, piece: bytes) -> None:
        """Send a piece of the body, which is not empty, without a wait. Only while `can_write`."""
        if self._outlet is not None:
            self._outlet.write(piece)

    async def write(self, piece: bytes) -> None:
        """Send a piece of the body; it leaves at once. Waits while the client reads slower than we write."""
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    async def end(self) -> None:
        """End the body."""
        self.finished = True
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def watched(self) -> "Watch":
        """Return a block that is broken off by ClientGoneError when the client goes away. The body must have been read."""
        return Watch(self)


class Watch:
    """Cancels the block when the client disconnects before the answer is finished."""

    __slots__ = ("_exchange", "_owner", "_task", "_timer")

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._task: asyncio.Task[None] | None = None
        self._owner: asyncio.Task[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._owner = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(_WATCH_AFTER_S, self._begin)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
        if self._exchange.gone and isinstance(error, asyncio.CancelledError) and self._owner is not None:
            self._owner.uncancel()
            raise ClientGoneError from None

    def _begin(self) -> None:
        self._timer = None
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def _follow(self) -> None:
        while (await self._exchange.receive())["type"] != "http.disconnect":
            pass
        if not self._exchange.finished and self._owner is not None:
            self._exchange.gone = True
            self._owner.cancel()


def _too_large(limit: int) -> BodyTooLargeError:
    return BodyTooLargeError(
        f"The body is larger than {limit // (1024 * 1024)} MiB.", remedy="Send less, or a reference to where the data is."
    )
