"""Bodies of requests as they come in: how large they may be, together too, and how they are unpacked."""

import zlib
from collections.abc import Generator
from contextlib import contextmanager

from starlette.types import Message, Receive

from flowyard.foundation.errors import FlowyardError
from flowyard.tracing.otlp.decode import OtlpError
from flowyard.tracing.otlp.spools import BusyError

#: Bytes of a request as it is sent, and unpacked (as many as the OpenTelemetry Collector takes); of all that are being read.
SENT_LIMIT, UNPACKED_LIMIT, HELD_LIMIT = 16 * 1024 * 1024, 20 * 1024 * 1024, 256 * 1024 * 1024
# Members of a gzip body. Exporters send one.
_MEMBERS = 64


class UnsupportedError(FlowyardError):
    """The body has a form that is not understood."""

    code = "UnsupportedMediaType"
    title = "The body has a form that is not understood"
    status = 415


class TooLargeError(FlowyardError):
    """The body is too large."""

    code = "BodyTooLarge"
    title = "The body is too large"
    status = 413


class GoneError(Exception):
    """The client went away while it was sending."""


class Room:
    """How much of memory all bodies take that are being read. It belongs to one event loop."""

    def __init__(self) -> None:
        self._held = 0

    @contextmanager
    def claim(self) -> Generator["Claim"]:
        """Yield a claim for one body, which ends with the block."""
        claim = Claim(self)
        try:
            yield claim
        finally:
            self._held -= claim.bytes

    def take(self, size: int) -> None:
        """Take some of it.

        Raises:
            BusyError: there is not so much left.
        """
        if self._held + size > HELD_LIMIT:
            raise BusyError("Too many large requests are coming in at once.", remedy="Send the request again in a second.")
        self._held += size


class Claim:
    """What one body takes of the room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.bytes = 0

    def grow(self, size: int) -> None:
        """Take `size` bytes more; see `Room.take`."""
        self._room.take(size)
        self.bytes += size


async def read_body(receive: Receive, claim: Claim) -> bytes:
    """Return a request's body as it is sent.

    Raises:
        TooLargeError: it is larger than `SENT_LIMIT`.
        BusyError: there is no room for it now.
        GoneError: the client ended before it did.
    """
    parts: list[bytes] = []
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        part: bytes = message.get("body", b"")
        claim.grow(len(part))
        if claim.bytes > SENT_LIMIT:
            raise TooLargeError(f"The body is larger than {SENT_LIMIT // 1024 // 1024} MiB.", remedy="Send smaller batches.")
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def unpacked(body: bytes, encoding: str) -> bytes:
    """Return a body without its compression.

    Raises:
        UnsupportedError: the encoding is none that is understood.
        OtlpError: the body is not what the encoding says, or more than `UNPACKED_LIMIT` when unpacked.
    """
    if encoding in {"identity", ""}:
        return body
    if encoding not in {"gzip", "deflate"}:
        raise UnsupportedError(f"The Content-Encoding is {encoding[:50]!r}.", remedy="Send gzip, deflate, or none.")
    found: list[bytes] = []
    room, left = UNPACKED_LIMIT, body
    # gzip may be several members one after another (RFC 1952, 2.2): together they are the body.
    while left or not found:
        if len(found) == _MEMBERS:
            raise OtlpError(f"The body is more than {_MEMBERS} gzip files one after another.", remedy="Compress it as one.")
        unpacking = zlib.decompressobj(wbits=31 if encoding == "gzip" else 15)
        try:
            part = unpacking.decompress(left, room + 1)
        except zlib.error as error:
            raise OtlpError(f"The body is no {encoding}: {error}.", remedy="Send it whole, or without compression.") from error
        room -= len(part)
        if room < 0 or unpacking.unconsumed_tail:
            raise OtlpError(f"The body unpacks to more than {UNPACKED_LIMIT // 1024 // 1024} MiB.", remedy="Send smaller batches.")
        if not unpacking.eof:
            raise OtlpError(f"The {encoding} body ends too early.", remedy="Send it whole, or without compression.")
        found.append(part)
        left = unpacking.unused_data
    return found[0] if len(found) == 1 else b"".join(found)
