"""Circuit breakers: a model that failed often lately is left alone for a while."""

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from flowyard.wire.routes import RouteBreaker

State = Literal["closed", "open", "half-open"]


class Breaker:
    """Of one model of one route, at one gateway. `clock` tells seconds, for tests.

    Closed, it lets calls pass and counts failures; open, it lets none pass until its time is over; then half-open, it lets one pass, whose
    end decides. A probe that never tells its end is forgotten after `open_s`.
    """

    __slots__ = ("_clock", "_failures", "_opened", "_probed", "_rule", "answered", "failed")

    def __init__(self, rule: RouteBreaker, clock: Callable[[], float] = time.monotonic) -> None:
        self._rule = rule
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=rule.errors)
        self._opened: float | None = None
        self._probed: float | None = None
        self.answered = 0
        self.failed = 0

    @property
    def state(self) -> State:
        """Whether it lets calls pass."""
        if self._opened is None:
            return "closed"
        return "half-open" if self._clock() - self._opened >= self._rule.open_s else "open"

    def follow(self, rule: RouteBreaker) -> None:
        """Take a changed rule; what was counted stays."""
        if rule != self._rule:
            self._rule = rule
            self._failures = deque(self._failures, maxlen=rule.errors)

    def allows(self) -> bool:
        """Return whether a call may pass now; half-open, the first to ask may."""
        state = self.state
        if state != "half-open":
            return state == "closed"
        now = self._clock()
        if self._probed is not None and now - self._probed < self._rule.open_s:
            return False
        self._probed = now
        return True

    def passed(self) -> None:
        """Say that a call was answered."""
        self.answered += 1
        self._opened = self._probed = None

    def cut(self) -> None:
        """Say that a streamed answer, which had begun and was told as answered, broke off for such a reason."""
        self.answered -= 1
        self.broke()

    def broke(self) -> None:
        """Say that a call failed for a reason that is the model's or the way to it."""
        self.failed += 1
        now = self._clock()
        self._failures.append(now)
        full = len(self._failures) == self._rule.errors and now - self._failures[0] <= self._rule.window_s
        if full or self._opened is not None:
            self._opened, self._probed = now, None
            self._failures.clear()
