"""How long until the command answers, and until the platform serves a page."""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from benchmarks.harness import FLOWYARD, Figure, wall

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
        peer=hello_start(),
        aim="3 s in all",
    )


def second_start() -> float:
    """Return the median time from `flowyard up` to the studio's page, on a home folder that was used before."""
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        start = [FLOWYARD, "up", "--home", home, "--port", str(port), "--no-browser"]
        return seconds_to_answer(start, f"http://127.0.0.1:{port}/")


def hello_start() -> float:
    """Return the median time from the peer's start to its answer."""
    port = free_port()
    return seconds_to_answer([sys.executable, "-c", HELLO.replace("PORT", str(port))], f"http://127.0.0.1:{port}/health")


def seconds_to_answer(command: list[str], url: str, *, runs: int = 3) -> float:
    """Start `command`, wait until `url` answers 200, and stop it; return the median time to the answer, after a run that is not counted."""
    times: list[float] = []
    for _ in range(runs + 1):
        with tempfile.TemporaryFile() as log:
            begin = time.perf_counter()
            process = subprocess.Popen(command, stdout=log, stderr=log)
            try:
                wait_for(url, process)
                times.append(time.perf_counter() - begin)
            finally:
                process.terminate()
                process.wait(30)
    return statistics.median(times[1:])


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
