"""Outputs that come piece by piece."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from typing import Any


class Stream:
    """What a generator node gives: its pieces, once taken, are kept, so that several readers get all of them.

    `source` is a generator or an asynchronous generator; only whoever drains it on its own ground (a thread, a loop) reads it.
    """

    def __init__(self, source: Generator[Any, Any, Any] | AsyncGenerator[Any, Any], step: int) -> None:
        self.source = source
        self.step = step
        self.pieces: list[Any] = []
        self.done = False

    @property
    def is_async(self) -> bool:
        """The source must be read on an event loop."""
        return isinstance(self.source, AsyncGenerator)

    def __iter__(self) -> Iterator[Any]:
        position = 0
        while True:
            while position < len(self.pieces):
                yield self.pieces[position]
                position += 1
            if self.done or isinstance(self.source, AsyncGenerator):
                return
            try:
                self.pieces.append(next(self.source))
            except StopIteration:
                self.done = True

    async def read(self) -> AsyncIterator[Any]:
        """Yield all pieces of an asynchronous source, the kept ones first."""
        for piece in list(self.pieces):
            yield piece
        if self.done or not isinstance(self.source, AsyncGenerator):
            return
        async for piece in self.source:
            self.pieces.append(piece)
            yield piece
        self.done = True

    def whole(self) -> Any:
        """Return all that was read: texts joined, as prompt flow does."""
        return "".join(str(piece) for piece in self.pieces)

    def __flowyard_json__(self) -> Any:
        """Return what is known of it so far."""
        return self.whole()


def is_generator(value: Any) -> bool:
    """Whether a node's result is a generator of either kind."""
    return isinstance(value, Generator | AsyncGenerator)
