"""The real model in the real engine."""

import asyncio
import json
import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from flowyard.catalog.service import Catalog
from flowyard.compute.errors import ProcessFailedError
from flowyard.compute.processes.supervisor import Supervisor
from flowyard.endpoints.gateway.requests import read_request
from flowyard.inference.client import ModelClient, Retries
from flowyard.inference.engines import EngineSettings, engine_key, engine_name, engine_spec
from flowyard.inference.engines.llamacpp_tools import StreamRewriter, rewrite_request, rewrite_response
from flowyard.inference.errors import ModelAccessDeniedError, ModelRequestRefusedError
from flowyard.inference.providers.local import engine
from local_model import CHAT_MODEL

pytestmark = pytest.mark.integration

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather of a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    },
    {
        "type": "function",
        "function": {
            "name": "add",
            "parameters": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]},
        },
    },
]


def ask(text: str, **fields: Any) -> dict[str, Any]:
    return {"model": CHAT_MODEL, "messages": [{"role": "user", "content": text}], "temperature": 0, "max_tokens": 24, **fields}


@pytest.fixture
async def running(model_store: Path, tmp_path: Path) -> AsyncIterator[tuple[Supervisor, ModelClient, str]]:
    supervisor = Supervisor(tmp_path / "logs")
    wanted = Catalog(model_store).engine(CHAT_MODEL, "secret")
    status = await supervisor.ensure(wanted.process)
    assert status.address
    assert wanted.key == engine_key("secret", CHAT_MODEL)
    async with ModelClient.of(engine(status.address, wanted.key), retries=Retries(attempts=1)) as client:
        yield supervisor, client, status.address
    await supervisor.stop(engine_name(CHAT_MODEL))


async def test_chat(running: tuple[Supervisor, ModelClient, str]) -> None:
    _, client, address = running
    first = await client.chat(ask("What is 2+2?"))
    text = first["choices"][0]["message"]["content"]
    assert "4" in text
    assert first["usage"]["completion_tokens"] > 0
    assert [model["id"] for model in (await client.models())["data"]] == [CHAT_MODEL]

    others = await asyncio.gather(*(client.chat(ask("What is 2+2?")) for _ in range(6)))
    assert {other["choices"][0]["message"]["content"] for other in others} == {text}, "temperature 0 gives one answer in all slots"

    chunks = [chunk async for chunk in client.chat_stream(ask("What is 2+2?", stream_options={"include_usage": True}))]
    streamed = "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
    assert streamed == text
    assert chunks[-1]["usage"]["completion_tokens"] == first["usage"]["completion_tokens"]

    with pytest.raises(ModelRequestRefusedError, match="context"):
        await client.chat(ask("word " * 5000))
    with pytest.raises(ModelRequestRefusedError):
        await client.chat({"messages": "no list"})
    async with ModelClient.of(engine(address, "wrong"), retries=Retries(attempts=1)) as stranger:
        with pytest.raises(ModelAccessDeniedError):
            await stranger.chat(ask("Hi"))


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "add"}}])
async def test_forced_tools_hold(running: tuple[Supervisor, ModelClient, str], choice: Any) -> None:
    _, client, _ = running
    body, rewrite = rewrite_request(ask("What is 2+3?", tools=TOOLS, tool_choice=choice, max_tokens=200))
    assert rewrite is not None
    answered = rewrite_response(await client.chat(body), rewrite)["choices"][0]
    assert answered["finish_reason"] == "tool_calls"
    whole = answered["message"]["tool_calls"][0]["function"]
    assert whole["name"] in rewrite.tools

    rewriter = StreamRewriter(rewrite)
    calls: list[dict[str, Any]] = []
    async for chunk in client.chat_stream(body):
        for made in rewriter.feed(chunk):
            calls += [call for choice in made["choices"] for call in choice["delta"].get("tool_calls", [])]
    assert calls[0]["function"]["name"] == whole["name"]
    assert json.loads("".join(call["function"]["arguments"] for call in calls)) == json.loads(whole["arguments"])


async def test_answers_fit_patterns_that_the_engine_would_not_know(running: tuple[Supervisor, ModelClient, str]) -> None:
    _, client, _ = running
    for pattern in (
        r"^\d{3}-\d{4}$", r"^[\w.-]{1,9}@[\w-]{1,9}\.\w{2,3}$", r"^https?:\/\/\S{1,12}$", r'^say "\w"$', "(^a$|^b$)", r"^[^\s\d]{3}$",
        r"^(?P<y>\d{4})-(?<m>\d\d)$", r"^[\d\-x]{4}$", r"^[^^]-[-^]$", r"^\W\S\D$", r"^(?:cat|dog){1,2}?\s[A-Z][^\W\d]{2,5}$",
        r"^\ud83d\ude00[^\x20-\x7e]$", "^.{3}\\\\$", r"^a{,3}b{2,3}c\{x}$",
    ):  # fmt: skip
        form = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "string", "pattern": pattern}}}
        request = read_request(json.dumps(ask("Say something.", response_format=form)).encode())
        answer = await client.chat(json.loads(request.body("chat/completions", CHAT_MODEL, local=True)))
        text = json.loads(answer["choices"][0]["message"]["content"])
        plain = pattern.replace("(?<m>", "(?P<m>").replace(r"\ud83d\ude00", "\U0001f600")
        assert re.search(plain, text, re.ASCII), (pattern, text)


async def test_a_client_that_leaves_frees_the_slot_and_a_killed_engine_comes_back(running: tuple[Supervisor, ModelClient, str]) -> None:
    supervisor, client, address = running
    stream = client.chat_stream(ask("Write a very long story.", max_tokens=2000))
    await anext(stream)
    await stream.aclose()
    headers = {"authorization": f"Bearer {engine_key('secret', CHAT_MODEL)}"}
    async with aiohttp.ClientSession() as session:
        for _ in range(50):
            async with session.get(f"http://{address}/metrics", headers=headers) as metrics:
                busy = "llamacpp:requests_processing 0" not in await metrics.text()
            if not busy:
                break
            await asyncio.sleep(0.1)
    assert not busy

    before = supervisor.get(engine_name(CHAT_MODEL))
    assert before is not None
    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)
    for _ in range(100):
        after = supervisor.get(engine_name(CHAT_MODEL))
        if after is not None and after.state == "ready" and after.pid != before.pid:
            break
        await asyncio.sleep(0.1)
    assert after is not None
    assert after.address is not None
    async with ModelClient.of(engine(after.address, engine_key("secret", CHAT_MODEL))) as again:
        assert "4" in (await again.chat(ask("What is 2+2?")))["choices"][0]["message"]["content"]


@pytest.mark.parametrize(("content", "told"), [(None, "There is no"), (b"no model", "llama.cpp cannot load")])
async def test_a_model_that_cannot_be_loaded_says_so(tmp_path: Path, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / "m.gguf").write_bytes(content)
    supervisor = Supervisor(tmp_path / "logs")
    spec = engine_spec("m", tmp_path, EngineSettings(kind="llamacpp", task="chat", model_file="m.gguf"), api_key="k")
    with pytest.raises(ProcessFailedError, match=told):
        await supervisor.ensure(spec)
    await supervisor.stop(spec.name)
