"""Many lines at once: threads for synchronous flows, tasks on a loop for asynchronous ones. Both take what comes until they are closed."""

import queue
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

from flowyard.flows.runtime.demand import demand_s

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

#: How often it is asked whether more lanes would help, seconds.
LOOK_S = 0.02
#: Above this share of one processor more lanes only fight for the interpreter.
BUSY = 0.7


_here = threading.local()


def lane() -> int:
    """Return the number of the lane that runs here; 0 outside of lanes, as for the first one."""
    return getattr(_here, "lane", 0)


class Crew(Protocol[T_contra]):
    """Works on items, several at once."""

    def put(self, item: T_contra) -> None:
        """Hand over an item; it is worked on as soon as there is room."""
        ...

    def limit(self, most: int) -> None:
        """Work on so many at once at most."""
        ...

    def close(self) -> None:
        """Return when everything handed over is done; nothing can be handed over any more."""
        ...


class Lanes(Generic[T]):
    """Threads that pull items from one queue: one to begin with, doubled while items wait and threads wait for something else than
    a processor.

    Args:
        work: is called with the lane's number (from 0) and an item, and raises nothing.
        most: lanes at most.
    """

    def __init__(self, work: Callable[[int, T], None], most: int) -> None:
        self._work = work
        self._most = most
        self._queue: queue.SimpleQueue[T | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()
        self._add(1)
        self._watchdog = threading.Thread(target=self._watch, name="flowyard-lanes", daemon=True)
        self._watchdog.start()

    def put(self, item: T) -> None:
        """See `Crew.put`."""
        self._queue.put(item)

    def limit(self, most: int) -> None:
        """See `Crew.limit`. Lanes that run already go on."""
        self._most = most

    def close(self) -> None:
        """See `Crew.close`."""
        self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._closed.set()
        self._watchdog.join()
        for thread in self._threads:
            thread.join()

    def _add(self, count: int) -> None:
        for _ in range(count):
            lane = len(self._threads)
            thread = threading.Thread(target=self._run, args=(lane,), name=f"flowyard-lane-{lane}", daemon=True)
            # Started first: who closes joins what is in the list.
            thread.start()
            self._threads.append(thread)

    def _run(self, lane: int) -> None:
        _here.lane = lane
        take, work = self._queue.get, self._work
        while (item := take()) is not None:
            work(lane, item)
        self._queue.put(None)  # for the next lane

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_S):
            if self._queue.empty() or len(self._threads) >= self._most:
                continue
            clock, before = time.monotonic(), demand_s()
            if self._closed.wait(LOOK_S):
                return
            idle = 0 <= (demand_s() - before) / max(time.monotonic() - clock, 1e-6) < BUSY
            if idle and not self._queue.empty():
                self._add(max(0, min(len(self._threads), self._most - len(self._threads))))


class Tasks(Generic[T]):
    """Tasks of one event loop, which has a thread of its own.

    Args:
        work: is called with the task's number (from 0) and an item, and raises nothing.
        most: tasks at most.
    """

    def __init__(self, work: Callable[[int, T], Coroutine[Any, Any, None]], most: int) -> None:
        import asyncio

        self._work = work
        self._most = most
        self._loop = asyncio.new_event_loop()
        self._queue: asyncio.Queue[T | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._turn, name="flowyard-tasks", daemon=True)
        self._thread.start()

    def put(self, item: T) -> None:
        """See `Crew.put`."""
        self._loop.call_soon_threadsafe(self._take, item)

    def limit(self, most: int) -> None:
        """See `Crew.limit`. Tasks that run already go on."""
        self._most = most

    def close(self) -> None:
        """See `Crew.close`."""
        self._loop.call_soon_threadsafe(self._queue.put_nowait, None)
        self._thread.join()

    def _turn(self) -> None:
        self._tasks.append(self._loop.create_task(self._run(0)))
        try:
            self._loop.run_until_complete(self._all())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    async def _all(self) -> None:
        done = 0
        while done < len(self._tasks):
            await self._tasks[done]
            done += 1

    def _take(self, item: T) -> None:
        self._queue.put_nowait(item)
        if self._queue.qsize() > 0 and len(self._tasks) < self._most:
            self._tasks.append(self._loop.create_task(self._run(len(self._tasks))))

    async def _run(self, number: int) -> None:
        while (item := await self._queue.get()) is not None:
            await self._work(number, item)
        self._queue.put_nowait(None)  # for the next task
