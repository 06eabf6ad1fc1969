"""A whole installation for a benchmark: `flowyard up` on a home folder of its own, and what a benchmark asks of it."""

import json
import os
import sqlite3
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import FLOWYARD
from flowyard.inference.engines.settings import engine_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """Where a replica or an engine answers without the gateway: ``host:port``, and what it lets callers in for."""

    address: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A running `flowyard up`. `address` is the gateway's ``host:port``."""

    home: Path
    address: str
    environment: dict[str, str]

    @property
    def api_key(self) -> str:
        """The owner's key."""
        return str(json.loads((self.home / "credentials.json").read_text())["api_key"])

    def run(self, *words: str) -> str:
        """Run a command against it and return what it printed.

        Raises:
            RuntimeError: the command failed.
        """
        return run_command([FLOWYARD, *words], self.environment)

    def replica(self) -> Direct:
        """Return the only replica that there is."""
        with sqlite3.connect(self.home / "metadata.db") as database:
            address, token = database.execute("SELECT address, token FROM replicas").fetchone()
        return Direct(address=address, secret=token)

    def engine(self, model: str) -> Direct:
        """Return the running engine of a model; call the model once before."""
        token, status = self._supervisor(f"/processes/engine/{model}")
        return Direct(address=status["address"], secret=engine_key(token, model))

    def pids(self, prefix: str) -> list[int]:
        """Return the ids of the processes whose names begin so, as in ``gateway`` and ``replica/``."""
        return [status["pid"] for status in self._supervisor(f"/processes?prefix={prefix}")[1] if status["pid"]]

    def _supervisor(self, path: str) -> tuple[str, Any]:
        told = json.loads((self.home / "supervisor.json").read_text())
        request = urllib.request.Request(f"http://{told['control']}{path}", headers={"Authorization": f"Bearer {told['token']}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return told["token"], json.loads(answer.read())


@contextmanager
def installation(models: Path | None = None) -> Iterator[Installation]:
    """Yield an installation on a free port and a fresh home folder, with the model store `models`, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="flowyard-bench-") as folder:
        home = Path(folder)
        if models is not None:
            (home / "models").symlink_to(models)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLOWYARD_")}
        environment = {**kept, "FLOWYARD_HOME": folder}
        with (
            (home / "up.log").open("wb") as log,
            running([FLOWYARD, "up", "--port", "0", "--no-browser", "--json"], environment, log, output=subprocess.PIPE) as up,
        ):
            told = _told(up, home / "up.log")
            yield Installation(home=home, address=told["url"].removeprefix("http://"), environment=environment)


@contextmanager
def running(command: Sequence[str], environment: dict[str, str], log: Any, *, output: Any = None) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process of `command` that writes to the file `log`, or its output to `output`; end it at the end, whatever happened to it."""
    process = subprocess.Popen(command, env=environment, stdout=output or log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(40)
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def run_command(command: Sequence[str], environment: dict[str, str]) -> str:
    """Run `command` for at most ten minutes and return what it printed.

    Raises:
        RuntimeError: it failed.
    """
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout


def _told(process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    text = ""
    for line in process.stdout or ():
        text += line.decode()
        if line.rstrip() == b"}":
            return json.loads(text)
    raise RuntimeError(f"it did not start: {text}{log.read_text()[-2000:]}")
