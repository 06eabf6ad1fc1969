"""What is counted against what the real engines take: held within 15 %."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from flowyard.catalog.cards import built_in_cards
from flowyard.catalog.fit.service import FitQuery, fit_of, this_machine
from flowyard.compute.processes.supervisor import Supervisor
from flowyard.inference.client import ModelClient
from flowyard.inference.engines import engine_spec
from flowyard.inference.engines.settings import CacheType
from flowyard.inference.providers.local import engine
from local_model import CHAT_MODEL, EMBEDDING_MODEL

pytestmark = pytest.mark.integration

#: The engine may take so much more or less than what was counted.
TOLERANCE = 0.15


def resident(pid: int) -> int:
    """The most memory that a process ever had, bytes (``VmHWM``, proc(5))."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


async def peak(store: Path, logs: Path, name: str, settings: dict[str, Any], bodies: list[dict[str, Any]]) -> int:
    given = built_in_cards()[name].engine
    assert given
    supervisor = Supervisor(logs)
    spec = engine_spec(name, store / name, msgspec.structs.replace(given, **settings), api_key="k")
    status = await supervisor.ensure(spec)
    assert status.address
    assert status.pid
    try:
        async with ModelClient.of(engine(status.address, "k")) as client:
            ask = client.embeddings if "input" in bodies[0] else client.completions
            await asyncio.gather(*(ask(body) for body in bodies))
        return resident(status.pid)
    finally:
        await supervisor.stop(spec.name)


@pytest.mark.parametrize(("context", "parallel", "cache_type"), [(512, 1, "f16"), (4096, 4, "f16"), (8192, 2, "q8_0")])
async def test_a_chat_model(model_store: Path, tmp_path: Path, context: int, parallel: int, cache_type: CacheType) -> None:
    settings = {"context": context, "parallel": parallel, "cache_type": cache_type}
    body = {"model": CHAT_MODEL, "prompt": "word " * 200, "max_tokens": 2, "temperature": 0}
    measured = await peak(model_store, tmp_path, CHAT_MODEL, settings, [body])
    query = FitQuery(context=context, concurrency=parallel, cache_type=cache_type)
    need = fit_of(built_in_cards()[CHAT_MODEL], query, this_machine()).places[0].need
    assert need
    assert abs(need.total / measured - 1) <= TOLERANCE, f"counted {need}, measured {measured:,}"


@pytest.mark.parametrize("texts", [1, 8])
async def test_an_encoder(encoder_store: Path, tmp_path: Path, texts: int) -> None:
    body = {"model": EMBEDDING_MODEL, "input": ["word " * 505] * texts}
    measured = await peak(encoder_store, tmp_path, EMBEDDING_MODEL, {}, [body])
    need = fit_of(built_in_cards()[EMBEDDING_MODEL], FitQuery(concurrency=texts), this_machine()).places[0].need
    assert need
    assert abs(need.total / measured - 1) <= TOLERANCE, f"counted {need}, measured {measured:,}"
