"""Threads for synchronous flows: one to begin with, more only where lines wait for something else than the processor."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from flowyard.flows.runtime.computing import Moments

T = TypeVar("T")

#: While requests wait it is asked so often, seconds, whether the process computes; after so many times, whether more lanes would help.
LOOK_S, LOOKS = 0.005, 4


class Lanes:
    """Runs lines on up to `most` threads of `executor`. Used on one event loop.

    It begins with one lane, because threads that compute only hinder one another. While requests wait and threads wait for something else
    than a processor, the lanes are doubled.
    """

    def __init__(self, executor: Callable[[], Executor], most: int) -> None:
        self.lanes = 1
        self._executor = executor
        self._most = most
        self._busy = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._looking = False
        self._moments = Moments(LOOK_S, LOOKS)

    async def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, when a lane was free for it."""
        loop = asyncio.get_running_loop()
        if self._busy >= self.lanes:
            turn: asyncio.Future[None] = loop.create_future()
            self._waiting.append(turn)
            self._look_later(loop)
            await self._turn(turn)
        else:
            self._busy += 1
        try:
            return await loop.run_in_executor(self._executor(), work)
        finally:
            self._busy -= 1
            self._admit()

    async def _turn(self, turn: asyncio.Future[None]) -> None:
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was let in, and does not want to any more
                self._busy -= 1
                self._admit()
            raise

    def _admit(self) -> None:
        while self._waiting and self._busy < self.lanes:
            turn = self._waiting.popleft()
            if not turn.done():
                self._busy += 1
                turn.set_result(None)

    def _look_later(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._looking and self.lanes < self._most:
            self._looking = True
            loop.call_later(self._moments.pause_s, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = False
        if not self._waiting:
            return
        if self._moments.look():
            self.lanes = min(self.lanes * 2, self._most)
            self._admit()
        self._look_later(loop)
