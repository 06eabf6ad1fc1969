"""A whole installation, started by the command as a user starts it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowyard.compute.processes.client import SupervisorHost
from flowyard.compute.processes.home import find_supervisor
from flowyard.foundation.codecs import plain

#: Seconds for a command, or for a process to be back: a machine that others keep busy is ten times slower.
PATIENCE_S = 240
FLOWYARD = str(Path(sys.executable).with_name("flowyard"))


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Platform:
    """A running `flowyard up`."""

    home: Path
    url: str
    sign_in_url: str
    environment: dict[str, str]
    supervisor: subprocess.Popen[bytes]

    @classmethod
    @contextmanager
    def up(
        cls,
        home: Path,
        models: Path,
        *,
        database_url: str | None = None,
        settings: Mapping[str, str] | None = None,
        command: tuple[str, ...] = (FLOWYARD,),
    ) -> Iterator["Platform"]:
        """Start it on a free port, with the models that are here already, and end it at the end, whatever happened to it.

        `settings` are added to its environment; `command` runs it.
        """
        home.mkdir(exist_ok=True)
        (home / "models").symlink_to(models)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLOWYARD_")}
        environment = {**kept, "FLOWYARD_HOME": str(home)} | ({"FLOWYARD_DATABASE_URL": database_url} if database_url else {})
        # A process that stands by for the next of its kind costs 3 s of processor time, which few tests are about.
        environment |= {"FLOWYARD_STANDBY": "off"} | dict(settings or {})
        process, told = cls._start(environment, command=command)
        running = cls(home=home, url=told["url"], sign_in_url=told["sign_in_url"], environment=environment, supervisor=process)
        try:
            yield running
        finally:
            running.supervisor.terminate()
            try:
                running.supervisor.wait(40)
            except subprocess.TimeoutExpired:
                running.supervisor.kill()
                running.supervisor.wait(10)

    @staticmethod
    def _start(
        environment: dict[str, str], port: str = "0", command: tuple[str, ...] = (FLOWYARD,)
    ) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
        log = Path(environment["FLOWYARD_HOME"]) / "up.log"
        words = [*command, "up", "--port", port, "--no-browser", "--json"]
        with log.open("ab") as errors:
            process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout is not None
        text = ""
        while line := process.stdout.readline().decode():
            text += line
            if line.rstrip() == "}":
                process.stdout.close()
                return process, json.loads(text)
        raise AssertionError(f"it did not start: {text}{log.read_text()}")

    def restart(self) -> None:
        """Start it again on its home folder and port, after it ended."""
        self.supervisor, _ = self._start(self.environment, self.url.rpartition(":")[2])

    @property
    def api_key(self) -> str:
        return json.loads((self.home / "credentials.json").read_text())["api_key"]

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command against it and return what it printed."""
        done = subprocess.run([FLOWYARD, *words], env=self.environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *words: str) -> Any:
        """Run a command with --json and return what it printed."""
        return json.loads(self.run(*words, "--json"))

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, *, timeout: float = 60) -> Answer:
        """Send one HTTP request with the owner's key."""
        sent = {"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json", **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    def job(self, job_id: str) -> dict[str, Any]:
        """A job of the workspace ``default``, as the API has it: a command takes a third of a second each time it is asked."""
        return self.request("GET", f"/api/v1/workspaces/default/jobs/{job_id}").json()

    def processes(self) -> dict[str, dict[str, Any]]:
        """The supervised processes, by name, as ``flowyard status`` has them."""
        running = find_supervisor(self.home)
        assert running is not None
        return {process.name: plain(process) for process in SupervisorHost(running.control, running.token).find()}

    def kill(self, name: str) -> int:
        """Kill a supervised process as the kernel would, and return the pid it had."""
        pid = self.processes()[name]["pid"]
        os.kill(pid, signal.SIGKILL)
        return pid

    def back(self, name: str, old: int) -> dict[str, Any]:
        """Wait until a killed process is ready again under another pid."""
        return eventually(
            lambda: (found := self.processes().get(name)) and found["state"] == "ready" and found["pid"] != old and found,
            within_s=PATIENCE_S,
        )

    def descendants(self) -> list[int]:
        """The pids of all processes below the supervisor."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(stat.parent.name)] = int(fields[1])
        found = [self.supervisor.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found[1:]


def eventually(look: Callable[[], Any], *, within_s: float = 40) -> Any:
    """Return the first true value of `look`, asked every 0.1 s."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come true in time")


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
