"""Many lines at once: threads for synchronous flows, tasks on a loop for asynchronous ones. Both take what comes until they are closed."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from flowyard.flows.runtime.computing import Moments

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)

#: While items wait it is asked so often, seconds, whether the process computes; after so many times, whether more lanes would help.
LOOK_S, LOOKS = 0.004, 5


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


#: In the queue: an item that its lane may not work on any more lies among the returned ones.
_LOOK: Any = object()


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
        self._returned: deque[T] = deque()
        self._lanes: dict[int, threading.Thread] = {}
        self._ended: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closing = False
        self._closed = threading.Event()
        self._add(1)
        self._watchdog = threading.Thread(target=self._watch, name="flowyard-lanes", daemon=True)
        self._watchdog.start()

    def put(self, item: T) -> None:
        """See `Crew.put`."""
        self._queue.put(item)

    def limit(self, most: int) -> None:
        """See `Crew.limit`. Lanes beyond it end what they are at, and then themselves."""
        self._most = most

    def close(self) -> None:
        """See `Crew.close`."""
        with self._lock:
            self._closing = True
        self._queue.put(None)
        self._join()
        self._closed.set()
        self._watchdog.join()
        self._join()  # one may have been added while the others ended

    def _join(self) -> None:
        with self._lock:
            threads = [*self._lanes.values(), *self._ended]
        for thread in threads:
            thread.join()

    def _add(self, count: int) -> None:
        free = (number for number in range(self._most) if number not in self._lanes)
        for lane in list(islice(free, count)):
            thread = threading.Thread(target=self._run, args=(lane,), name=f"flowyard-lane-{lane}", daemon=True)
            # Started first: who closes joins what is listed.
            thread.start()
            self._lanes[lane] = thread

    def _run(self, lane: int) -> None:
        _here.lane = lane
        take, work = self._queue.get, self._work
        while (item := take()) is not None:
            if lane >= self._most and self._gives_back(lane, item):
                return
            if item is not _LOOK:
                work(lane, item)
            while self._returned:
                self._work_on_returned(lane)
        while self._returned:
            self._work_on_returned(lane)
        self._queue.put(None)  # for the next lane

    def _work_on_returned(self, lane: int) -> None:
        try:
            item = self._returned.popleft()
        except IndexError:  # another lane has it
            return
        self._work(lane, item)

    def _gives_back(self, lane: int, item: T) -> bool:
        """Leave `item` to the lanes within the limit, and end. Not while all is closed: then every lane helps."""
        with self._lock:
            if self._closing:
                return False
            if item is not _LOOK:
                self._returned.append(item)
            self._queue.put(_LOOK)
            self._ended.append(self._lanes.pop(lane))
            return True

    def _watch(self) -> None:
        moments = Moments(LOOK_S, LOOKS)
        while not self._closed.wait(moments.pause_s):
            if not self._queue.empty() and len(self._lanes) < self._most and moments.look():
                with self._lock:
                    self._add(max(0, min(len(self._lanes), self._most - len(self._lanes))))


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
        self._waiting: deque[T] = deque()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._closing = self._loop.create_future()
        self._thread = threading.Thread(target=self._turn, name="flowyard-tasks", daemon=True)
        self._thread.start()

    def put(self, item: T) -> None:
        """See `Crew.put`."""
        self._loop.call_soon_threadsafe(self._take, item)

    def limit(self, most: int) -> None:
        """See `Crew.limit`. Tasks beyond it end what they are at, and then themselves."""
        self._loop.call_soon_threadsafe(self._allow, most)

    def close(self) -> None:
        """See `Crew.close`."""
        self._loop.call_soon_threadsafe(self._closing.set_result, None)
        self._thread.join()

    def _turn(self) -> None:
        try:
            self._loop.run_until_complete(self._all())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    async def _all(self) -> None:
        import asyncio

        await self._closing
        while self._running:
            await asyncio.wait(list(self._running.values()))

    def _allow(self, most: int) -> None:
        self._most = most
        self._start()

    def _take(self, item: T) -> None:
        self._waiting.append(item)
        self._start()

    def _start(self) -> None:
        """Begin tasks for what waits, as many as may be."""
        free = (number for number in range(self._most) if number not in self._running)
        for number in list(islice(free, len(self._waiting))):
            self._running[number] = self._loop.create_task(self._run(number))

    async def _run(self, number: int) -> None:
        try:
            while self._waiting and number < self._most:
                await self._work(number, self._waiting.popleft())
        finally:
            self._running.pop(number, None)
            self._start()
