"""Processes that stand by: the next of their kind is one of them, with what it was given at that moment, and nothing else."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard.compute.processes.client import SupervisorHost
from flowyard.testing.process_host import alive, ask, eventually, spec_of, supervisor_process

pytestmark = pytest.mark.integration


class Kept:
    """A supervisor with a standby."""

    def __init__(self, host: SupervisorHost, pid: int) -> None:
        self.host = host
        self.pid = pid

    def standby(self) -> int:
        """Wait until one stands by, and return its pid."""
        found: list[int] = []

        def look() -> bool:
            found[:] = set(self.children()) - {status.pid for status in self.host.find()}
            return bool(found)

        eventually(look, within_s=60)
        return found[0]

    def children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with supervisor_process(tmp_path / "logs", standby=True) as (host, pid):
        yield Kept(host, pid)


def test_the_next_of_its_kind_is_the_one_that_waits_and_has_all_it_was_given(kept: Kept, tmp_path: Path) -> None:
    waiting = kept.standby()
    secret = "sk-0123456789abcdef"
    message = {"behave": "serve", "api_key": secret, "plan": "long " * 200_000}  # more than a socket takes at once
    place = {"environment": {"COLOUR": "blue"}, "arguments": ("--fast",), "working_directory": str(tmp_path)}
    status = kept.host.ensure(spec_of("a/one", message=message, niceness=3, **place))
    assert status.pid == waiting
    answer = ask(status)
    assert (answer["environment"]["COLOUR"], answer["arguments"], answer["folder"]) == ("blue", ["--fast"], str(tmp_path))
    assert not [name for name in answer["environment"] if name.startswith("FLOWYARD_")]
    assert answer["message"] == message
    assert answer["niceness"] >= 3
    assert "started with ***" in kept.host.logs("a/one")
    kept.host.stop("a/one")
    assert not alive(waiting)
    assert "draining" in kept.host.logs("a/one")


def test_the_place_of_one_that_is_killed_is_taken_at_the_same_address(kept: Kept) -> None:
    first = kept.standby()
    status = kept.host.ensure(spec_of("a/one"))
    second = kept.standby()
    assert (status.pid, len({first, second})) == (first, 2)
    os.kill(first, signal.SIGKILL)
    assert ask(status)["pid"] == second


@pytest.mark.parametrize("variables", [{"PYTHONHASHSEED": "1"}, {"LD_PRELOAD": ""}, {"TZ": "Asia/Tokyo"}])
def test_what_an_interpreter_reads_at_its_start_has_one_of_its_own(kept: Kept, variables: dict[str, str]) -> None:
    waiting = kept.standby()
    status = kept.host.ensure(spec_of("a/one", environment=variables))
    assert status.pid != waiting
    assert variables.items() <= ask(status)["environment"].items()


def test_one_that_dies_while_it_waits_is_replaced_and_none_outlives_its_supervisor(kept: Kept) -> None:
    first = kept.standby()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: not alive(first))
    second = kept.standby()
    assert ask(kept.host.ensure(spec_of("a/one", "serve")))["pid"] in {second, *kept.children()}
    os.kill(kept.standby(), signal.SIGSTOP)  # it cannot end by itself
    children = kept.children()
    os.kill(kept.pid, signal.SIGTERM)
    eventually(lambda: not any(alive(pid) for pid in children), within_s=30)
