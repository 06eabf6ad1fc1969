"""What deployments use: the sums of their replicas, which never go back when one of them ends."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.compute.model import ProcessStatus
from flowyard.foundation.errors import FlowyardError
from flowyard.monitoring.ports import Deployed, IndexerState, Inventory
from flowyard.monitoring.service import Monitoring

BURN = "import time\nwhile time.process_time() < {seconds}: pass\nprint('burnt', flush=True)\ntime.sleep(60)"
BLUE = Deployed(id="d1", workspace_id="w1", endpoint="support", deployment="blue", state="ready", wanted=2, replicas={"ready": 2})
IDLE = Deployed(id="d2", workspace_id="w1", endpoint="support", deployment="green", state="ready", wanted=0, replicas={})


class Place:
    """Processes that burn, and the monitoring that reads them."""

    def __init__(self, folder: Path) -> None:
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.damaged = False
        self.monitoring = Monitoring(self, self, self.indexer, home=folder, spools=folder / "spools", folders={})

    def start(self, name: str, seconds: float) -> None:
        program = BURN.format(seconds=seconds)
        self.processes[name] = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        assert self.processes[name].stdout.readline() == "burnt\n"

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.communicate()

    def find(self, prefix: str = "") -> list[Any]:
        return [ProcessStatus(name=name, state="ready", digest="d", pid=process.pid) for name, process in self.processes.items()]

    def read(self) -> Inventory:
        if self.damaged:
            raise FlowyardError("The database does not answer.")
        return Inventory(workspaces={"w1": "default"}, deployments=(BLUE, IDLE))

    def indexer(self) -> IndexerState:
        return IndexerState(backlog_bytes=0, rows={}, refused_rows=0, damaged_bytes=0, tail_rows=0, tail_bytes=0, tail_age_s=0)

    def used(self, name: str) -> dict[str, float]:
        return {one.labels[2]: one.value for one in self.monitoring.read().get(name, [])}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    for name in list(made.processes):
        made.stop(name)


def test_a_deployment_uses_what_its_replicas_use(place: Place) -> None:
    cpu, memory = "flowyard_deployment_cpu_seconds_total", "flowyard_deployment_resident_memory_bytes"
    place.start("replica/d1/0", 0.2)
    place.start("replica/d1/1", 0.2)
    place.start("engine/small", 0.1)
    first = place.used(cpu)
    assert 0.35 <= first["blue"] < 5
    assert first["green"] == 0
    assert place.used(memory)["blue"] > 5_000_000
    place.stop("replica/d1/0")
    after = place.used(cpu)
    assert after["blue"] >= first["blue"], "what a replica that has ended used stays counted"
    place.start("replica/d1/0", 0.3)
    assert place.used(cpu)["blue"] >= after["blue"] + 0.25
    place.damaged = True
    assert place.used(cpu) == {}
    place.damaged = False
    time.sleep(0.01)
    assert place.used(cpu)["blue"] >= after["blue"] + 0.25, "a database that was away for a scrape resets nothing"
