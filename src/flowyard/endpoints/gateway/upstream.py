"""Where a model's answer comes from: a process on this machine, a server elsewhere, or a provider in this process."""

from collections.abc import AsyncGenerator, Callable, Mapping
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from flowyard.endpoints.gateway.loopback import LoopbackClient, request_head
from flowyard.inference.providers.base import Operation, Provider, Reply, Target
from flowyard.inference.transport import HttpTransport, Timeouts

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_ANSWER_WITHIN_S = 600.0
_TARGETS_KEPT = 256


#: Is offered a piece of a body as it comes, and says whether it took it.
Take = Callable[[bytes], bool]


class Targets:
    """A provider's targets, each made once."""

    __slots__ = ("_made", "provider")

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._made: dict[tuple[Operation, str], Target] = {}

    def get(self, operation: Operation, model: str) -> Target:
        """Return where `operation` on `model` goes. Raises ConnectionInvalidError as the provider does."""
        target = self._made.get((operation, model))
        if target is None:
            if len(self._made) >= _TARGETS_KEPT:
                self._made.clear()
            target = self._made[operation, model] = self.provider.target(operation, model)
        return target


class Answer(Protocol):
    """An answer whose status and headers (names in lower case) are there, and whose body is to come."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers as they came."""
        ...

    async def read(self) -> bytes:
        """Return the whole body."""
        ...

    def pieces(self, take: Take | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the body as it comes, but for what `take` takes: it may be offered pieces as soon as they are read."""
        ...

    async def close(self) -> None:
        """Say that no more will be read; before the end of the body this stops the other side."""
        ...


class Upstreams:
    """Sends calls to providers, by the cheapest way that reaches them."""

    def __init__(self, loopback: LoopbackClient) -> None:
        self.loopback = loopback
        self._transport = HttpTransport()
        self._timeouts = Timeouts(first_byte_s=_ANSWER_WITHIN_S, idle_s=_ANSWER_WITHIN_S, total_s=_ANSWER_WITHIN_S)

    async def send(self, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `body` and return when the head of the answer is there.

        Raises:
            ModelUnreachableError: the server elsewhere cannot be reached.
            ModelTimeoutError: it took too long.
            UpstreamLostError: the process on this machine cannot be reached, or broke off.
            UpstreamTimeoutError: it took too long.
        """
        place = _place(target.url)
        if place is not None:
            return await self._send_loopback(place[0], place[1], target, body, headers)
        return ReplyAnswer(await self._transport.send(target, body, {**headers, "accept-encoding": "identity"}, self._timeouts))

    async def _send_loopback(self, address: str, path: str, target: Target, body: bytes, headers: Mapping[str, str]) -> Answer:
        sent = [(b"content-type", b"application/json")]
        for name, value in (*target.headers.items(), *headers.items()):
            sent.append((name.encode("latin-1"), value.encode("latin-1")))
        head = request_head(target.method, path, address, sent, len(body))
        return await self.loopback.send(address, head, body, timeout_s=_ANSWER_WITHIN_S)

    async def close(self) -> None:
        """Close all connections."""
        self.loopback.close()
        await self._transport.close()


class ReplyAnswer:
    """An answer of the inference client's transport, or of a provider in this process."""

    __slots__ = ("_reply", "headers", "status")

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.status = reply.status
        self.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]

    async def read(self) -> bytes:
        """See `Answer.read`."""
        return b"".join([piece async for piece in self._reply.body])

    def pieces(self, take: Take | None = None) -> AsyncGenerator[bytes, None]:
        """See `Answer.pieces`. All is yielded."""
        del take
        return self._reply.body

    async def close(self) -> None:
        """See `Answer.close`."""
        await self._reply.body.aclose()


@lru_cache(maxsize=1024)
def _place(url: str) -> tuple[str, str] | None:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        return None
    return f"{parts.hostname}:{parts.port or 80}", parts.path + (f"?{parts.query}" if parts.query else "")
