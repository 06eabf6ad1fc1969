"""The checks of a verification: a model that does what it should passes, one that does not fails with its reason."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from flowyard.catalog.verify.checks import ALL, chosen, run_check, tokens
from flowyard.catalog.verify.probe import SHOWN, Probe, Subject, shown
from flowyard.inference.client import ModelClient, Retries
from flowyard.inference.errors import ModelAccessDeniedError
from flowyard.wire.model_verifications import CheckName, ModelCheck
from support.obedient_model import ObedientModel, obedient, said

CHAT = Subject(model="m", call="m", place="connection", context=2048)
CHAT_CHECKS: tuple[CheckName, ...] = ("chat", "streaming", "stop", "json_schema", "tools", "long_context", "determinism", "speed")


async def check(name: CheckName, model: ObedientModel, subject: Subject = CHAT) -> ModelCheck:
    async with ModelClient.of(model, retries=Retries(attempts=1)) as client:
        return await run_check(name, Probe(client=client, subject=subject, max_context=8192))


@pytest.mark.parametrize("name", CHAT_CHECKS)
async def test_what_a_model_should_do(name: CheckName) -> None:
    found = await check(name, ObedientModel())
    assert found.status == "pass", found.detail
    assert found.request
    assert found.answer


def drifting() -> Callable[[dict[str, Any]], Any]:
    count = itertools.count()
    return lambda body: said(f"The sea is {next(count)} deep and wide.")


NO_LIMIT = {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]}


@pytest.mark.parametrize(
    ("name", "answer", "reason"),
    [
        ("chat", lambda body: said(""), "no text"),
        ("chat", lambda body: {"choices": []}, "no choices"),
        ("chat", lambda body: {**said("Hello"), "usage": None}, "usage"),
        ("chat", lambda body: (400, "bad model"), "bad model"),
        ("streaming", lambda body: [NO_LIMIT], "1 piece"),
        ("stop", lambda body: obedient({**body, "stop": []}), "went on"),
        ("stop", lambda body: said("1 2 3"), "no word to stop at"),
        ("stop", lambda body: {**(a := obedient(body)), "choices": [{**a["choices"][0], "finish_reason": "length"}]}, "'length'"),
        ("json_schema", lambda body: said("green"), "no JSON"),
        ("json_schema", lambda body: said("[1]"), "no JSON object"),
        ("json_schema", lambda body: said('{"colour": "pink", "is_warm": true}'), "does not fit"),
        ("tools", lambda body: said("It rains."), "It rains."),
        ("tools", lambda body: said(None, tool_calls=[{"function": {"name": "fly", "arguments": "{}"}}]), "'fly'"),
        ("tools", lambda body: said(None, tool_calls=[{"function": {"name": "get_weather", "arguments": '{"town": 1}'}}]), "do not fit"),
        ("long_context", lambda body: said("I do not know.", prompt=sum(len(m["content"].split()) for m in body["messages"])), "80 %"),
        ("long_context", lambda body: said("7413", prompt=min(400, len(body["messages"][0]["content"].split()))), "it was cut"),
        ("determinism", drifting(), "from character 11"),
    ],
)
async def test_what_it_should_not(name: CheckName, answer: Callable[[dict[str, Any]], Any], reason: str) -> None:
    found = await check(name, ObedientModel(chat=answer))
    assert (found.status, reason in found.detail) == ("fail", True), found.detail


async def test_what_does_not_apply() -> None:
    assert (await check("embeddings", ObedientModel())).status == "not_applicable"
    unknown = Subject(model="m", call="m", place="connection")
    assert "not known" in (await check("long_context", ObedientModel(), unknown)).detail
    short = Subject(model="m", call="m", place="connection", context=256)
    assert "too short" in (await check("long_context", ObedientModel(), short)).detail


async def test_the_needle_lies_at_four_fifths_of_a_prompt_that_fills_the_context() -> None:
    model = ObedientModel()
    found = await check("long_context", model)
    prompt = str(model.bodies[-1]["messages"][0]["content"])
    assert 0.78 < prompt.index("locker is") / len(prompt) < 0.82
    assert 0.8 * 2048 < found.figures["prompt_tokens"] < 0.9 * 2048


async def test_nobody_is_tried_who_does_not_let_us_in() -> None:
    with pytest.raises(ModelAccessDeniedError):
        await check("chat", ObedientModel(chat=lambda body: (401, "no")))


VECTORS = {"How": [1.0, 0.0], "Par": [0.9, 0.1], "The": [0.0, 1.0]}


def vectors(body: dict[str, Any]) -> dict[str, Any]:
    return {"data": [{"index": at, "embedding": VECTORS.get(text[:3], [1.0, 1.0])} for at, text in enumerate(body["input"])]}


def scores(body: dict[str, Any]) -> dict[str, Any]:
    near = ["Parcels" in text for text in body["documents"]]
    return {"results": [{"index": at, "relevance_score": 0.9 if good else 0.1} for at, good in enumerate(near)]}


async def test_encoders() -> None:
    model = ObedientModel(vectors=vectors, scores=scores)
    encoder = Subject(model="e", call="e", place="local", task="embeddings", dimensions=2)
    ranker = Subject(model="r", call="r", place="local", task="rerank")
    for name, subject in (("embeddings", encoder), ("determinism", encoder), ("speed", encoder), ("rerank", ranker), ("speed", ranker)):
        found = await check(name, model, subject)  # type: ignore[arg-type]
        assert found.status == "pass", found.detail
    assert (
        "the card says 3"
        in (await check("embeddings", model, Subject(model="e", call="e", place="local", task="embeddings", dimensions=3))).detail
    )
    worse = ObedientModel(vectors=lambda body: {"data": [{"embedding": [1.0, float(at)]} for at in (0, 9, 1)]})
    assert "no nearer" in (await check("embeddings", worse, Subject(model="e", call="e", place="local", task="embeddings"))).detail
    other = ObedientModel(scores=lambda body: {"results": [{"index": 0, "relevance_score": 1.0}, {"index": 1, "relevance_score": 0.5}]})
    assert (await check("rerank", other, ranker)).status == "fail"


def test_which_are_made_and_what_they_cost() -> None:
    assert chosen(None) == ALL
    assert chosen(("speed", "chat")) == ("chat", "speed")
    assert tokens(("chat",), CHAT, 8192) == (50, 32)
    assert tokens(("long_context",), CHAT, 8192)[0] > 1800
    assert tokens(("long_context",), CHAT, 1024)[0] < 1600
    assert tokens(ALL, Subject(model="e", call="e", place="local", task="embeddings"), 8192)[1] < 300


def test_evidence_is_cut() -> None:
    text = shown({"x": "a" * 10_000})
    assert text
    assert len(text) < SHOWN + 60
    assert "characters" in text
