"""OTLP over HTTP, acknowledged when durable, against SQLite that keeps the same spans as durably, a commit a batch.

Where ``MLFLOW_PYTHON`` or ``PHOENIX_PYTHON`` names an interpreter that has MLflow or Phoenix, its own server takes such spans too, on
SQLite, as it comes. The floor is a bare ASGI application that reads, appends and fsyncs.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import Figure
from benchmarks.installation import Installation, installation, running
from benchmarks.intake import FLOOR, served
from benchmarks.load import Target, requests_a_second, send_once
from benchmarks.spans import BATCH, attributes, batches, ids_in, prompts
from benchmarks.startup import free_port, wait_for

SECONDS, LONG_S = 6.0, 60.0
PEER_BATCHES, SENDERS = 20, 8
PROTOBUF = {"Content-Type": "application/x-protobuf"}


def figures() -> Iterator[Figure]:
    """Send batches of model calls with prompts of 500 characters, from 1 and from 8 connections; the load runs on the same cores."""
    body = batches(1)[0]
    with served(FLOOR) as (address, _):
        floor = requests_a_second(target_of(address, body), clients=SENDERS, seconds=SECONDS) * BATCH
    with installation() as installed:
        target = target_of(installed.address, body, Authorization=f"Bearer {installed.api_key}")
        rates = {clients: requests_a_second(target, clients=clients, seconds=SECONDS) * BATCH for clients in (1, SENDERS)}
        yield taken(rates[1], 1, "SQLite, a commit a batch", sqlite_rate())
        yield taken(rates[SENDERS], SENDERS, "bare ASGI: read, append, fsync", floor)
        for name, peer in peers().items():
            yield taken(rates[SENDERS], SENDERS, name, peer)
        yield from sustained(installed, target)


def taken(ours: float, senders: int, peer_name: str, peer: float) -> Figure:
    """How many spans a second are acknowledged."""
    what = f"OTLP acknowledged, {BATCH} spans a request, {senders} senders"
    return Figure(what=what, ours=ours, unit="span/s", peer_name=peer_name, peer=peer, aim="50,000 span/s")


def target_of(address: str, body: bytes, **headers: str) -> Target:
    """Return a request of spans to a server."""
    return Target(
        address=address,
        path="/v1/traces",
        body=body.decode("latin-1"),
        headers={**PROTOBUF, **headers},
        encoding="latin-1",
        fresh=ids_in(body),
    )


def sustained(installed: Installation, target: Target) -> Iterator[Figure]:
    """A minute without a pause, three times: the rate once the indexer has to keep up, and the server's memory after each."""
    peaks: list[float] = []
    rates: list[float] = []
    for _ in range(3):
        reset_peak(installed)
        rates.append(requests_a_second(target, clients=SENDERS, seconds=LONG_S / 3) * BATCH)
        peaks.append(memory_mib(installed, "VmHWM"))
    yield Figure(
        what="OTLP acknowledged, the last third of a minute", ours=rates[-1], unit="span/s", peer_name="the first", peer=rates[0], aim=""
    )
    behind = spooled(installed) / len(target.body) * BATCH
    yield Figure(
        what=f"memory of the server, most, {sum(rates) * LONG_S / 3 / 1e6:.1f}M spans", ours=peaks[-1], unit="MiB",
        peer_name="a third of them", peer=peaks[0], aim="<= 1.1",
    )  # fmt: skip
    begun = time.perf_counter()
    while spooled(installed) > len(target.body) * 1000 and time.perf_counter() - begun < 2 * LONG_S:
        time.sleep(0.1)
    yield Figure(
        what="what waits then is visible after", ours=time.perf_counter() - begun, unit="s",
        peer_name="at 50,000 span/s", peer=behind / 50_000, aim="",
    )  # fmt: skip


def peers() -> dict[str, float]:
    """Return how many spans a second the servers take whose interpreters are named; each request holds new spans."""
    found: dict[str, float] = {}
    for name, serve in (("MLflow's own server", mlflow), ("Phoenix's own server", phoenix)):
        python = os.environ.get(f"{name.partition(chr(39))[0].upper()}_PYTHON")
        if python:
            with serve(python) as (address, headers):
                sent = [target_of(address, body, **headers) for body in batches(PEER_BATCHES + 2)]
                send_once(sent[:2])
                begun = time.perf_counter()
                send_once(sent[2:])
                found[name] = PEER_BATCHES * BATCH / (time.perf_counter() - begun)
    return found


@contextmanager
def mlflow(python: str) -> Generator[tuple[str, dict[str, str]]]:
    """Serve MLflow on SQLite under a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="mlflow-bench-") as folder:
        port = free_port()
        command = [python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        store = ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", f"{folder}/artifacts"]
        bin_first = {
            **os.environ,
            "PATH": f"{Path(python).parent}:{os.environ['PATH']}",
            "HOME": folder,
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        with (Path(folder) / "log").open("wb") as log, running([*command, *store], bin_first, log) as process:
            wait_for(f"http://127.0.0.1:{port}/health", process)
            yield f"127.0.0.1:{port}", {"x-mlflow-experiment-id": "0"}


@contextmanager
def phoenix(python: str) -> Generator[tuple[str, dict[str, str]]]:
    """Serve Phoenix on SQLite under a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="phoenix-bench-") as folder:
        port = free_port()
        ports = {"PHOENIX_HOST": "127.0.0.1", "PHOENIX_PORT": str(port), "PHOENIX_GRPC_PORT": str(free_port())}
        environment = {**os.environ, **ports, "PHOENIX_WORKING_DIR": folder, "HOME": folder, "PHOENIX_TELEMETRY_ENABLED": "false"}
        with (
            (Path(folder) / "log").open("wb") as log,
            running([python, "-m", "phoenix.server.main", "serve"], environment, log) as process,
        ):
            wait_for(f"http://127.0.0.1:{port}/healthz", process)
            yield f"127.0.0.1:{port}", {}


def sqlite_rate() -> float:
    """Return how many spans a second SQLite keeps, each batch durable before the next."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "spans.db")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE spans (trace TEXT, span TEXT, name TEXT, start INTEGER, duration INTEGER, attributes TEXT)")
        database.execute("CREATE INDEX by_trace ON spans (trace)")
        text, count, began = str(attributes(prompts(1)[0])), 0, time.perf_counter()
        while time.perf_counter() - began < 3:
            rows = [(f"{count + each:032x}", f"{each:016x}", "chat gpt-4o", count, 10**9, text) for each in range(BATCH)]
            database.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?)", rows)
            database.commit()
            count += BATCH
        database.close()
        return count / (time.perf_counter() - began)


def spooled(installed: Installation) -> int:
    """Return how many bytes stand in the spools."""
    return sum(path.stat().st_size for path in installed.home.glob("spools/*/*.spool") if path.exists())


def reset_peak(installed: Installation) -> None:
    """Let the server's most memory count from now (proc(5), clear_refs)."""
    (server(installed) / "clear_refs").write_text("5")


def memory_mib(installed: Installation, name: str) -> float:
    """Return the memory of the server's process, as a line of its status names it."""
    lines = (server(installed) / "status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def server(installed: Installation) -> Path:
    """Return the folder of the server's process in /proc.

    Raises:
        RuntimeError: there is none.
    """
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"server_main" in command and str(installed.home).encode() in environment:
            return folder
    raise RuntimeError("the server does not run")
