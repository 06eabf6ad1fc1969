"""Head and body of an answer in one packet: uvicorn writes one after the other, and each write is a system call that wakes the peer."""

import asyncio
from collections.abc import Iterable, MutableMapping
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: So many bytes do not wait for more, and are not copied either.
_ENOUGH = 64 * 1024


class GatheringTransport:
    """A transport that sends what is written in one turn of the loop together, at the turn's end. All else is the transport's own."""

    __slots__ = ("_loop", "_parts", "_size", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Send `data` with what is written besides; at once where that is much, so that a slow peer is noticed."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _ENOUGH:
            self._flush()

    def write_now(self, data: bytes) -> None:
        """Send `data`, after what was written before it, at once: there is nothing to wait for."""
        if self._parts:
            self._flush()
        if not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Send what was written, and close."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        parts, size = self._parts, self._size
        self._parts, self._size = [], 0
        if not parts or self._transport.is_closing():
            return
        if size < _ENOUGH:
            self._transport.write(b"".join(parts))
        else:
            self._transport.writelines(parts)


class Outlet:
    """Where whole answers, and the pieces of streamed ones, leave without messages and turns of the loop. A scope's extension."""

    #: The extension's name.
    NAME = "flowyard.outlet"

    __slots__ = ("_protocol", "_scope")

    def __init__(self, protocol: "OneWriteProtocol", scope: Any) -> None:
        self._protocol = protocol
        self._scope = scope

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> "Outlet | None":
        """Return the outlet of a request; None: its server has none."""
        return scope.get("extensions", {}).get(cls.NAME)

    def is_open(self) -> bool:
        """Whether a piece can leave now: the answer has begun, is chunked and not over, and its client reads as fast as we write."""
        cycle = self._protocol.cycle
        return (
            cycle.scope is self._scope
            and cycle.chunked_encoding is True
            and not (cycle.response_complete or cycle.disconnected or cycle.flow.write_paused)
        )

    def write(self, piece: bytes) -> None:
        """Send a piece, which is not empty. Only while `is_open`."""
        self._protocol.gathering.write_now(b"%x\r\n%b\r\n" % (len(piece), piece))

    def answer(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
        """Send a whole answer. Its length need not be among the headers. False: nothing was sent, it must go as messages."""
        cycle: Any = self._protocol.cycle
        values = b"\0".join([value for _, value in headers])
        if (
            cycle.scope is not self._scope
            or self._scope["method"] == "HEAD"
            or cycle.response_started
            or not cycle.keep_alive
            or (cycle.disconnected or cycle.flow.write_paused or cycle.access_log)
            or (b"\n" in values or b"\r" in values)
        ):
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self._protocol.gathering.write_now(self._protocol.with_defaults(whole_answer(status, headers, body)))
        cycle.on_response()
        return True


class OneWriteProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol over a transport that gathers, `gathering` once it is connected."""

    gathering: GatheringTransport

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._defaults: list[tuple[bytes, bytes]] = []
        self._told = b""

    def with_defaults(self, answer: bytes) -> bytes:
        """Return an answer with the headers that the server adds to all, the date among them."""
        defaults = self.server_state.default_headers
        if defaults is not self._defaults:
            self._defaults, self._told = defaults, b"".join(b"%b: %b\r\n" % pair for pair in defaults)
        begin = answer.index(b"\n") + 1
        return b"%b%b%b" % (answer[:begin], self._told, answer[begin:])

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        scope: Any = self.scope
        scope["extensions"] = {Outlet.NAME: Outlet(self, scope)}

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin to serve a connection."""
        self.gathering = GatheringTransport(transport, self.loop)
        quacking: Any = self.gathering  # as a transport
        super().connection_made(quacking)


def whole_answer(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
    """Return an answer as it goes over the wire."""
    parts = [_BEGINS.get(status) or b"HTTP/1.1 %d \r\ncontent-length: " % status, b"%d\r\n" % len(body)]
    for name, value in headers:
        parts += (name, b": ", value, b"\r\n")
    parts += (b"\r\n", body)
    return b"".join(parts)


_BEGINS = {status.value: b"HTTP/1.1 %d %b\r\ncontent-length: " % (status.value, status.phrase.encode()) for status in HTTPStatus}
