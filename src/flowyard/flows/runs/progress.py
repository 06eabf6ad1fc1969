"""How far a run is: counts, speed and time left, kept up to date as rows end."""

import time
from collections import deque
from collections.abc import Iterable

from flowyard.flows.runs.messages import RowResult
from flowyard.flows.runs.store import Priced, Tally
from flowyard.wire.runs import RunCounts
from flowyard.wire.shared import Money

#: Speed is that of the last so many seconds.
_WINDOW_S = 5.0
_STEP_S = 0.1


class Progress:
    """Counts a run's rows.

    Args:
        tally: what the completed rows of before come to. Failed ones run again, and count when they have.
        total: how many rows there will be in all; None: nobody knows.
    """

    def __init__(self, tally: Tally, total: int | None) -> None:
        self.completed = tally.completed
        self.failed = 0
        self._total = total
        self._prompt_tokens = tally.prompt_tokens
        self._completion_tokens = tally.completion_tokens
        self._micros = tally.cost_micros
        self._unpriced = tally.unpriced
        self._marks: deque[tuple[float, int]] = deque([(time.monotonic(), tally.completed)])

    def add(self, rows: Iterable[RowResult], prices: Iterable[Priced]) -> None:
        """Count rows that have ended."""
        for row, price in zip(rows, prices, strict=True):
            if row.status == "completed":
                self.completed += 1
            else:
                self.failed += 1
            if not row.usage:
                continue
            for use in row.usage:
                self._prompt_tokens += use[2]
                self._completion_tokens += use[3]
            if price.micros is not None:
                self._micros = (self._micros or 0) + price.micros
            self._unpriced += price.unpriced

    def counts(self) -> RunCounts:
        """Return the counts as they are now."""
        rate = self._rate()
        done = self.completed + self.failed
        left = None if self._total is None or not rate else max(self._total - done, 0) / rate
        return RunCounts(
            completed=self.completed,
            failed=self.failed,
            total=self._total,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            cost=None if self._micros is None else Money(micros=str(self._micros)),
            unpriced_calls=self._unpriced,
            rows_per_second=rate,
            seconds_left=left,
        )

    def _rate(self) -> float | None:
        now, done = time.monotonic(), self.completed + self.failed
        if now - self._marks[-1][0] >= _STEP_S:
            self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[0][0] > _WINDOW_S:
            self._marks.popleft()
        begun, before = self._marks[0]
        return (done - before) / (now - begun) if done > before and now > begun else None
