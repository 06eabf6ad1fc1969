"""Connections that clients cannot hold for ever: bounds on heads, on silence, and on how many there are."""

import asyncio
import logging
import resource
from contextlib import suppress
from types import FrameType
from typing import Any

import uvicorn

from flowyard.compute.one_write import OneWriteProtocol

#: Bytes of a request's line and headers.
HEAD_BYTES = 64 * 1024
#: Seconds for a request's head to be whole, counted from the connection or from the head's first byte.
HEAD_S = 20.0
#: Seconds of silence within a request's body.
BODY_S = 60.0
#: File descriptors that are kept for files and for connections to others.
_SPARED = 512
#: So many open files are enough: each connection takes up to 10 KB.
_ENOUGH = 32_768
_TICK_S = 1.0

log = logging.getLogger(__name__)

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(OneWriteProtocol):
    """uvicorn's protocol, with bounds. `waits_since` is when it began to wait for the client's next bytes; None while it does not."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.waits_since: float | None = None
        self.in_body = False
        self._head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin to wait; a connection beyond those that there may be is broken off."""
        super().connection_made(transport)
        self.waits_since = self.loop.time()
        if len(self.connections) > most_connections():
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read what came; a head that grows too large ends the connection."""
        super().data_received(data)
        if self.in_body:
            self.waits_since = self.loop.time()
        elif self.waits_since is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self.waits_since = self.loop.time()

    def on_headers_complete(self) -> None:
        """The head is whole, the body begins."""
        self._head = 0
        self.in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: what follows is ours to do."""
        self.in_body = False
        self.waits_since = None
        super().on_message_complete()

    def between(self) -> bool:
        """Whether no request is under way: none has begun to come, and the last one was answered."""
        return not self.in_body and not self._head and (self.cycle is None or self.cycle.response_complete)  # pyright: ignore[reportUnnecessaryComparison]

    def is_late(self, now: float, head_s: float, body_s: float) -> bool:
        """Whether the client has kept it waiting for too long."""
        if self.waits_since is None or self.flow.read_paused:
            return False
        return now - self.waits_since > (body_s if self.in_body else head_s)


class BoundedServer(uvicorn.Server):
    """Breaks off connections whose clients keep it waiting. The configuration's ``http`` is `BoundedProtocol`."""

    def __init__(self, config: uvicorn.Config, *, head_s: float = HEAD_S, body_s: float = BODY_S) -> None:
        super().__init__(config)
        self._head_s = head_s
        self._body_s = body_s
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Look once a second, and end as soon as a signal asks for it: uvicorn's own loop wakes an idle process ten times a second."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK_S):
                    await self._asked.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note that the end was asked for, and wake the loop."""
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._asked.set)

    async def on_tick(self, counter: int) -> bool:
        """Break off who is late."""
        now = asyncio.get_running_loop().time()
        for connection in list(self.server_state.connections):
            if isinstance(connection, BoundedProtocol) and connection.is_late(now, self._head_s, self._body_s):
                connection.transport.abort()
        return await super().on_tick(counter)


def allow_connections(wanted: int) -> None:
    """Raise this process's limit of open files as far as it may and is sensible; warn where fewer than `wanted` clients fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    may = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < may:
        with suppress(ValueError, OSError):  # the system has a bound of its own, which the limit does not tell
            resource.setrlimit(resource.RLIMIT_NOFILE, (may, hard))
    if most_connections() < wanted:
        log.warning(
            "At most %d clients can be connected at once, for this process may open no more than %d files. "
            "To have %d, raise the hard limit (ulimit -Hn, or LimitNOFILE= of the service) to %d and start again.",
            most_connections(),
            resource.getrlimit(resource.RLIMIT_NOFILE)[0],
            wanted,
            wanted + _SPARED,
        )


def most_connections() -> int:
    """Return how many clients may be connected at once: what the limit of open files leaves."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(64, (_ENOUGH if soft == resource.RLIM_INFINITY else soft) - _SPARED)
