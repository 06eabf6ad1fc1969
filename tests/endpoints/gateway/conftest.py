import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import urllib3

from flowyard.endpoints.gateway.build import GatewayParts, build_gateway
from flowyard.endpoints.memory_figures import MemoryFigures
from flowyard.endpoints.memory_gateways import MemoryGateways
from flowyard.inference.providers.scripted_app import ScriptedApp
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.sinks import MemorySink
from support.endpoint_routes import deployment, endpoint
from support.memory_installation import MemoryCatalog, MemoryHost, MemorySource, Served
from support.recording_upstream import Upstream

SCRIPT = """
models: [scripted]
rules:
  - match: weather in (\\w+)
    answer: It is sunny in $1.
  - match: book a table
    tool_calls: [{name: book, arguments: {people: 2}}]
  - match: slow
    answer: one two three four five six seven eight nine ten
    chunk_delay_ms: 50
  - match: wait long
    answer: at last
    delay_ms: 5000
  - match: limited
    error: {status: 429, message: Slow down., code: rate_limited, retry_after_s: 1}
  - match: wrong key
    error: {status: 401, message: Bad key.}
  - match: break off
    answer: This will not be whole
    cut_after: 3
  - echo: true
"""


@dataclass
class Running:
    """A gateway that listens, with everything behind it in reach."""

    url: str
    source: MemorySource
    host: MemoryHost
    sink: MemorySink
    server: Upstream
    replica: Upstream
    other: Upstream
    engine: Served
    replica_address: str
    other_address: str
    pool: urllib3.PoolManager
    #: Micro-dollars of a token; None: prices are not known.
    prices: dict[str, int | None]
    figures: MemoryFigures
    gateways: MemoryGateways

    def request(self, method: str, path: str, *, body: Any = None, key: str | None = "invoker", **headers: str) -> urllib3.BaseHTTPResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["authorization"] = f"Bearer {key}"
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("content-type", "application/json")
        return self.pool.request(method, self.url + path, body=data, headers=sent, redirect=False)

    def span(self, pick: Callable[[SpanRecord], bool] = lambda record: True) -> SpanRecord:
        for _ in range(200):
            for record in list(self.sink.records):
                if pick(record):
                    return record
            time.sleep(0.01)
        raise AssertionError("no such span")


@pytest.fixture
def gateway() -> Iterator[Running]:
    source, host, sink = MemorySource(), MemoryHost(), MemorySink()
    prices: dict[str, int | None] = {"token": None}

    def price_of(provider: str, model: str, prompt: int, completion: int, cached: int = 0) -> int | None:
        return None if prices["token"] is None else prices["token"] * (prompt + completion)

    server, replica, other = Upstream("server"), Upstream("replica"), Upstream("other")
    for role in ("owner", "contributor", "reader", "invoker"):
        source.add_key(role, role)
    source.put_connection("script", "scripted", {"script": SCRIPT})
    with (
        Served(lambda: server, lifespan="off") as served,
        Served(lambda: replica, lifespan="off") as first,
        Served(lambda: other, lifespan="off") as second,
        Served(lambda: ScriptedApp(SCRIPT, "engine-key")) as engine,
    ):
        host.addresses = [engine.address]
        source.put_endpoint(endpoint({"blue": 100}, deployment("blue", first.address), deployment("green", second.address)))
        figures, gateways = MemoryFigures(), MemoryGateways()
        parts = GatewayParts(
            source=source,
            host=host,
            local=MemoryCatalog(),
            sink=sink,
            server=served.address,
            poll_s=0.05,
            price_of=price_of,
            figures=figures,
            gateways=gateways,
        )
        with Served(lambda: build_gateway(parts)) as running, urllib3.PoolManager(retries=False) as pool:
            addresses = (first.address, second.address)
            yield Running(running.url, source, host, sink, server, replica, other, engine, *addresses, pool, prices, figures, gateways)
