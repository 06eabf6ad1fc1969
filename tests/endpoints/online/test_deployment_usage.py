"""What replicas use, looked at now and then and kept: real processes, a clock of the test's own."""

import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest

from flowyard.compute.model import ProcessStatus
from flowyard.endpoints.online.usage import KEPT_NS, DeploymentUse, UsageSampler, UseFigures
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.storage.sql.usage import SqlUsageStore

BURN = """
import sys, time
for line in sys.stdin:
    end = time.process_time() + float(line)
    while time.process_time() < end: pass
    print("burnt", flush=True)
"""


class Place:
    """Processes that burn what they are told to, and the sampler that looks at them."""

    def __init__(self) -> None:
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.now = 1000.0
        self.rows: list[DeploymentUse] = []
        self.forgotten_ns = 0
        self.sampler = UsageSampler(self, self, lambda: self.now)  # type: ignore[arg-type]

    def burn(self, name: str, seconds: float) -> None:
        if name not in self.processes:
            command = [sys.executable, "-c", BURN]
            self.processes[name] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process = self.processes[name]
        process.stdin.write(f"{seconds}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "burnt\n"

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.communicate()

    def find(self, prefix: str = "") -> list[ProcessStatus]:
        found = [ProcessStatus(name=name, state="ready", digest="d", pid=process.pid) for name, process in self.processes.items()]
        return [status for status in found if status.name.startswith(prefix)]

    def add(self, rows: Sequence[DeploymentUse], *, forget_before_ns: int) -> None:
        self.rows.extend(rows)
        self.forgotten_ns = forget_before_ns

    def read(self, deployment_ids: Iterable[str], since_ns: int, until_ns: int, grain_ns: int | None) -> Sequence[UseFigures]:
        raise NotImplementedError

    def look(self, after_s: float) -> dict[str, DeploymentUse]:
        self.now += after_s
        self.rows.clear()
        self.sampler.tick()
        return {row.deployment_id: row for row in self.rows}


@pytest.fixture
def place() -> Iterator[Place]:
    made = Place()
    yield made
    for name in list(made.processes):
        made.stop(name)


def test_what_replicas_used_since_the_last_look_is_kept_by_deployment(place: Place) -> None:
    place.burn("replica/d1/1-0", 0.3)
    place.burn("replica/d2/1-0", 0.0)
    place.burn("engine/small", 0.0)
    assert place.look(0) == {}, "since when it used that is not known"
    place.burn("replica/d1/1-0", 0.2)
    place.burn("replica/d1/1-1", 0.2)
    assert place.look(29) == {}, "it is not time yet"
    found = place.look(1)
    assert set(found) == {"d1", "d2"}
    assert found["d1"].lasted_ns == 30 * NANOSECONDS
    assert 0.39 <= found["d1"].cpu_ns / NANOSECONDS < 0.6
    assert found["d2"].cpu_ns / NANOSECONDS <= 0.05
    assert found["d1"].memory_bytes > found["d2"].memory_bytes > 3_000_000
    assert now_ns() - KEPT_NS - place.forgotten_ns < 10 * NANOSECONDS
    place.stop("replica/d1/1-0")
    place.stop("replica/d2/1-0")
    again = place.look(40)
    assert set(again) == {"d1"}, "what has no replica is not told of"
    assert again["d1"].lasted_ns == 40 * NANOSECONDS
    assert again["d1"].cpu_ns <= 20_000_000, "the 0.2 s burnt before are not told again; a tick of the kernel's clock may be"


def test_a_worker_that_did_not_lead_meanwhile_begins_anew(place: Place) -> None:
    place.burn("replica/d1/1-0", 0.0)
    place.look(0)
    place.burn("replica/d1/1-0", 0.2)
    assert place.look(600) == {}
    assert place.look(30)["d1"].cpu_ns == 0


def test_use_is_told_by_deployment_and_bucket_on_both_databases(engine: Any) -> None:
    store = SqlUsageStore(engine)

    def use(deployment: str, at_ns: int, cpu_ns: int, memory: int) -> DeploymentUse:
        return DeploymentUse(deployment_id=deployment, at_ns=at_ns, lasted_ns=10, cpu_ns=cpu_ns, memory_bytes=memory)

    store.add([use("a", 105, 5, 10**12), use("a", 119, 20, 2 * 10**12), use("a", 120, 0, 7), use("b", 110, 10, 5)], forget_before_ns=0)

    def told(*ids: str, since: int = 0, until: int = 1000, grain: int | None = None) -> list[tuple[Any, ...]]:
        rows = store.read(ids, since, until, grain)
        return [(row.deployment_id, row.begin_ns, row.cpu_cores, row.memory_bytes, row.memory_peak_bytes) for row in rows]

    assert told("a", "b", grain=20) == [
        ("a", 100, 1.25, 15 * 10**11, 2 * 10**12),
        ("b", 100, 1.0, 5, 5),
        ("a", 120, 0.0, 7, 7),
    ]
    assert told("a", since=119, until=120) == [("a", None, 2.0, 2 * 10**12, 2 * 10**12)]
    assert told() == []
    store.add([use("b", 200, 0, 6)], forget_before_ns=120)
    assert told("a", "b") == [("a", None, 0.0, 7, 7), ("b", None, 0.0, 6, 6)]
