"""What the gateway costs: processor time a request, latency added under a paced load, and time added to a streamed chunk.

The peer is the same scripted model's server, called without the gateway by the same load generator. Keys and traces are on, as always;
the key of ``chat``, ``route`` and the streams has limits of all kinds, leased from SQLite. ``LITELLM_PYTHON`` names an interpreter that has
``litellm[proxy]``: its proxy is then measured in front of the same model, without keys, limits and traces.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.harness import Figure
from flowyard.endpoints.gateway.loopback import LoopbackClient, request_head

#: A hundred chunks, so that what the call itself costs is a small part of each.
TEXT = " ".join("abcdefghijklmnopqrst" * 5)
RULES = f"[{{match: stream, answer: '{TEXT}', chunk_delay_ms: 10}}, {{match: burst, answer: '{TEXT}'}}]"
SCRIPT = f"{{rules: {RULES}, answers: [A short answer.]}}"
REPLICA = """
inputs: {question: {type: string, default: hi}}
outputs: {answer: {type: string, reference: "${three.output}"}}
nodes:
- {name: one, type: python, source: {type: code, path: step.py}, inputs: {text: "${inputs.question}"}}
- {name: two, type: python, source: {type: code, path: step.py}, inputs: {text: "${one.output}"}}
- {name: three, type: python, source: {type: code, path: step.py}, inputs: {text: "${two.output}"}}
"""
STEP = "from promptflow.core import tool\n\n@tool\ndef step(text: str) -> str:\n    return text + '.'\n"
CLIENTS = 16
RATE = 320
QUANTILES = (("p50", 0.5), ("p99", 0.99))


@dataclass
class Target:
    """An address, and what a request to it says."""

    address: str
    path: str
    headers: list[tuple[bytes, bytes]]
    body: bytes
    pid: int

    def head(self) -> bytes:
        return request_head("POST", self.path, self.address, [(b"content-type", b"application/json"), *self.headers], len(self.body))


async def once(client: LoopbackClient, target: Target) -> None:
    answer = await client.send(target.address, target.head(), target.body, timeout_s=30)
    data = await answer.read()
    await answer.close()
    if answer.status != 200:
        raise RuntimeError(f"HTTP {answer.status}: {data[:300]!r}")


async def flat_out(target: Target, clients: int, seconds: float) -> tuple[float, float]:
    """Return requests a second and the target's processor microseconds a request."""
    client, done = LoopbackClient(), 0
    end = time.perf_counter() + seconds
    before, begun = cpu_s(target.pid), time.perf_counter()

    async def run() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await once(client, target)
            done += 1

    await asyncio.gather(*(run() for _ in range(clients)))
    spent = cpu_s(target.pid) - before
    rate = done / (time.perf_counter() - begun)
    client.close()
    return rate, spent / done * 1e6


async def paced(target: Target, seconds: float) -> list[float]:
    """Return latencies in milliseconds of `CLIENTS` clients that send `RATE` requests a second between them."""
    client, latencies = LoopbackClient(), list[float]()
    gap = CLIENTS / RATE

    async def run(offset: float) -> None:
        due = time.perf_counter() + offset
        end = due + seconds
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            begun = time.perf_counter()
            await once(client, target)
            latencies.append((time.perf_counter() - begun) * 1e3)
            due += gap

    await asyncio.gather(*(run(number * gap / CLIENTS) for number in range(CLIENTS)))
    client.close()
    return sorted(latencies)


async def chunks(target: Target, streams: int) -> tuple[float, float]:
    """Return the milliseconds from the first chunk to the last, and the target's processor microseconds a chunk."""
    client, times, count = LoopbackClient(), list[float](), 0
    before = cpu_s(target.pid)

    async def run() -> None:
        nonlocal count
        answer = await client.send(target.address, target.head(), target.body, timeout_s=30)
        arrived: list[float] = []
        async for piece in answer.pieces():
            arrived.append(time.perf_counter())
            count += piece.count(b"data:")
        times.append((arrived[-1] - arrived[0]) * 1e3)
        await answer.close()

    for _ in range(3):
        await asyncio.gather(*(run() for _ in range(streams)))
    client.close()
    return statistics.median(times), (cpu_s(target.pid) - before) / count * 1e6


def cpu_s(pid: int) -> float:
    """Return the processor seconds that a process has used, with nanosecond resolution, over all its threads."""
    total = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        total += int(path.read_text().split()[0])
    return total / 1e9


def quantile(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(len(values) * part))]


async def measure(pairs: dict[str, tuple[Target, Target]], seconds: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (gateway, peer) in pairs.items():
        for target in (peer, gateway):
            await flat_out(target, 4, 0.5)
        if name in {"stream", "burst"}:
            (alone, own), (through, spent) = await chunks(peer, 8), await chunks(gateway, 8)
            found[name] = {"direct_ms": alone, "gateway_ms": through, "cpu_us_a_chunk": spent, "peer_cpu_us_a_chunk": own}
            continue
        (direct, peer_cpu), (rate, spent) = await flat_out(peer, CLIENTS, seconds), await flat_out(gateway, CLIENTS, seconds)
        base, added = await paced(peer, seconds), await paced(gateway, seconds)
        found[name] = {
            "cpu_us_a_request": spent,
            "peer_cpu_us_a_request": peer_cpu,
            "requests_a_second": rate,
            "direct_requests_a_second": direct,
            **{f"direct_{part}_ms": quantile(base, at) for part, at in QUANTILES},
            **{f"{part}_ms": quantile(added, at) for part, at in QUANTILES},
        }
    return found


def spawn(role: str, told: dict[str, Any]) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks.gateway", role, json.dumps(told)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
    line = process.stdout.readline() if process.stdout else b""
    return process, json.loads(line)


def measure_all(seconds: float) -> dict[str, Any]:
    """Start the model's server, a replica and the gateway, each a process, and measure."""
    processes: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            model, at = spawn("model", {})
            processes.append(model)
            (Path(folder) / "flow.dag.yaml").write_text(REPLICA)
            (Path(folder) / "step.py").write_text(STEP)
            replica, replica_at = spawn("replica", {"folder": folder})
            processes.append(replica)
            gateway, gateway_at = spawn("gateway", {"folder": folder, "model": at["address"], "replica": replica_at["address"]})
            processes.append(gateway)
            keys = [(b"authorization", b"Bearer " + gateway_at["key"].encode())]
            token = [(b"flowyard-replica-token", b"token")]
            path, score = "/v1/chat/completions", b'{"question": "hello"}'
            chat = {"model": "peer/scripted", "messages": [{"role": "user", "content": "Say something."}]}
            stream = {"model": "peer/scripted", "stream": True, "messages": [{"role": "user", "content": "stream"}]}
            burst = {"model": "peer/scripted", "stream": True, "messages": [{"role": "user", "content": "burst"}]}

            def through(where: str, body: bytes, headers: list[tuple[bytes, bytes]] = keys) -> Target:
                return Target(gateway_at["address"], where, headers, body, gateway.pid)

            def direct(body: bytes) -> Target:
                return Target(at["address"], path, [], body, model.pid)

            pairs = {
                "chat": (through(path, json.dumps(chat).encode()), direct(json.dumps(chat).encode())),
                "chat without limits": (
                    through(path, json.dumps(chat).encode(), [(b"authorization", b"Bearer plain")]),
                    direct(json.dumps(chat).encode()),
                ),
                "route": (through(path, json.dumps({**chat, "model": "route"}).encode()), direct(json.dumps(chat).encode())),
                "score": (through("/endpoints/bench/score", score), Target(replica_at["address"], "/score", token, score, replica.pid)),
                "stream": (through(path, json.dumps(stream).encode()), direct(json.dumps(stream).encode())),
                "burst": (through(path, json.dumps(burst).encode()), direct(json.dumps(burst).encode())),
            }
            if os.environ.get("LITELLM_PYTHON"):
                litellm, address = start_litellm(Path(folder), at["address"])
                processes.append(litellm)
                pairs["litellm"] = (
                    Target(address, path, [], json.dumps({**chat, "model": "peer"}).encode(), litellm.pid),
                    direct(json.dumps(chat).encode()),
                )
            return uvloop.run(measure(pairs, seconds))
        finally:
            for process in processes:
                process.terminate()
                process.wait()


def start_litellm(folder: Path, model: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start LiteLLM's proxy in front of the model and return its process and address, once it answers."""
    (folder / "litellm.yaml").write_text(
        "model_list: [{model_name: peer, litellm_params: {model: openai/scripted, api_key: none, "
        f"api_base: 'http://{model}/v1'}}}}]\nlitellm_settings: {{telemetry: false}}\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    program = Path(os.environ["LITELLM_PYTHON"]).with_name("litellm")
    command = [str(program), "--config", str(folder / "litellm.yaml"), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"]
    environment = {
        **os.environ,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOG": "ERROR",
        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
    }
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    address = f"127.0.0.1:{port}"
    for _ in range(240):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return process, address
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("LiteLLM's proxy did not start within two minutes")


def figures() -> Iterator[Figure]:
    """Measure and yield the figures. The peer's are of the same run; a latency is the whole call's, with and without the gateway."""
    found = measure_all(4.0)
    for name, aim in (("chat", "<= 250 us"), ("chat without limits", ""), ("route", "<= 250 us"), ("score", ""), ("litellm", "")):
        told = found.get(name)
        if told is None:
            continue
        yield Figure(
            what=f"{name}: processor time a request, gateway alone",
            ours=told["cpu_us_a_request"],
            unit="us",
            peer_name="the upstream's own",
            peer=told["peer_cpu_us_a_request"],
            aim=aim,
        )
        for part, bound in (("p50", "adds <= 0.5 ms"), ("p99", "adds <= 2.5 ms")):
            yield Figure(
                what=f"{name}: {part} at {RATE} requests/s of {CLIENTS} clients, through it",
                ours=told[f"{part}_ms"],
                unit="ms",
                peer_name="without it",
                peer=told[f"direct_{part}_ms"],
                aim=bound,
            )
    told = found["stream"]
    yield Figure(
        what="stream: first chunk to last, 8 at once, 10 ms a chunk",
        ours=told["gateway_ms"],
        unit="ms",
        peer_name="without it",
        peer=told["direct_ms"],
        aim="",
    )
    yield Figure(
        what="stream: processor time a chunk, gateway alone",
        ours=told["cpu_us_a_chunk"],
        unit="us",
        peer_name="the upstream's own",
        peer=told["peer_cpu_us_a_chunk"],
        aim="<= 50 us",
    )
    told = found["burst"]
    yield Figure(
        what="stream: processor time a chunk where they come at once",
        ours=told["cpu_us_a_chunk"],
        unit="us",
        peer_name="the upstream's own",
        peer=told["peer_cpu_us_a_chunk"],
        aim="<= 10 us",
    )


def serve(make: Callable[[], Any], more: dict[str, Any] | None = None) -> None:
    """Serve an application by the protocol of the platform, and print its address together with `more`."""
    import uvicorn

    from flowyard.compute.direct import WholeProtocol

    class Telling(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            print(json.dumps({"address": f"{host}:{port}", **(more or {})}), flush=True)

    async def run() -> None:
        named: dict[str, Any] = {"log_config": None, "access_log": False, "proxy_headers": False, "lifespan": "on", "ws": "none"}
        config = uvicorn.Config(make(), port=0, http=WholeProtocol, **named)
        await Telling(config).serve()

    uvloop.run(run())


def serve_model(told: dict[str, Any]) -> None:
    from flowyard.inference.providers.scripted_app import ScriptedApp

    del told
    serve(lambda: ScriptedApp(SCRIPT))


def serve_replica(told: dict[str, Any]) -> None:
    from flowyard.flows.load import load_flow
    from flowyard.flows.serving.app import create_app
    from flowyard.tracing.recorder import Recorder
    from flowyard.tracing.spool import SpoolSink

    sink = SpoolSink(Path(told["folder"]), "replica")
    flow = load_flow(told["folder"], recorder=Recorder(sink))
    serve(lambda: create_app(flow, token="token"))


def tables(told: dict[str, Any]) -> Any:
    """Return what the gateway reads: a key with limits and one without, a connection, an endpoint, a route."""
    from flowyard.connections.model import ResolvedConnection
    from flowyard.endpoints.gateway.directory import digest_of
    from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute, KeyEntry, ReplicaRoute
    from flowyard.endpoints.routes.ports import RouteRecord
    from flowyard.identity.limits import NO_LIMITS
    from flowyard.wire.limits import Limits
    from flowyard.wire.routes import RouteSpec, RouteTarget

    limits = Limits(requests_per_minute=10**8, tokens_per_minute=10**12, dollars_per_day=10**6, dollars_per_month=10**7)
    spec = RouteSpec(targets=(RouteTarget(model="peer/scripted"),), fallbacks=("peer/other",), timeout_s=30)
    plain = digest_of("plain")
    route = ReplicaRoute(name="r", address=told["replica"], token="token")
    deployment = DeploymentRoute(id="d", name="blue", kind="flow", replicas=(route,))
    peer = ResolvedConnection(workspace_id="w", name="peer", type="open_ai", configs={"base_url": f"http://{told['model']}/v1"})

    class Tables:
        def position(self) -> int:
            return 0

        def events(self, after: int) -> list[Any]:
            del after
            return []

        def key(self, digest: str) -> Any:
            own = NO_LIMITS if digest == plain else limits
            return KeyEntry(id="k", digest=digest, workspace_id="w", name="bench", role="invoker", limits=own)

        def limits(self, workspace_id: str | None = None) -> dict[str, Any]:
            del workspace_id
            return {}

        def routes(self, workspace_id: str | None = None) -> list[Any]:
            del workspace_id
            return [RouteRecord(workspace_id="w", name="route", spec=spec, created_ns=1, updated_ns=1)]

        def session(self, digest: str) -> None:
            del digest

        def connections(self, workspace_id: str | None = None) -> list[Any]:
            del workspace_id
            return [peer]

        def endpoints(self, workspace_id: str | None = None) -> list[Any]:
            del workspace_id
            return [EndpointRoute(id="e", workspace_id="w", name="bench", traffic={"blue": 100}, deployments={"blue": deployment})]

    return Tables()


def serve_gateway(told: dict[str, Any]) -> None:
    """A gateway over fixed tables: reading a database at start is not what is measured. Limits are leased from SQLite."""
    from flowyard.endpoints.gateway.build import GatewayParts, build_gateway
    from flowyard.inference.prices import price_of
    from flowyard.storage import migrate
    from flowyard.storage.engine import open_engine
    from flowyard.storage.sql.limits import SqlLeaseStore
    from flowyard.tracing.spool import SpoolSink

    nothing: Any = None
    sink = SpoolSink(Path(told["folder"]), "gateway")
    engine = open_engine(f"sqlite:///{told['folder']}/metadata.db")
    migrate.upgrade(engine)
    parts = GatewayParts(
        source=tables(told),
        host=nothing,
        local=nothing,
        sink=sink,
        server="127.0.0.1:9",
        price_of=price_of,
        leases=SqlLeaseStore(engine),
    )
    serve(lambda: build_gateway(parts), {"key": "bench", "pid": os.getpid()})


ROLES: dict[str, Callable[[dict[str, Any]], None]] = {"model": serve_model, "replica": serve_replica, "gateway": serve_gateway}

if __name__ == "__main__":
    ROLES[sys.argv[1]](json.loads(sys.argv[2]))
