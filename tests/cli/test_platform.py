"""``up``, ``down``, ``status`` and ``db migrate`` on real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import text

from flowyard.compute.model import ProcessStatus
from flowyard.compute.processes.client import SupervisorHost
from flowyard.compute.processes.home import HomeLock, find_supervisor, start_time
from flowyard.foundation.errors import MissingExtraError
from flowyard.server.mains import launcher
from flowyard.storage.engine import open_engine
from flowyard.testing.process_host import alive, eventually

PROGRAM = "import sys; from flowyard.cli.entry import main; main(sys.argv[1:])"


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", PROGRAM, *words]


def run(*words: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), capture_output=True, text=True, timeout=timeout, check=False)


def status_of(folder: Path) -> dict[str, Any]:
    return json.loads(run("status", "--home", str(folder), "--json").stdout)


class Platform:
    """A platform in the foreground, started by a test."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            command("up", "--home", str(folder), "--port", "0", "--json", *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        told = ""
        while not told.endswith("}\n"):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()[1]
            told += line
        self.started: dict[str, Any] = json.loads(told)

    @property
    def url(self) -> str:
        return self.started["url"]

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        # On a connection of its own: one that was kept would go to a gateway that a test has killed.
        return urllib3.request("GET", self.url + path, headers={"Connection": "close"}, timeout=20, retries=False)

    def processes(self) -> list[ProcessStatus]:
        """What the supervisor tells, asked as the command asks, without the fifth of a second that it takes to start."""
        running = find_supervisor(self.folder)
        assert running is not None
        return SupervisorHost(running.control, running.token).find()

    def pids(self) -> dict[str, int]:
        return {each.name: each.pid for each in self.processes() if each.pid is not None}

    def all_ready(self) -> bool:
        return [(each.name, each.state) for each in self.processes()] == [("gateway", "ready"), ("server", "ready"), ("worker", "ready")]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    started = Platform(tmp_path / "home")
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform for tests after which it is as it was."""
    started = Platform(tmp_path_factory.mktemp("kept") / "home")
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.mark.integration
def test_it_starts_answers_and_stops(platform: Platform) -> None:
    assert platform.started["sign_in_url"].startswith(platform.url)
    assert platform.started["is_new"]
    assert platform.get("/health").json() == {"status": "Healthy"}
    eventually(platform.all_ready, within_s=40)
    pids = platform.pids()
    assert {each["name"]: each["pid"] for each in status_of(platform.folder)["processes"]} == pids
    stopped = run("down", "--home", str(platform.folder), "--json")
    assert json.loads(stopped.stdout)["stopped"]
    assert platform.process.wait(10) == 0
    assert not any(alive(pid) for pid in pids.values())
    assert run("status", "--home", str(platform.folder)).returncode == 1
    assert run("down", "--home", str(platform.folder)).returncode == 0


@pytest.mark.integration
def test_a_second_one_refuses_and_names_the_first(kept: Platform) -> None:
    for words in ([], ["--detach"]):
        refused = run("up", "--home", str(kept.folder), "--port", "0", *words)
        assert refused.returncode == 2
        assert kept.url in refused.stderr
        assert str(kept.process.pid) in refused.stderr
    assert kept.get("/health").status == 200


@pytest.mark.integration
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_child(platform: Platform, signum: int) -> None:
    eventually(platform.all_ready, within_s=40)
    pids = platform.pids()
    platform.process.send_signal(signum)
    assert platform.process.wait(20) == 0
    assert not any(alive(pid) for pid in pids.values())


@pytest.mark.integration
def test_no_child_outlives_a_killed_supervisor_and_the_next_start_works(platform: Platform) -> None:
    eventually(platform.all_ready, within_s=40)
    pids = platform.pids()
    platform.process.kill()
    eventually(lambda: not any(alive(pid) for pid in pids.values()), within_s=3)
    again = Platform(platform.folder)
    assert not again.started["is_new"]
    assert again.get("/health").status == 200
    again.process.send_signal(signal.SIGTERM)
    again.process.communicate(timeout=20)
    assert again.process.returncode == 0


@pytest.mark.integration
@pytest.mark.parametrize("name", ["gateway", "server", "worker"])
def test_each_process_comes_back_after_a_kill(kept: Platform, name: str) -> None:
    eventually(kept.all_ready, within_s=40)
    killed = kept.pids()[name]
    os.kill(killed, signal.SIGKILL)
    assert kept.get("/health").status == 200
    assert kept.get("/version").status == 200
    eventually(lambda: kept.pids().get(name) not in {killed, None} and kept.all_ready(), within_s=40)


@pytest.mark.integration
def test_detached(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    started = json.loads(run("up", "--home", str(folder), "--port", "0", "--gateways", "2", "--detach", "--json").stdout)
    try:
        assert urllib3.request("GET", started["url"] + "/health", timeout=10).status == 200
        found = status_of(folder)
        assert found["pid"] == started["pid"]
        assert [each["name"] for each in found["processes"] if each["name"].startswith("gateway")] == ["gateway", "gateway/2"]
    finally:
        assert run("down", "--home", str(folder)).returncode == 0
    assert start_time(started["pid"]) is None


@pytest.mark.integration
@pytest.mark.parametrize("words", [[], ["--detach"]])
def test_a_taken_port_is_named(tmp_path: Path, words: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run("up", "--home", str(tmp_path / "home"), "--port", port, *words)
    assert refused.returncode == 2
    assert f"127.0.0.1:{port}" in refused.stderr
    assert "--port" in refused.stderr


@pytest.mark.integration
def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    assert json.loads(run("db", "migrate", "--home", str(folder), "--json").stdout) == {"migrated": True}
    assert json.loads(run("db", "migrate", "--home", str(folder), "--json").stdout) == {"migrated": False}
    engine = open_engine(f"sqlite:///{folder / 'metadata.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for words in (["up", "--port", "0"], ["up", "--port", "0", "--detach"], ["db", "migrate"]):
        refused = run(*words, "--home", str(folder))
        assert refused.returncode == 2
        assert "9999" in refused.stderr
        assert "Traceback" not in refused.stderr


@pytest.mark.integration
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for words in ([], ["--detach"]):
        refused = run("up", "--home", str(tmp_path / "file" / "home"), "--port", "0", *words)
        assert refused.returncode == 2
        assert "cannot be written" in refused.stderr
        assert "--home" in refused.stderr


def test_the_platforms_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    launcher.check_server_extra()
    monkeypatch.setattr(launcher, "_PACKAGES", ("no_such_package",))
    with pytest.raises(MissingExtraError, match=r'pip install "flowyard\[server\]"') as missing:
        launcher.check_server_extra()
    assert missing.value.exit_code == 2


def test_a_lock_is_free_once_its_holder_is_gone(tmp_path: Path) -> None:
    HomeLock(tmp_path).release()
    HomeLock(tmp_path).release()
    assert find_supervisor(tmp_path) is None


def test_a_pid_alone_is_not_a_supervisor(tmp_path: Path) -> None:
    mine = {"pid": os.getpid(), "url": "http://x", "version": "1", "control": "x:1", "token": "t"}
    (tmp_path / "supervisor.json").write_text(json.dumps(mine | {"start_time": (start_time(os.getpid()) or 0) + 1}))
    assert find_supervisor(tmp_path) is None
    (tmp_path / "supervisor.json").write_text(json.dumps(mine | {"start_time": start_time(os.getpid())}))
    found = find_supervisor(tmp_path)
    assert found is not None
    assert found.pid == os.getpid()


@pytest.mark.integration
def test_a_second_interrupt_does_not_wait_for_what_hangs(platform: Platform) -> None:
    eventually(platform.all_ready, within_s=40)
    pids = platform.pids()
    os.kill(pids["gateway"], signal.SIGSTOP)
    platform.process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        platform.process.wait(2)
    platform.process.send_signal(signal.SIGINT)
    assert platform.process.wait(9) == 0
    assert not any(alive(pid) for pid in pids.values())
