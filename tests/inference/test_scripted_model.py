"""The scripted model, in process and as a server."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest

from flowyard.inference.client import ModelClient, Retries
from flowyard.inference.errors import ModelCallError, ModelRateLimitedError, ModelStreamCutError, ScriptInvalidError
from flowyard.inference.providers import InlineConnection, provider_for
from flowyard.inference.providers.script import Rule, Script, ScriptedError, ScriptedToolCall, ScriptedUsage, read_script

SCRIPT = r"""
models: [fake, fake-large]
rules:
  - match: '(?i)weather in (?P<city>\w+)'
    answer: It is sunny in ${city} ($1), at $20.
  - match: book for (\d+)
    tool_calls: [{name: book, arguments: {people: $1}}]
  - match: as json
    json: {a: [1, 2]}
  - match: flaky
    times: 2
    error: {status: 503, message: Not now.}
  - match: limited
    error: {status: 429, code: rate, retry_after_s: 0.01}
  - match: break off
    answer: This will not end
    cut_after: 2
  - match: count
    answer: one two three
    usage: {prompt_tokens: 70, completion_tokens: 30}
  - model: fake-large
    answer: I am large.
answers: [First., {answer: Second.}]
"""


def client(script: str = SCRIPT, **retries: Any) -> ModelClient:
    provider = provider_for(InlineConnection(name="fake", type="scripted", configs={"script": script}))
    return ModelClient.of(provider, retries=Retries(first_wait_s=0.01, **retries))


def ask(text: str, **fields: Any) -> dict[str, Any]:
    return {"model": "fake", "messages": [{"role": "system", "content": "Be."}, {"role": "user", "content": text}], **fields}


def text_of(answer: dict[str, Any]) -> Any:
    return answer["choices"][0]["message"]["content"]


@pytest.mark.parametrize(("question", "answer"), [("Weather in Rome?", "It is sunny in Rome (Rome), at $20."), ("as json", '{"a":[1,2]}')])
async def test_rules(question: str, answer: str) -> None:
    assert text_of(await client().chat(ask(question))) == answer


async def test_answers_come_in_order_and_the_last_repeats() -> None:
    fake = client()
    assert [text_of(await fake.chat(ask("?"))) for _ in range(3)] == ["First.", "Second.", "Second."]


@pytest.mark.parametrize(("spent", "third"), [("repeat", "b"), ("loop", "a")])
async def test_when_answers_are_spent(spent: str, third: str) -> None:
    fake = client(f"{{answers: [a, b], when_spent: {spent}}}")
    assert [text_of(await fake.chat(ask("?"))) for _ in range(3)][-1] == third


async def test_spent_can_be_an_error() -> None:
    fake = client("{answers: [a], when_spent: error}", attempts=1)
    await fake.chat(ask("?"))
    with pytest.raises(ModelCallError, match="all are spent"):
        await fake.chat(ask("?"))


async def test_an_empty_script_echoes_parts_too() -> None:
    parts = [{"type": "text", "text": "Hello"}, {"type": "image_url", "image_url": {"url": "x"}}]
    assert text_of(await client("{}").chat({"messages": [{"role": "user", "content": parts}]})) == "Hello"


async def test_tools_and_usage() -> None:
    answer = await client().chat(ask("book for 4"))
    call = answer["choices"][0]["message"]["tool_calls"][0]
    assert (call["function"]["name"], call["function"]["arguments"]) == ("book", '{"people":"4"}')
    assert answer["choices"][0]["finish_reason"] == "tool_calls"
    assert (await client().chat(ask("count")))["usage"] == {"prompt_tokens": 70, "completion_tokens": 30, "total_tokens": 100}
    assert (await client().chat(ask("hello there")))["usage"]["prompt_tokens"] == 3


async def test_errors_limits_and_models() -> None:
    assert text_of(await client().chat(ask("flaky"))) == "First."
    with pytest.raises(ModelRateLimitedError) as caught:
        await client().chat(ask("limited"))
    assert caught.value.retry_after_s == 0.01
    assert text_of(await client().chat(ask("?", model="fake-large"))) == "I am large."
    assert [model["id"] for model in (await client().models())["data"]] == ["fake", "fake-large"]
    answer = await client().chat(ask("count", max_tokens=2))
    assert (text_of(answer), answer["choices"][0]["finish_reason"]) == ("one two", "length")


async def test_streams_words_tools_and_usage() -> None:
    chunks = [part async for part in client().chat_stream(ask("count", stream_options={"include_usage": True}))]
    assert "".join(part["choices"][0]["delta"].get("content", "") for part in chunks[:-1]) == "one two three"
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["total_tokens"] == 100
    calls = [part["choices"][0]["delta"].get("tool_calls") async for part in client().chat_stream(ask("book for 4"))]
    assert "".join(call[0]["function"]["arguments"] for call in calls if call) == '{"people":"4"}'
    with pytest.raises(ModelStreamCutError):
        _ = [part async for part in client().chat_stream(ask("break off"))]


async def test_completions_and_embeddings() -> None:
    fake = client("{}")
    assert (await fake.completions({"prompt": "Say it"}))["choices"][0]["text"] == "Say it"
    chunks = [part async for part in fake.completions_stream({"prompt": "Say it"})]
    assert "".join(part["choices"][0]["text"] for part in chunks) == "Say it"
    vectors = [item["embedding"] for item in (await fake.embeddings({"input": ["a cat", "a cat", "the cat", "stocks"]}))["data"]]
    again = (await client("{}").embeddings({"input": "a cat"}))["data"][0]["embedding"]
    assert vectors[0] == vectors[1] == again
    assert sum(value * value for value in vectors[0]) == pytest.approx(1)
    near, far = (sum(x * y for x, y in zip(vectors[0], vectors[at], strict=True)) for at in (2, 3))
    assert near > far
    with pytest.raises(ModelCallError, match="no list of texts"):
        await fake.embeddings({"input": [1]})


@pytest.mark.parametrize(
    ("script", "told", "remedy"),
    [
        ("{anwsers: [a]}", "unknown field", "'answers'"),
        ("{rules: [{match: '('}]}", "no regular expression", ""),
        ("{rules: [{times: x}]}", "Expected `int", ""),
        ("rules: [", "no YAML", ""),
        ("/no/such/file.yaml", "no file", ""),
    ],
)
def test_a_script_that_is_wrong_says_where(script: str, told: str, remedy: str) -> None:
    with pytest.raises(ScriptInvalidError, match=told) as caught:
        read_script(script)
    assert remedy in str(caught.value)


@pytest.mark.integration
def test_as_a_server_for_the_stock_client(tmp_path: Any) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT)
    command = [sys.executable, "-m", "flowyard.inference.providers.scripted_app", "--script", str(path), "--key", "k"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            with openai.OpenAI(base_url=url, api_key="k", max_retries=0) as stock:
                said = stock.chat.completions.create(model="fake", messages=[{"role": "user", "content": "Weather in Rome?"}])
                assert said.choices[0].message.content == "It is sunny in Rome (Rome), at $20."
                parts = stock.chat.completions.create(model="fake", messages=[{"role": "user", "content": "count"}], stream=True)
                assert "".join(part.choices[0].delta.content or "" for part in parts) == "one two three"
                assert len(stock.embeddings.create(model="fake", input="a cat").data[0].embedding) == 16
            with openai.OpenAI(base_url=url, api_key="wrong", max_retries=0) as stranger, pytest.raises(openai.AuthenticationError):
                stranger.models.list()
        finally:
            process.terminate()


def test_every_key_is_documented() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "scripted-model.md").read_text("utf-8")
    for struct in (Script, Rule, ScriptedError, ScriptedUsage, ScriptedToolCall):
        for key in struct.__struct_fields__:
            assert f"`{key}`" in page or f"{key}," in page or f"{key}}}" in page, key
