"""From synchronous code into asynchronous code: a background event loop, and nothing written twice."""

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Bridge:
    """An event loop on a daemon thread, as `make` makes it. Calls carry the caller's context variables, so spans keep their parents."""

    def __init__(self, make: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._owner = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` and return its result. When the waiting thread is interrupted, `work` is canceled."""
        return _result(asyncio.run_coroutine_threadsafe(work, self._running()))

    def iterate(self, source: AsyncGenerator[T, None]) -> Iterator[T]:
        """Yield what `source` yields. Closing the iterator closes `source`."""
        done = object()
        try:
            while True:
                item = self.run(_next(source, done))
                if item is done:
                    return
                yield item  # pyright: ignore[reportReturnType] - not `done`, so it is a T
        finally:
            self.run(_close(source))

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            # A forked child has the loop object and no thread that turns it.
            if self._loop is None or self._owner != os.getpid():
                loop = self._make()
                threading.Thread(target=loop.run_forever, name="flowyard-bridge", daemon=True).start()
                self._loop, self._owner = loop, os.getpid()
            return self._loop


def _result(future: Future[T]) -> T:
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


async def _next(source: AsyncGenerator[T, None], done: object) -> T | object:
    return await anext(source, done)


async def _close(source: AsyncGenerator[Any, None]) -> None:
    await source.aclose()


_bridge = Bridge()
run = _bridge.run
iterate = _bridge.iterate
