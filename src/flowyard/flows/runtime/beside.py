"""Synchronous calls of asynchronous work from a flow's own code, which may itself run on a loop: each level of such calls has a loop of
its own, so that none waits for itself."""

from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from flowyard.foundation.bridge import Bridge

T = TypeVar("T")

_level: ContextVar[int] = ContextVar("flowyard_level", default=0)
_bridges: list[Bridge] = []


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` on a loop that nobody waits on, and return its result."""
    level = _level.get()
    return _bridge(level).run(_deeper(work, level + 1))


def iterate(source: AsyncGenerator[T, None]) -> Iterator[T]:
    """Yield what `source` yields. Closing the iterator closes `source`."""
    return _bridge(_level.get()).iterate(source)


async def _deeper(work: Coroutine[Any, Any, T], level: int) -> T:
    _level.set(level)
    return await work


def _bridge(level: int) -> Bridge:
    while len(_bridges) <= level:
        _bridges.append(Bridge())
    return _bridges[level]
