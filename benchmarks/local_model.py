"""The local model through the gateway against its engine alone: the same engine process, in turns, streamed.

The model is SmolLM2 135M from the store of ``.cache``, where the tests keep it too.
"""

import asyncio
import json
import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.harness import FLOWYARD, Figure
from benchmarks.installation import installation, run_command
from flowyard.endpoints.gateway.loopback import LoopbackClient, request_head

MODEL = "smollm2-135m"
CACHE = Path(__file__).parents[1] / ".cache"
STREAMS = (1, 4)
ROUNDS = 10
TOKENS = 96
BODY = json.dumps(
    {
        "model": MODEL,
        "messages": [{"role": "user", "content": "Write a long story about a ship and its crew."}],
        "max_tokens": TOKENS,
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
).encode()


def figures() -> Iterator[Figure]:
    """Compare streamed tokens a second, whole answers from the request to the last chunk.

    Raises:
        RuntimeError: an answer was not 200, or was cut off.
    """
    run_command([FLOWYARD, "model", "pull", MODEL], {**os.environ, "FLOWYARD_HOME": str(CACHE)})
    with installation(CACHE / "models") as platform:
        path, gateway = "/v1/chat/completions", platform.address
        head = _head(path, gateway, platform.api_key)
        uvloop.run(_rate(gateway, head, 1))  # the first call starts the engine
        engine = platform.engine(MODEL)
        pair = ((gateway, head), (engine.address, _head(path, engine.address, engine.secret)))
        for streams in STREAMS:
            ours, alone = uvloop.run(_compare(pair, streams))
            yield Figure(
                what=f"{MODEL}, {streams} streams at once" if streams > 1 else f"{MODEL}, one stream",
                ours=ours,
                unit="tokens/s",
                peer_name="the engine alone",
                peer=alone,
                aim=">= 0.97",
            )


async def _compare(pair: tuple[tuple[str, bytes], tuple[str, bytes]], streams: int) -> tuple[float, float]:
    """Return the medians of both sides over many short rounds. Who goes first changes, since the second finds the caches warm."""
    rates: tuple[list[float], list[float]] = ([], [])
    for round_ in range(ROUNDS + 1):
        for side in (0, 1) if round_ % 2 else (1, 0):
            rate = await _rate(*pair[side], streams)
            if round_:
                rates[side].append(rate)
    return statistics.median(rates[0]), statistics.median(rates[1])


async def _rate(address: str, head: bytes, streams: int) -> float:
    """Return the tokens a second of so many answers at once."""
    client = LoopbackClient()
    begun = time.perf_counter()
    tokens = await asyncio.gather(*(_stream(client, address, head) for _ in range(streams)))
    rate = sum(tokens) / (time.perf_counter() - begun)
    client.close()
    return rate


async def _stream(client: LoopbackClient, address: str, head: bytes) -> int:
    answer = await client.send(address, head, BODY, timeout_s=120)
    data = b"".join([piece async for piece in answer.pieces()])
    await answer.close()
    events = [line.removeprefix(b"data: ") for line in data.splitlines() if line.startswith(b"data: ")]
    if answer.status != 200 or not events or events[-1] != b"[DONE]":
        raise RuntimeError(f"{address}: HTTP {answer.status}: {data[-500:]!r}")
    return int(json.loads(events[-2])["usage"]["completion_tokens"])


def _head(path: str, address: str, key: str) -> bytes:
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {key}".encode())]
    return request_head("POST", path, address, headers, len(BODY))
