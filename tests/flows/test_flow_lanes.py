"""Lanes and tasks: everything handed over is done once, and never more at once than allowed, also when the limit changes on the way."""

import asyncio
import threading
import time
from collections import Counter
from types import SimpleNamespace

import pytest

from flowyard.flows.runtime import computing
from flowyard.flows.runtime.computing import Moments
from flowyard.flows.runtime.lanes import Lanes, Tasks


class Watch:
    """Counts what runs at once, and what was done."""

    def __init__(self) -> None:
        self.running = self.most = 0
        self.done: Counter[int] = Counter()
        self.lock = threading.Lock()

    def begin(self) -> None:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)

    def end(self, item: int) -> None:
        with self.lock:
            self.running -= 1
            self.done[item] += 1


def crew(kind: str, watch: Watch, most: int, seconds: float) -> Lanes[int] | Tasks[int]:
    def work(_: int, item: int) -> None:
        watch.begin()
        time.sleep(seconds)
        watch.end(item)

    async def work_async(_: int, item: int) -> None:
        watch.begin()
        await asyncio.sleep(seconds)
        watch.end(item)

    return Lanes(work, most) if kind == "lanes" else Tasks(work_async, most)


@pytest.mark.parametrize("kind", ["lanes", "tasks"])
def test_everything_is_done_once_within_the_limit(kind: str) -> None:
    watch = Watch()
    made = crew(kind, watch, 8, 0.02)
    for item in range(300):
        made.put(item)
    made.close()
    assert watch.done == Counter(range(300))
    assert 4 <= watch.most <= 8


@pytest.mark.parametrize("kind", ["lanes", "tasks"])
def test_a_lower_limit_holds_and_a_higher_one_helps(kind: str) -> None:
    watch = Watch()
    made = crew(kind, watch, 8, 0.02)
    for item in range(400):
        made.put(item)
    while watch.most < 5:
        time.sleep(0.005)
    made.limit(2)
    time.sleep(0.2)
    watch.most = 0
    time.sleep(0.2)
    assert 1 <= watch.most <= 2
    made.limit(6)
    made.close()
    assert watch.done == Counter(range(400))
    assert 3 <= watch.most <= 6


def test_lanes_that_compute_stay_one() -> None:
    lanes: set[int] = set()

    def work(lane: int, _: int) -> None:
        lanes.add(lane)
        sum(range(20_000))

    made: Lanes[int] = Lanes(work, 16)
    for item in range(2000):
        made.put(item)
    made.close()
    assert lanes == {0}


def test_a_process_that_uses_a_processor_computes_and_its_threads_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, used, looks = 100.0, 5.0, 0

    def runs_now() -> bool:
        nonlocal looks
        looks += 1
        return False

    monkeypatch.setattr(computing, "runs_now", runs_now)
    monkeypatch.setattr(computing, "time", SimpleNamespace(monotonic=lambda: wall, process_time=lambda: used))
    moments = Moments(0.01, 2)
    wall, used = wall + 1, used + 0.9
    assert moments.look() is None
    wall, used = wall + 1, used + 0.5
    assert moments.look() is False
    assert looks == 0
    wall, used = wall + 1, used + 0.1
    assert moments.look() is None
    wall, used = wall + 1, used + 0.1
    assert moments.look() is True
    assert looks == 2
