"""Running a line for a client who may go away, and who may want its outputs piece by piece."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.flows.serving.asgi import Receive

T = TypeVar("T")


class Pieces:
    """An observer that puts outputs into a queue of this loop: first the fields that do not stream, then ``{name: piece}``."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def begin(self, record: LineRecord) -> None:
        """Nothing: the answer begins with the first output."""

    def node(self, record: NodeRecord) -> None:
        """Nothing: callers of an endpoint are not told of nodes."""

    def fields(self, outputs: dict[str, Any]) -> None:
        """Queue the other fields."""
        self._put(outputs)

    def chunk(self, output: str, text: str) -> None:
        """Queue a piece."""
        self._put({output: text})

    def end(self) -> None:
        """Nothing follows."""
        self._put(None)

    async def next(self) -> dict[str, Any] | None:
        """Return what comes next, None at the end."""
        return await self._queue.get()

    def _put(self, item: dict[str, Any] | None) -> None:
        self._loop.call_soon_threadsafe(self._queue.put_nowait, item)


async def gone(receive: Receive) -> None:
    """Return when the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of `work`; cancel it when the client goes away first.

    Raises:
        asyncio.CancelledError: the client went away.
    """
    task = asyncio.ensure_future(work)
    watch = asyncio.ensure_future(gone(receive))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
        return await task
    finally:
        watch.cancel()
        if not task.done():
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
