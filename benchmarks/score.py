"""`/score` of the three-node Python flow through the gateway of a whole installation: keys, traces and the indexer are on, as always.

The load generator runs on the same cores, and so do its targets; they take turns, so that a busy machine is busy for all of them. The floor
is a bare ASGI application on the same server that parses JSON and answers JSON. Where ``PROMPTFLOW_PYTHON`` names an interpreter that has
promptflow, its own server is measured too (``pf flow serve``, as it comes: flask's development server, tracing off).
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.harness import Figure
from benchmarks.installation import Installation, installation, running
from benchmarks.load import Target, requests_a_second
from benchmarks.startup import free_port, wait_for

ROOT = Path(__file__).parents[1]
FLOW = ROOT / "examples/flows/three-nodes"
BODY = json.dumps({"text": "Prompt flows are programs, and programs want tests."})
ANSWER = {"summary": {"characters": 51, "words": 8, "most_common": "programs"}}
CLIENTS = (1, 8, 32, 256)
ROUNDS, ROUND_S = 3, 2.0

GATEWAY, REPLICA, FLOOR, PROMPTFLOW = "gateway", "the replica alone", "bare ASGI, JSON in, JSON out", "promptflow's own server"


def figures() -> Iterator[Figure]:
    """Measure all targets at each number of clients.

    Raises:
        RuntimeError: a target failed, or answered something else than the flow does.
    """
    with ExitStack() as stack:
        platform = stack.enter_context(installation())
        targets = {GATEWAY: deployed(platform), REPLICA: _replica(platform), FLOOR: stack.enter_context(_floor())}
        python = os.environ.get("PROMPTFLOW_PYTHON")
        if python:
            targets[PROMPTFLOW] = stack.enter_context(_promptflow(python))
        for name, target in targets.items():
            _check(name, target)
            requests_a_second(target, clients=8, seconds=1.0)
        medians: dict[int, dict[str, float]] = {}
        for clients in CLIENTS:
            medians[clients] = _measured(targets, clients)
            yield from _compared(medians[clients], clients)
        yield Figure(
            what="/score, 3 Python nodes, 256 clients",
            ours=medians[256][GATEWAY],
            unit="req/s",
            peer_name="32 clients",
            peer=medians[32][GATEWAY],
            aim=">= 0.5",
        )


def _measured(targets: dict[str, Target], clients: int) -> dict[str, float]:
    """Return the requests a second of each target, the median of some rounds in which they take turns."""
    rates: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, target in targets.items():
            rates[name].append(requests_a_second(target, clients=clients, seconds=ROUND_S))
    return {name: statistics.median(measured) for name, measured in rates.items()}


def _compared(medians: dict[str, float], clients: int) -> Iterator[Figure]:
    for name, peer in medians.items():
        if name != GATEWAY:
            yield Figure(
                what=f"/score, 3 Python nodes, {clients} client{'s' * (clients > 1)}",
                ours=medians[GATEWAY],
                unit="req/s",
                peer_name=name,
                peer=peer,
                aim=">= 20" if name == PROMPTFLOW and clients > 1 else "",
            )


def _check(name: str, target: Target) -> None:
    request = urllib.request.Request(
        f"http://{target.address}{target.path}",
        data=target.body.encode(),
        headers={"Content-Type": "application/json", **target.headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{name}: HTTP {error.code}: {error.read()[:500]!r}") from error
    if found != ANSWER:
        raise RuntimeError(f"{name} answers {found}, not {ANSWER}")


def deployed(platform: Installation) -> Target:
    """Deploy the flow, and return where it is scored."""
    platform.run("endpoint", "create", "bench")
    platform.run("endpoint", "deploy", "bench", "--flow", str(FLOW))
    headers = {"Authorization": f"Bearer {platform.api_key}"}
    return Target(address=platform.address, path="/endpoints/bench/score", body=BODY, headers=headers)


def _replica(platform: Installation) -> Target:
    replica = platform.replica()
    return Target(address=replica.address, path="/score", body=BODY, headers={"Flowyard-Replica-Token": replica.secret})


@contextmanager
def _floor() -> Iterator[Target]:
    address = f"127.0.0.1:{free_port()}"
    with running([sys.executable, "-m", "benchmarks.score", address], {**os.environ, "PYTHONPATH": str(ROOT)}, None) as process:
        wait_for(f"http://{address}/", process)
        yield Target(address=address, path="/score", body=BODY, headers={})


@contextmanager
def _promptflow(python: str) -> Iterator[Target]:
    """Serve a copy of the flow, since promptflow writes into its folder, under a home of its own with its telemetry off."""
    with tempfile.TemporaryDirectory(prefix="promptflow-bench-") as folder:
        home, port = Path(folder), free_port()
        shutil.copytree(FLOW, home / "flow")
        (home / ".promptflow").mkdir()
        (home / ".promptflow" / "pf.yaml").write_text("telemetry:\n  enabled: false\n")
        serve = [python, "-m", "promptflow._cli._pf.entry", "flow", "serve", "--source", str(home / "flow"), "--skip-open-browser"]
        environment = {**os.environ, "HOME": folder}
        with (
            (home / "log").open("wb") as log,
            running([*serve, "--host", "127.0.0.1", "--port", str(port)], environment, log) as process,
        ):
            wait_for(f"http://127.0.0.1:{port}/health", process)
            yield Target(address=f"127.0.0.1:{port}", path="/score", body=BODY, headers={})


async def floor(scope: Any, receive: Any, send: Any) -> None:
    """Parse a JSON body, answer JSON: what any Python server of a flow must do at least."""
    if scope["type"] != "http":
        return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if body:
        json.loads(body)
    answer = json.dumps(ANSWER).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


def _serve_floor(address: str) -> None:
    import uvicorn

    host, _, port = address.partition(":")
    uvicorn.run(floor, host=host, port=int(port), log_config=None, access_log=False, lifespan="off", ws="none", backlog=2048)


if __name__ == "__main__":
    _serve_floor(sys.argv[1])
