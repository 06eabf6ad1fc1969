"""Replicas that run and do not answer."""

import socket
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from flowyard.compute.model import ProcessStatus
from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.endpoints.online.probes import Probes, is_alive
from flowyard.testing.process_host import eventually
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSettings, EndpointCreate, Probe
from support.memory_installation import Served
from support.online_installation import Online
from support.recording_upstream import Upstream

PROBE = Probe(initial_delay=0, period=1, timeout=1, failure_threshold=2)
READY = ProcessStatus(name="replica/d/1-0", state="ready", digest="d", pid=7, address="127.0.0.1:1")


def look(probes: Probes, process: ProcessStatus = READY, probe: Probe = PROBE, ticks: int = 60) -> bool:
    for _ in range(ticks):
        if probes.is_hung(process, probe):
            return True
        time.sleep(0.05)
    return False


def test_misses_in_a_row_count_and_a_new_process_begins_anew() -> None:
    asked: list[tuple[str, float]] = []
    answers = iter([False, True, False, False])

    def ask(address: str, timeout_s: float) -> bool:
        asked.append((address, timeout_s))
        return next(answers)

    probes = Probes(ask)
    assert look(probes, ticks=100)
    assert asked == [("127.0.0.1:1", 1.0)] * 4
    assert not probes.is_hung(READY, PROBE)


@pytest.mark.parametrize("change", [{"state": "restarting"}, {"address": None}, {"pid": 8}])
def test_who_starts_is_not_asked(change: dict[str, Any]) -> None:
    asked: list[str] = []
    probes = Probes(lambda address, _: bool(asked.append(address)))
    late = replace(PROBE, initial_delay=60)
    assert not look(probes, probe=late, ticks=3)
    assert not look(probes, replace(READY, **change), late, ticks=3)
    assert asked == []


def test_what_is_asked() -> None:
    upstream = Upstream()
    with Served(lambda: upstream, lifespan="off") as served:
        assert is_alive(served.address, 1)
        upstream.answers["/health"] = (503, b"text/plain", b"")
        assert not is_alive(served.address, 1)
        upstream.delay_s = 3
        assert not is_alive(served.address, 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not is_alive(f"127.0.0.1:{silent.getsockname()[1]}", 0.2)


def test_a_hung_replica_leaves_service_and_is_started_again(installation: Online) -> None:
    installation.write_flow()
    installation.service.create(installation.caller, EndpointCreate(name="support"))
    create = DeploymentCreate(flow="answers", instance_count=2, settings=DeploymentSettings(liveness_probe=PROBE))
    wrong = replace(create, settings=DeploymentSettings(liveness_probe=replace(PROBE, period=0)))
    with pytest.raises(DeploymentInvalidError, match="period is 0"):
        installation.service.deploy(installation.caller, "support", wrong)
    installation.run(installation.service.deploy(installation.caller, "support", create))
    upstream = Upstream()
    draining = threading.Event()
    stop = installation.host.stop

    def slow_stop(name: str) -> None:
        draining.wait(10)
        stop(name)

    installation.host.stop = slow_stop
    with Served(lambda: upstream, lifespan="off") as served, socket.create_server(("127.0.0.1", 0)) as silent:
        lost, kept = sorted(installation.host.specs)
        statuses = installation.host.statuses
        statuses[kept] = replace(statuses[kept], address=served.address)
        statuses[lost] = replace(statuses[lost], address=f"127.0.0.1:{silent.getsockname()[1]}")

        def states() -> dict[str, tuple[str, bool]]:
            installation.reconciler.tick()
            replicas = installation.store.get("w1", "support").deployments[0].replicas
            return {replica.name: (replica.state, replica.address is not None) for replica in replicas}

        eventually(lambda: states() == {lost: ("failed", False), kept: ("ready", True)})
        started = installation.host.started
        assert states()[lost] == ("failed", False)
        assert installation.host.started == started
        draining.set()
        eventually(lambda: states()[lost] == ("ready", True) and installation.host.started == started + 1)
        assert installation.host.stopped == [lost]
    assert upstream.seen[0].path == "/health"
