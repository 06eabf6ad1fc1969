"""Outputs that come piece by piece."""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, cast


class Stream:
    """What a generator node gives: its pieces, once taken, are kept, so that several readers get all of them.

    `source` is a generator or an asynchronous generator; only whoever drains it on its own ground (a thread, a loop) reads it.
    """

    def __init__(self, source: Iterator[Any] | AsyncGenerator[Any, Any], step: int) -> None:
        kept = source if isinstance(source, Generator | AsyncGenerator) else _generator(source)  # pyright: ignore[reportUnknownVariableType]
        self.source = cast("Generator[Any, Any, Any] | AsyncGenerator[Any, Any]", kept)
        self.step = step
        self.pieces: list[Any] = []
        self.done = False
        self.closed = False

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


class Parts(dict[str, Any]):
    """What a node gives as several outputs, some of which are streams."""

    def closed(self) -> bool:
        """Whether no stream is being read any more."""
        return all(value.closed for value in self.values() if isinstance(value, Stream))

    def whole(self) -> dict[str, Any]:
        """Return all that was read."""
        return {name: whole(value) for name, value in self.items()}


def parts_of(value: Any, step: int) -> Any:
    """Return `value` with the iterators that it has as outputs made streams of the node `step`; `value` itself where it has none.

    A dict has outputs by its keys, a dataclass by its fields; an iterator alone becomes a generator.
    """
    if is_generator(value):
        return value
    if isinstance(value, Iterator):
        return _generator(cast("Iterator[Any]", value))
    outputs = as_outputs(value)
    if not any(isinstance(item, Iterator | AsyncGenerator) for item in outputs.values()):
        return value
    return Parts({name: _streamed(item, step) for name, item in outputs.items()})


def as_outputs(value: Any) -> dict[str, Any]:
    """Return what a call returned as outputs: a dict as it is, a dataclass by its fields, anything else as ``output``."""
    if isinstance(value, dict):
        return dict(cast("dict[str, Any]", value))
    if _is_record(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return {"output": value}


def whole(value: Any) -> Any:
    """Return `value` with what was read of its streams."""
    return value.whole() if isinstance(value, Stream | Parts) else value


def _is_record(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _streamed(value: Any, step: int) -> Any:
    if is_generator(value):
        return Stream(value, step)
    return Stream(_generator(cast("Iterator[Any]", value)), step) if isinstance(value, Iterator) else value


def _generator(source: Iterator[Any]) -> Generator[Any, Any, Any]:
    yield from source


#: What nodes return most often: asking an abstract class takes longer than many a node.
PLAIN_RESULTS = frozenset({str, int, float, bool, dict, list, tuple, type(None)})


def is_generator(value: Any) -> bool:
    """Whether a node's result comes piece by piece: a generator of either kind, or another iterator."""
    return type(value) not in PLAIN_RESULTS and isinstance(value, Iterator | AsyncGenerator)
