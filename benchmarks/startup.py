"""How long until the command answers, and until the platform serves a page."""

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from benchmarks.harness import FLOWYARD, Figure, median_seconds, wall

HELLO = "import uvicorn, fastapi; app = fastapi.FastAPI(); app.get('/health')(lambda: {}); uvicorn.run(app, port=PORT, log_level='error')"


def figures() -> Iterator[Figure]:
    """Compare with an interpreter that does nothing, and with a FastAPI application of one route."""
    bare = wall([sys.executable, "-c", "pass"])
    version = wall([FLOWYARD, "--version"])
    yield Figure(what="flowyard --version", ours=version, unit="s", peer_name="python -c pass", peer=bare, aim="0.15 s in all")
    yield Figure(
        what="flowyard up, second start, to a page",
        ours=second_start(),
        unit="s",
        peer_name="FastAPI with one route, to its answer",
        peer=median_seconds(hello_start, runs=3),
        aim="3 s in all",
    )


def second_start() -> float:
    """Return the median time from `flowyard up` to the studio's page and down again, on a home folder that was used before."""
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        start = [FLOWYARD, "up", "--home", home, "--port", str(port), "--no-browser"]

        def once() -> None:
            run_until_answer(start, f"http://127.0.0.1:{port}/")

        return median_seconds(once, runs=3)


def hello_start() -> None:
    """Start the peer and wait for its answer."""
    port = free_port()
    run_until_answer([sys.executable, "-c", HELLO.replace("PORT", str(port))], f"http://127.0.0.1:{port}/health")


def run_until_answer(command: list[str], url: str) -> None:
    """Start `command`, wait until `url` answers 200, and stop it; stopping is part of the time of both sides."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(url, process)
        finally:
            process.terminate()
            process.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Poll `url` for at most a minute.

    Raises:
        RuntimeError: the process ended, or the minute is over.
    """
    for _ in range(3000):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
        else:
            return
        if process.poll() is not None:
            break
    raise RuntimeError(f"{url} never answered")


def free_port() -> int:
    """Return a port of the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
