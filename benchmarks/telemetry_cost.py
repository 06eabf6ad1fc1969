"""What tracing costs a `/score` request: processor time of a replica that serves the three-node flow, with its spans and without.

The two take turns; the writing of the spool, on a thread of the replica, is in it. Reading it is another process' work (`intake`).
The same is set beside what the whole request takes: the gateway and the replica of an installation together.
"""

import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import Figure, cpu_seconds
from benchmarks.installation import installation, running
from benchmarks.load import Target, requests_a_second
from benchmarks.score import BODY, FLOW, deployed
from benchmarks.startup import free_port, wait_for

ROOT = Path(__file__).parents[1]
ON, OFF, TOKEN = "on", "off", "token"
CLIENTS, SECONDS, ROUNDS = 8, 2.0, 5


def figures() -> Iterator[Figure]:
    """Measure a request with tracing on and off, and the share of it that tracing is, of the replica's work and of the whole request's."""
    best = {ON: float("inf"), OFF: float("inf")}
    with served(ON) as traced, served(OFF) as bare:
        for _ in range(ROUNDS):
            for name, (address, pid) in ((ON, traced), (OFF, bare)):
                target = Target(address=address, path="/score", body=BODY, headers={"Flowyard-Replica-Token": TOKEN})
                best[name] = min(best[name], _spent(target, [pid]))
    yield Figure(
        what="/score, 3 Python nodes, traced, in the replica", ours=best[ON] * 1e6, unit="µs", peer_name="not traced", peer=best[OFF] * 1e6,
        aim="",
    )  # fmt: skip
    with installation() as platform:
        target = deployed(platform)
        requests_a_second(target, clients=CLIENTS, seconds=1.0)
        pids = [*platform.pids("gateway"), *platform.pids("replica/")]
        whole = min(_spent(target, pids) for _ in range(ROUNDS))
    yield Figure(
        what="/score, 3 Python nodes, traced, gateway and replica together", ours=whole * 1e6, unit="µs",
        peer_name="less what tracing adds in the replica", peer=(whole - (best[ON] - best[OFF])) * 1e6, aim="<= 1.1",
    )  # fmt: skip


def _spent(target: Target, pids: list[int]) -> float:
    """Return the seconds of processor time that a request costs those processes."""
    begun = sum(map(cpu_seconds, pids))
    rate = requests_a_second(target, clients=CLIENTS, seconds=SECONDS)
    return (sum(map(cpu_seconds, pids)) - begun) / (rate * SECONDS)


@contextmanager
def served(name: str) -> Generator[tuple[str, int]]:
    """Serve the flow in a process of its own; yield its address and process id."""
    address = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        tempfile.TemporaryDirectory(prefix="flowyard-bench-") as folder,
        running([sys.executable, "-m", "benchmarks.telemetry_cost", name, address, folder], environment, None) as process,
    ):
        wait_for(f"http://{address}/health", process)
        yield address, process.pid


def _serve(name: str, address: str, folder: str) -> None:
    import uvicorn

    from flowyard.flows import process
    from flowyard.flows.runtime.line import Engine
    from flowyard.flows.runtime.line_spool import LineKeeper, LineSpool
    from flowyard.flows.serving.app import create_app
    from flowyard.tracing.recorder import Recorder
    from flowyard.tracing.spool import SpoolSink

    engine = Engine(packed=True)
    if name == ON:
        sink = SpoolSink(Path(folder), "bench")
        keeper = LineKeeper(LineSpool(Path(folder), "bench", "bench", {"workspace_id": "w", "endpoint": "bench", "flow": "bench"}))
        engine = Engine(recorder=Recorder(sink, workspace_id="w", endpoint="bench", flow="bench"), keep_line=keeper.keep, packed=True)
    process.enter(FLOW)
    app = create_app(process.load(FLOW, engine, {}, name="bench"), token=TOKEN)
    host, _, port = address.partition(":")
    uvicorn.run(app, host=host, port=int(port), log_config=None, access_log=False, lifespan="off", ws="none")


if __name__ == "__main__":
    _serve(*sys.argv[1:])
