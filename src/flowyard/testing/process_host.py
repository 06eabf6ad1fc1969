# ruff: noqa: D102, S101  # tests say by their names what must hold
"""The contract of `compute.ports.ProcessHost`, and a supervisor to test against.

A backend's tests subclass `ProcessHostContract` and give the fixture ``host``.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3

from flowyard.compute.errors import ProcessFailedError, ProcessNotReadyError
from flowyard.compute.model import ProcessSpec, ProcessStatus
from flowyard.compute.ports import ProcessHost
from flowyard.compute.processes.client import SupervisorHost

PROGRAM = "flowyard.testing.child_program"


@contextmanager
def running_supervisor(logs_folder: Path) -> Generator[SupervisorHost]:
    """Run a supervisor in a process of its own; it and all its children end with the block."""
    with supervisor_process(logs_folder) as (host, _):
        yield host


@contextmanager
def supervisor_process(
    logs_folder: Path, *, python: str = sys.executable, settings: Mapping[str, str] | None = None, standby: bool = False
) -> Generator[tuple[SupervisorHost, int]]:
    """As `running_supervisor`, with the supervisor's pid. `settings` are added to its environment; `standby`: a test program stands by."""
    command = [python, "-m", "flowyard.compute.processes", str(logs_folder), *([PROGRAM] if standby else [])]
    environment = {**os.environ, **(settings or {})}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603  # our own module
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("a process that was started with pipes has none")
        where = json.loads(process.stdout.readline())
        try:
            yield SupervisorHost(where["address"], where["token"]), process.pid
        finally:
            process.stdin.close()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def spec_of(name: str, behave: str = "serve", **changes: Any) -> ProcessSpec:
    """Return a spec of the test program that behaves so."""
    return replace(ProcessSpec(name=name, module=PROGRAM, message={"behave": behave}, stop_timeout_s=3.0), **changes)


def ask(status: ProcessStatus, method: str = "GET", path: str = "/") -> Any:
    """Call the test program over HTTP."""
    response = urllib3.request(method, f"http://{status.address}{path}", timeout=10.0, retries=False)
    return response.json()


def eventually(condition: Callable[[], bool], *, within_s: float = 10.0) -> None:
    """Wait until `condition` holds; fail the test when it does not in time."""
    end = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"it did not come true within {within_s} s")
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process with this pid runs (one that has ended and is not yet reaped does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class ProcessHostContract:
    """What every process host must do. Subclasses give the fixture ``host``."""

    @pytest.fixture
    def host(self) -> ProcessHost:
        """The host under test."""
        raise NotImplementedError("override the fixture host")

    def test_ensure_returns_a_process_that_answers(self, host: ProcessHost) -> None:
        status = host.ensure(spec_of("a/one"))
        assert status.state == "ready"
        assert ask(status)["pid"] == status.pid
        assert host.get("a/one") == status

    def test_the_same_spec_again_changes_nothing(self, host: ProcessHost) -> None:
        assert host.ensure(spec_of("a/one")).pid == host.ensure(spec_of("a/one")).pid

    def test_another_spec_replaces_it(self, host: ProcessHost) -> None:
        old = host.ensure(spec_of("a/one"))
        new = host.ensure(spec_of("a/one", environment={"COLOUR": "blue"}))
        assert ask(new)["environment"]["COLOUR"] == "blue"
        assert new.pid != old.pid
        eventually(lambda: not alive(old.pid or 0))
        found = host.get("a/one")
        assert found is not None
        assert found.pid == new.pid

    def test_a_replacement_that_fails_leaves_the_old_one(self, host: ProcessHost) -> None:
        old = host.ensure(spec_of("a/one"))
        with pytest.raises(ProcessFailedError):
            host.ensure(spec_of("a/one", "fail"))
        assert ask(old)["pid"] == old.pid
        found = host.get("a/one")
        assert found is not None
        assert (found.pid, found.state) == (old.pid, "ready")

    def test_a_program_may_bind_its_own_socket(self, host: ProcessHost) -> None:
        old = host.ensure(spec_of("a/own", socket=False))
        assert ask(old)["pid"] == old.pid
        new = host.ensure(spec_of("a/own", socket=False, environment={"COLOUR": "blue"}))
        assert ask(new)["environment"]["COLOUR"] == "blue"

    def test_one_that_cannot_start_says_its_last_lines(self, host: ProcessHost) -> None:
        with pytest.raises(ProcessFailedError) as failed:
            host.ensure(spec_of("a/bad", "fail"))
        assert "exit code 3" in str(failed.value)
        assert "the plan is torn" in failed.value.extra["log"]
        found = host.get("a/bad")
        assert found is not None
        assert found.state == "failed"
        assert found.error is not None

    def test_one_that_tells_why_it_cannot_start(self, host: ProcessHost) -> None:
        with pytest.raises(ProcessFailedError) as failed:
            host.ensure(spec_of("a/bad", "refuse"))
        assert "The plan is empty." in failed.value.message
        assert failed.value.remedy == "Write a plan."

    def test_an_unknown_module_says_so(self, host: ProcessHost) -> None:
        with pytest.raises(ProcessFailedError, match="no_such_module"):
            host.ensure(ProcessSpec(name="a/unknown", module="no_such_module"))

    def test_one_that_is_not_ready_in_time(self, host: ProcessHost) -> None:
        with pytest.raises(ProcessNotReadyError):
            host.ensure(spec_of("a/slow", "hang"), wait_s=0.2)
        with pytest.raises(ProcessNotReadyError):
            host.ensure(spec_of("a/never", "hang", ready_timeout_s=0.3))

    def test_not_waiting(self, host: ProcessHost) -> None:
        assert host.ensure(spec_of("a/one"), wait_s=0).state == "starting"
        assert host.ensure(spec_of("a/one")).state == "ready"

    def test_it_comes_back_after_a_crash_at_the_same_address(self, host: ProcessHost) -> None:
        before = host.ensure(spec_of("a/one"))
        os.kill(before.pid or 0, signal.SIGKILL)
        answer = ask(before)  # waits in the backlog of the socket that the host keeps
        assert answer["pid"] != before.pid
        after = host.get("a/one")
        assert after is not None
        assert (after.address, after.restarts) == (before.address, 1)

    def test_a_crash_loop_backs_off(self, host: ProcessHost) -> None:
        host.ensure(spec_of("a/loop", "crash"))
        time.sleep(1.5)
        status = host.get("a/loop")
        assert status is not None
        assert 1 <= status.restarts <= 5

    def test_stopping_drains(self, host: ProcessHost) -> None:
        status = host.ensure(spec_of("a/one"))
        host.stop("a/one")
        assert not alive(status.pid or 0)
        assert host.get("a/one") is None
        assert "draining" in host.logs("a/one")
        host.stop("a/one")

    def test_an_idle_one_is_stopped_and_a_touched_one_is_not(self, host: ProcessHost) -> None:
        host.ensure(spec_of("a/idle", idle_timeout_s=1.0))
        host.ensure(spec_of("a/busy", idle_timeout_s=1.0))
        assert host.touch("a/idle")

        def gone() -> bool:
            host.touch("a/busy")
            return host.get("a/idle") is None

        eventually(gone)
        assert host.touch("a/busy")
        assert not host.touch("a/idle")

    def test_find_by_prefix(self, host: ProcessHost) -> None:
        for name in ("b/two", "a/one", "b/one"):
            host.ensure(spec_of(name), wait_s=0)
        assert [status.name for status in host.find("b/")] == ["b/one", "b/two"]
        assert len(host.find()) == 3

    def test_unknown_names(self, host: ProcessHost) -> None:
        assert host.get("no/such") is None
        assert not host.touch("no/such")
        assert host.logs("no/such") == []

    def test_a_clean_environment(self, host: ProcessHost) -> None:
        status = host.ensure(spec_of("a/one", environment={"COLOUR": "blue"}, niceness=3))
        answer = ask(status)
        known = {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "PYTHONUNBUFFERED", "COLOUR"}
        assert set(answer["environment"]) <= known
        assert answer["niceness"] >= 3

    def test_secrets_of_a_message_stay_out_of_the_log(self, host: ProcessHost) -> None:
        secret = "sk-0123456789abcdef"  # noqa: S105  # made up
        status = host.ensure(spec_of("a/one", message={"behave": "serve", "api_key": secret}))
        assert ask(status)["message"]["api_key"] == secret
        assert "started with ***" in host.logs("a/one")
        assert secret not in "".join(host.logs("a/one"))
