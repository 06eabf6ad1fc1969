"""A small HTTP/1.1 client for processes on this machine: httptools over asyncio, half the cost of a general one.

An answer that comes whole in one packet is read without the parser.

It speaks to what we start ourselves (replicas, engines, the server): no redirects, no proxies, no TLS, no compression.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any

import httptools

from flowyard.compute.direct import plain_headers
from flowyard.endpoints.errors import UpstreamLostError, UpstreamTimeoutError

Headers = list[tuple[bytes, bytes]]

_HIGH_WATER = 256 * 1024
_IDLE_KEPT = 128
_CONNECT_S = 5.0
_STATUS = re.compile(rb"HTTP/1\.1 ([2-9]\d\d) [^\r\n]*\r\n")
_END = b"\r\n\r\n"
#: Longer heads are read by the parser.
_PLAIN_HEAD = 4096


class LoopbackAnswer:
    """An answer whose status and headers are there. Read it to its end, or close it, which tells the other side to stop."""

    __slots__ = ("_connection", "headers", "status")

    def __init__(self, connection: "_Connection", status: int, headers: Headers) -> None:
        self._connection = connection
        self.status = status
        self.headers = headers

    async def read(self) -> bytes:
        """Return the whole (or the rest of the) body."""
        return await self._connection.rest()

    async def pieces(self, take: Callable[[bytes], bool] | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the body as it comes, but for what `take` takes: it is offered pieces where they are read, and no task has to wake."""
        while piece := await self._connection.piece(take):
            yield piece

    async def close(self) -> None:
        """Give the connection back when the body was read to its end; break it off otherwise."""
        self._connection.close()


class LoopbackClient:
    """Sends requests to ``host:port`` addresses; keeps connections open. Belongs to one event loop."""

    def __init__(self) -> None:
        self._idle: dict[str, list[_Connection]] = {}

    async def send(self, address: str, head: bytes, body: bytes, *, timeout_s: float) -> LoopbackAnswer:
        """Send a request (`head` as `request_head` makes it) and return when status and headers are there.

        `timeout_s` bounds the time until then, and each silence within the body.

        Raises:
            UpstreamLostError: no connection, or it broke. Where an old connection turned out to be closed, a new one was tried.
            UpstreamTimeoutError: nothing came for so long.
        """
        idle = self._idle.get(address)
        while idle:
            connection = idle.pop()
            if connection.usable():
                try:
                    return await connection.exchange(head, body, timeout_s)
                except UpstreamLostError as error:
                    # The usual race with a server that closes an idle connection; anything else shows again on a fresh one.
                    if error.began:
                        raise
                break
        connection = await self._connect(address)
        return await connection.exchange(head, body, timeout_s)

    def close(self) -> None:
        """Close the connections that are idle."""
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()

    def forget(self, address: str) -> None:
        """Close the idle connections to one address."""
        for connection in self._idle.pop(address, []):
            connection.abort()

    async def _connect(self, address: str) -> "_Connection":
        host, _, port = address.rpartition(":")
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_CONNECT_S):
                _, connection = await loop.create_connection(lambda: _Connection(self, address, loop), host, int(port))
        except TimeoutError as error:
            raise UpstreamTimeoutError(f"{address} took no connection in {_CONNECT_S:g} s.") from error
        except OSError as error:
            raise UpstreamLostError(f"{address} takes no connections: {error.strerror or error}.", reached=False) from error
        return connection

    def keep(self, address: str, connection: "_Connection") -> None:
        """Take a connection back for the next request."""
        idle = self._idle.setdefault(address, [])
        if len(idle) < _IDLE_KEPT:
            idle.append(connection)
        else:
            connection.abort()


def request_head(method: str, target: str, host: str, headers: Iterable[tuple[bytes, bytes]], length: int | None) -> bytes:
    """Return the bytes of a request's head. `length` None: the headers say how the body is framed."""
    lines = [f"{method} {target} HTTP/1.1\r\nhost: {host}\r\n".encode("latin-1")]
    for name, value in headers:
        lines += (name, b": ", value, b"\r\n")
    lines.append(b"\r\n" if length is None else b"content-length: %d\r\n\r\n" % length)
    return b"".join(lines)


class _Connection(asyncio.Protocol):
    """One connection, one request at a time. Its parser calls it back."""

    __slots__ = (
        "_address", "_began", "_buffer", "_client", "_complete", "_error", "_headers", "_loop", "_parser", "_paused", "_ready",
        "_reusable", "_size", "_status", "_take", "_timeout_s", "_timer", "_transport", "_until_eof", "_waiter", "_waiting_since",
    )  # fmt: skip

    def __init__(self, client: LoopbackClient, address: str, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._address = address
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._error: UpstreamLostError | UpstreamTimeoutError | None = None
        self._timeout_s = 0.0
        self._waiting_since = 0.0
        self._complete = True
        self._take: Callable[[bytes], bool] | None = None
        self._reset()

    def _reset(self) -> None:
        self._parser: Any = None
        self._status = 0
        self._headers: Headers = []
        self._buffer: list[bytes] = []
        self._size = 0
        self._began = self._ready = self._paused = self._until_eof = False
        self._reusable = True

    def usable(self) -> bool:
        """Whether it is still open, as far as is known."""
        return self._error is None and self._transport is not None and not self._transport.is_closing()

    async def exchange(self, head: bytes, body: bytes, timeout_s: float) -> LoopbackAnswer:
        """Send a request and wait for the head of its answer."""
        if self._transport is None or self._error is not None:
            raise self._error or UpstreamLostError(f"{self._address} closed the connection.")
        self._reset()
        self._complete = False
        self._timeout_s = timeout_s
        if len(body) < _HIGH_WATER:
            self._transport.write(head + body)
        else:
            self._transport.writelines((head, body))
        try:
            while not self._ready:
                await self._wait()
        except BaseException:
            self.abort()
            raise
        return LoopbackAnswer(self, self._status, self._headers)

    async def piece(self, take: Callable[[bytes], bool] | None = None) -> bytes:
        """Return what has come of the body since the last call, waiting for something that `take` does not take; empty at its end."""
        self._take = take
        try:
            while not self._buffer and not self._complete:
                await self._wait()
        finally:
            self._take = None
        data = self._held()
        self._let_go()
        return data

    def _held(self) -> bytes:
        return self._buffer[0] if len(self._buffer) == 1 else b"".join(self._buffer)

    def _let_go(self) -> None:
        self._buffer = []
        self._size = 0
        if self._paused and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()

    async def rest(self) -> bytes:
        """Return all that is still to come of the body."""
        if self._complete:
            return await self.piece()
        parts: list[bytes] = []
        while part := await self.piece():
            parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        """End the use of an answer."""
        self._stop_timer()
        if self._complete and self._reusable and self.usable():
            self._client.keep(self._address, self)
        else:
            self.abort()

    def abort(self) -> None:
        """Break the connection off."""
        self._stop_timer()
        if self._transport is not None:
            self._transport.abort()

    async def _wait(self) -> None:
        if self._error is not None:
            raise self._error
        self._waiter = self._loop.create_future()
        self._waiting_since = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(self._timeout_s, self._look)
        await self._waiter
        if self._error is not None and not self._buffer:
            raise self._error

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """See whether it was silent for too long. One timer serves a whole answer: one for each piece would cost more than the piece."""
        silent = self._loop.time() - self._waiting_since
        waits = self._waiter is not None and not self._waiter.done()
        if not waits or silent < self._timeout_s:
            self._timer = self._loop.call_later(self._timeout_s - silent if waits else self._timeout_s, self._look)
            return
        self._timer = None
        self._error = UpstreamTimeoutError(f"{self._address} sent nothing for {self._timeout_s:g} s.")
        self._wake()
        self.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # pyright: ignore[reportAttributeAccessIssue]

    def data_received(self, data: bytes) -> None:
        if self._complete:
            # Bytes that nobody asked for: whatever it is, it is not an answer.
            self._error = UpstreamLostError(f"{self._address} sent bytes without a request.")
            self.abort()
            return
        if not self._began and self._read_whole(data):
            self._wake()
            return
        self._began = True
        if self._parser is None:
            self._parser = httptools.HttpResponseParser(self)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._error = UpstreamLostError(f"{self._address} sent what is no HTTP: {error}.", began=True)
            self.abort()
        if self._take is not None and self._buffer and self._take(self._held()):
            self._let_go()
            self._waiting_since = self._loop.time()
            if not self._complete and self._error is None:
                return
        self._wake()

    def _read_whole(self, data: bytes) -> bool:
        """Take an answer that is all of `data`. False: it needs the parser."""
        line = _STATUS.match(data)
        end = data.find(_END, 0, _PLAIN_HEAD) + 2 if line is not None else 0
        headers = plain_headers(data, line.end(), end) if line is not None and end > line.end() else None
        if line is None or headers is None or b"connection" in headers:
            return False
        body = data[end + 2 :]
        if headers.get(b"content-length") != b"%d" % len(body):
            return False
        self._status, self._headers, self._buffer = int(line[1]), list(headers.items()), [body] if body else []
        self._began = self._ready = self._complete = True
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._complete and self._ready and self._until_eof and exc is None:
            self._complete = True
        elif self._error is None:
            self._error = UpstreamLostError(f"{self._address} closed the connection.", began=self._began)
        self._transport = None
        self._wake()

    def on_message_begin(self) -> None:
        if self._complete:
            raise ValueError("there is more after the answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()
        if self._status < 200:
            self._headers = []
            return
        self._ready = True
        names = {name for name, _ in self._headers}
        self._until_eof = b"content-length" not in names and b"transfer-encoding" not in names

    def on_body(self, body: bytes) -> None:
        self._buffer.append(body)
        self._size += len(body)
        if self._size > _HIGH_WATER and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._ready:
            self._complete = True
            self._reusable = self._parser.should_keep_alive()
