"""Head and body of an answer in one packet: uvicorn writes one after the other, and each write is a system call that wakes the peer."""

import asyncio
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


class OneWriteProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol over a transport that gathers, `gathering` once it is connected."""

    gathering: GatheringTransport

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin to serve a connection."""
        self.gathering = GatheringTransport(transport, self.loop)
        quacking: Any = self.gathering  # as a transport
        super().connection_made(quacking)
