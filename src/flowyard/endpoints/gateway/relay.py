"""A streamed answer on its way to the client: cut into events, seen, passed on."""

from collections.abc import Callable
from typing import Any

import msgspec

from flowyard.endpoints.gateway.exchange import Exchange
from flowyard.endpoints.gateway.sse import EventCutter, data_of, encode
from flowyard.endpoints.gateway.upstream import Answer
from flowyard.inference.engines.llamacpp_tools import StreamRewriter


class Relay:
    """Passes one stream on.

    Args:
        exchange: the client's request, whose answer has begun.
        rewriter: changes what the model's server wrote; None: it passes as it is.
        see: is shown whole events and returns what the client gets of them.
    """

    def __init__(self, exchange: Exchange, rewriter: StreamRewriter | None, see: Callable[[list[bytes]], bytes]) -> None:
        self._exchange = exchange
        self._rewriter = rewriter
        self._see = see
        self._cutter = EventCutter()

    async def run(self, answer: Answer) -> None:
        """Pass the answer on to its end, at the client's pace. Raises what `answer` raises."""
        async for piece in answer.pieces(self._take):
            if sent := self._passed(piece):
                await self._exchange.write(sent)
        if rest := self._cutter.rest():
            await self._exchange.write(rest)

    def _take(self, piece: bytes) -> bool:
        """Pass a piece on where it was read, if the client keeps up: no task is woken for it."""
        if not self._exchange.can_write():
            return False
        if sent := self._passed(piece):
            self._exchange.write_now(sent)
        return True

    def _passed(self, piece: bytes) -> bytes:
        events = self._cutter.feed(piece)
        return self._see(events if self._rewriter is None else _rewritten(events, self._rewriter))


def _rewritten(events: list[bytes], rewriter: StreamRewriter) -> list[bytes]:
    sent: list[bytes] = []
    for event in events:
        data = data_of(event)
        if not data.startswith(b"{"):
            sent.append(event)
            continue
        chunks: list[Any] = rewriter.feed(msgspec.json.decode(data))
        sent += [encode(msgspec.json.encode(chunk)) for chunk in chunks]
    return sent
