"""Deploying: from a flow's folder to an endpoint that answers, and a new version in place of the old; what an idle endpoint costs.

The command is run as a user runs it, and the clock stops with the first answer of what was deployed. The floor is what no deploy can do
without: the command line starts, and an interpreter loads what a replica runs. A caller asks all the time while versions are replaced.
"""

import http.client
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import FLOWYARD, Figure, cpu_seconds
from benchmarks.installation import Installation, installation

FLOW = Path(__file__).parents[1] / "examples/flows/three-nodes"
ROUNDS = 5
IDLE_S = 10.0
MEBIBYTE = 1024 * 1024


def figures() -> Iterator[Figure]:
    """Deploy, replace a few times, and look at the idle replica.

    Raises:
        RuntimeError: a command failed, an answer was wrong, or a request was dropped while a version was replaced.
    """
    with installation() as platform, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "three-nodes"
        shutil.copytree(FLOW, folder)
        platform.run("endpoint", "create", "warm")
        platform.run("endpoint", "deploy", "warm", "--flow", str(FLOW))
        floors = [_floor(folder) for _ in range(ROUNDS)]
        first = [_deployed(platform, folder, f"first-{number}", str(number)) for number in range(ROUNDS)]
        yield from _compared("flow folder -> answering endpoint, whole command", first, floors)
        with _Caller(platform, "first-0") as caller:
            again = [_deployed(platform, folder, "first-0", f"again-{number}") for number in range(ROUNDS)]
        yield from _compared(f"new version in place, {caller.answered} requests meanwhile, none dropped", again, floors)
        yield from _idle(platform)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock, and of processors: all processes together."""

    wall: float
    processor: float


def _compared(what: str, spent: list[Spent], floors: list[Spent]) -> Iterator[Figure]:
    peer = "command line + a replica's imports"
    for part, name, aim in (("wall", "", "<= 2 s"), ("processor", ", processor time", "")):
        ours, floor = (statistics.median(getattr(entry, part) for entry in entries) for entries in (spent, floors))
        yield Figure(what=what + name, ours=ours, unit="s", peer_name=peer, peer=floor, aim=aim)


def _floor(folder: Path) -> Spent:
    begun, before = time.perf_counter(), _commands_cpu()
    subprocess.run([FLOWYARD, "flow", "validate", "--flow", str(folder)], check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", "import flowyard.endpoints.online.replica"], check=True)
    return Spent(time.perf_counter() - begun, _commands_cpu() - before)


def _commands_cpu() -> float:
    """Return the processor seconds of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _platform_cpu(platform: Installation) -> float:
    """Return the processor seconds of the supervisor and its children, those that have ended among them."""
    pid = json.loads((platform.home / "supervisor.json").read_text())["pid"]
    ended = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[13:15]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    own = sum(cpu_seconds(int(process)) for process in (pid, *children))
    return own + sum(map(int, ended)) / os.sysconf("SC_CLK_TCK")


def _deployed(platform: Installation, folder: Path, endpoint: str, version: str) -> Spent:
    """Deploy a new version and return what it took until the endpoint answers with it; what idles meanwhile counts."""
    (folder / "report.py").write_text((FLOW / "report.py").read_text().replace("common}", f"{version!r}}}"))
    if not version.startswith("again"):
        platform.run("endpoint", "create", endpoint)
    begun, before = time.perf_counter(), _commands_cpu() + _platform_cpu(platform)
    platform.run("endpoint", "deploy", endpoint, "--flow", str(folder))
    while _ask(platform, endpoint)["summary"]["most_common"] != version:
        if time.perf_counter() - begun > 60:
            raise RuntimeError(f"{endpoint} does not answer as {version}")
        time.sleep(0.01)
    return Spent(time.perf_counter() - begun, _commands_cpu() + _platform_cpu(platform) - before)


def _ask(platform: Installation, endpoint: str) -> Any:
    host, _, port = platform.address.partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    headers = {"Authorization": f"Bearer {platform.api_key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", f"/endpoints/{endpoint}/score", b'{"text": "to be or not to be"}', headers)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"HTTP {answer.status}: {body[:300]!r}")
    return json.loads(body)


class _Caller:
    """Asks an endpoint fifty times a second in a thread. At the end, the first request that was not answered is raised."""

    def __init__(self, platform: Installation, endpoint: str) -> None:
        self.answered = 0
        self._platform = platform
        self._endpoint = endpoint
        self._over = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "_Caller":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while not self._over.wait(0.02):
            try:
                _ask(self._platform, self._endpoint)
            except (RuntimeError, OSError, http.client.HTTPException) as error:
                self._error = error
                return
            self.answered += 1


def _idle(platform: Installation) -> Iterator[Figure]:
    """Look at a replica that nobody asks, and at an interpreter that has loaded its web server and nothing else."""
    pid = _replica_pid(platform, "warm")
    before = cpu_seconds(pid)
    time.sleep(IDLE_S)
    spent = (cpu_seconds(pid) - before) / IDLE_S * 100
    with subprocess.Popen(
        [sys.executable, "-c", "import uvicorn, uvloop, sys; print(flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as bare:
        if bare.stdout is not None:
            bare.stdout.readline()
        floor = _memory(bare.pid)
        bare.terminate()
    yield Figure(
        what="idle endpoint, proportional memory", ours=_memory(pid), unit="MiB", peer_name="uvicorn loaded", peer=floor, aim="<= 60 MB"
    )
    yield Figure(what="idle endpoint, processor", ours=spent, unit="%", peer_name="a whole core", peer=100.0, aim="0 %")


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 / MEBIBYTE for line in lines if line.startswith("Pss:"))


def _replica_pid(platform: Installation, endpoint: str) -> int:
    (deployment,) = json.loads(platform.run("endpoint", "show", endpoint, "--json"))["deployments"]
    return int(deployment["replicas"][0]["pid"])
