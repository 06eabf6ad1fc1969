"""The supervisor behind its control port: the host contract, and what happens when it is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard.compute.errors import SupervisorUnavailableError
from flowyard.compute.processes.client import SupervisorHost
from flowyard.compute.processes.process import backoff_s
from flowyard.foundation.errors import RemoteError
from flowyard.testing.process_host import ProcessHostContract, alive, ask, eventually, running_supervisor, spec_of, supervisor_process


@pytest.mark.integration
class TestSupervisor(ProcessHostContract):
    @pytest.fixture
    def host(self, tmp_path: Path) -> Iterator[SupervisorHost]:
        with running_supervisor(tmp_path) as host:
            yield host


@pytest.mark.integration
def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with supervisor_process(tmp_path) as (host, pid):
        children = [host.ensure(spec_of(f"a/{number}")).pid or 0 for number in range(2)]
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not any(alive(child) for child in children), within_s=3)
        with pytest.raises(SupervisorUnavailableError):
            host.find()


@pytest.mark.integration
def test_a_stopped_supervisor_stops_its_children(tmp_path: Path) -> None:
    with running_supervisor(tmp_path) as host:
        status = host.ensure(spec_of("a/one"))
    assert not alive(status.pid or 0)
    assert "draining" in (tmp_path / "a" / "one.log").read_text()


@pytest.mark.integration
def test_the_control_port_needs_its_token(tmp_path: Path) -> None:
    with running_supervisor(tmp_path) as host:
        stranger = SupervisorHost(host.address, "guessed")
        with pytest.raises(RemoteError) as refused:
            stranger.find()
    assert refused.value.problem().status == 401


@pytest.mark.integration
def test_killing_it_again_and_again_loses_no_caller(tmp_path: Path) -> None:
    with running_supervisor(tmp_path) as host:
        status = host.ensure(spec_of("a/one"))
        seen: set[int] = set()
        for _ in range(3):
            seen.add(pid := ask(status)["pid"])
            os.kill(pid, signal.SIGKILL)
        seen.add(ask(status)["pid"])
    assert len(seen) == 4


def test_backoff_doubles_up_to_half_a_minute() -> None:
    assert [backoff_s(failures) for failures in (1, 2, 3, 9, 10, 1000)] == [0.1, 0.2, 0.4, 25.6, 30.0, 30.0]


def test_a_child_that_nobody_supervises_says_how_to_start() -> None:
    done = subprocess.run([sys.executable, "-m", "flowyard.testing.child_program"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "flowyard up" in done.stderr
