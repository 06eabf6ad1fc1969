"""Following what comes: a list that shows the newest first is asked again and again, and each item is given once.

An item may show long after its time: a trace when its first span has ended, a record when its sender has sent it. So each look goes back
a little, every sixth look six times as far, and so on: what shows late is found a little later, and none is missed that shows within
`REACH_S`.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from flowyard.client.errors import NoServerError

T = TypeVar("T")

_NEAR_S, _GROWTH, _SCALES = 20, 6, 4
#: How long after its time an item may show, seconds.
REACH_S = _NEAR_S * _GROWTH ** (_SCALES - 1)
# An item that is not whole is given when nothing of it has changed for so long.
_QUIET_S = 30.0
# Asking takes at most this share of the time.
_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What following needs to know of an item: seconds since 1970, and what changes while it is not whole."""

    id: str
    began: float
    ended: float
    whole: bool = True
    state: object = None


class Following(Generic[T]):
    """Yields each item once.

    Args:
        ask: returns the items of the last so many seconds.
        mark: tells an item's mark.
        poll_s: how long to wait between two looks, at least.
        now: the server's time, seconds since 1970.
        sleep: waits so many seconds.
        waiting: is told when the server does not answer; it is asked again then.
    """

    def __init__(
        self,
        ask: Callable[[int], Iterable[T]],
        mark: Callable[[T], Mark],
        *,
        poll_s: float = 1.0,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        waiting: Callable[[NoServerError], None] | None = None,
    ) -> None:
        self._ask, self._mark, self._poll_s = ask, mark, poll_s
        self._now, self._sleep, self._waiting = now, sleep, waiting
        self._given: dict[str, float] = {}
        self._open: dict[str, tuple[object, float]] = {}
        self._began = now()

    def items(self, *, first: Iterable[T] | None = None) -> Iterator[T]:
        """Yield `first`, and then what comes, the earliest of each look first; without `first` what is there already is left out."""
        if first is None:
            self._fresh(self._ask(_NEAR_S * _GROWTH))
        else:
            yield from self._fresh(first, old=True)
        looks, seen = 0, self._now()
        rest = self._poll_s
        while True:
            self._sleep(rest)
            looks += 1
            asked = self._now()
            back = max(_window(looks), min(REACH_S, int(asked - seen) + _NEAR_S))
            try:
                found = list(self._ask(back))
            except NoServerError as error:
                if self._waiting is not None:
                    self._waiting(error)
                continue
            seen = asked
            rest = max(self._poll_s, (self._now() - asked) * (1 / _SHARE - 1))
            yield from self._fresh(found)

    def _fresh(self, found: Iterable[T], *, old: bool = False) -> list[T]:
        marks = [(self._mark(item), item) for item in found]
        fresh: list[T] = []
        for mark, item in sorted(marks, key=lambda pair: (pair[0].began, pair[0].id)):
            if mark.id not in self._given and (old or self._is_new(mark)) and self._is_settled(mark):
                self._given[mark.id] = mark.began
                fresh.append(item)
        # What began so long ago is in no answer again.
        edge = self._now() - 2 * REACH_S
        self._given = {name: began for name, began in self._given.items() if began >= edge}
        self._open = {name: one for name, one in self._open.items() if name not in self._given and self._now() - one[1] < REACH_S}
        return fresh

    def _is_new(self, mark: Mark) -> bool:
        """Whether it came after the first look, which went back a while: what ended before then was there, or nobody waits for it."""
        return mark.began >= self._began - _NEAR_S * _GROWTH or mark.ended >= self._began

    def _is_settled(self, mark: Mark) -> bool:
        if mark.whole:
            return True
        now = self._now()
        state, since = self._open.get(mark.id, (None, now))
        if mark.id not in self._open or state != mark.state:
            self._open[mark.id] = (mark.state, now)
            return False
        return now - since >= _QUIET_S


def _window(look: int) -> int:
    """Return how far back look number `look` goes, seconds."""
    scale = 0
    while scale < _SCALES - 1 and look % _GROWTH ** (scale + 1) == 0:
        scale += 1
    return _NEAR_S * _GROWTH**scale
