"""Checks of models that write text. Each says in a sentence what was seen, or raises why it failed."""

import re
from typing import Any, cast

from flowyard.catalog.verify.probe import CheckFailedError, NotApplicableError, Probe, first_choice, text_of
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import FlowyardError

_COUNT = "Count from one to ten in words."
_SENTENCE = "Write a sentence about the sea."
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["red", "green", "blue"]}, "is_warm": {"type": "boolean"}},
    "required": ["colour", "is_warm"],
    "additionalProperties": False,
}
_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "The city's name."}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
_SECRET = "7413"  # noqa: S105 - what is to be found again in a long text
_FILLER = "The river ran past the mill, and the miller counted his sacks of flour twice before he closed the door. "
_NEEDLE = f"The number of the blue locker is {_SECRET}. "
_QUESTION = "\n\nWhat is the number of the blue locker? Answer with the number only."
#: The share of the context that is filled, and where the needle lies in it.
FILLED, PLACE = 0.9, 0.8
_ANSWER_TOKENS = 32


async def chat(probe: Probe) -> str:
    """It answers a message with a text and says how many tokens that took."""
    answer = await probe.chat("What is 2+2? Answer in a short sentence.", max_tokens=_ANSWER_TOKENS)
    choice = first_choice(answer)
    text = text_of(choice.get("message")).strip()
    if not text:
        raise CheckFailedError(f"The answer has no text; it ended because of {choice.get('finish_reason')!r}.")
    if not answer.get("usage"):
        raise CheckFailedError("The answer does not say how many tokens it took (usage).")
    return f"Answered {_quoted(text)}."


async def streaming(probe: Probe) -> str:
    """It streams an answer in pieces and says why it ended."""
    found = await probe.stream(_COUNT, max_tokens=_ANSWER_TOKENS)
    if len(found.pieces) < 2:
        raise CheckFailedError(f"The answer came in {len(found.pieces)} piece, not bit by bit.")
    if found.finish is None:
        raise CheckFailedError("The stream does not say why it ended (finish_reason).")
    return f"{len(found.pieces)} pieces, ended with {found.finish!r}."


async def stop(probe: Probe) -> str:
    """It stops before a word that it would otherwise say."""
    text = text_of(first_choice(await probe.chat(_SENTENCE, max_tokens=_ANSWER_TOKENS)).get("message"))
    words = [word for word in re.findall(r"[A-Za-z]{3,}", text) if text.count(word) == 1]
    if len(words) < 2:
        raise CheckFailedError(f"The answer has no word to stop at: {_quoted(text)}.")
    word = words[len(words) // 2]
    choice = first_choice(await probe.chat(_SENTENCE, max_tokens=_ANSWER_TOKENS, stop=[word]))
    cut = text_of(choice.get("message"))
    if word in cut:
        raise CheckFailedError(f"It was to stop before {word!r} and went on: {_quoted(cut)}.")
    if choice.get("finish_reason") != "stop":
        raise CheckFailedError(f"It was to stop before {word!r} and ended because of {choice.get('finish_reason')!r}.")
    return f"Stopped before {word!r}, after {len(cut)} of {len(text)} characters."


async def json_schema(probe: Probe) -> str:
    """It answers in JSON that fits a schema."""
    wanted = {"type": "json_schema", "json_schema": {"name": "colour", "strict": True, "schema": _SCHEMA}}
    answer = await probe.chat("Which colour has grass? Answer in JSON.", max_tokens=64, response_format=wanted)
    text = text_of(first_choice(answer).get("message"))
    found = _object(text)
    fits = found.keys() == {"colour", "is_warm"} and found["colour"] in {"red", "green", "blue"} and isinstance(found["is_warm"], bool)
    if not fits:
        raise CheckFailedError(f"The answer is JSON and does not fit the schema: {_quoted(text)}.")
    return f"Fits the schema: {_quoted(text)}."


async def tools(probe: Probe) -> str:
    """It calls the tool that it must call, with arguments that fit."""
    question = "What is the weather in Paris?"
    answer = await probe.chat(question, max_tokens=64, tools=[_TOOL], tool_choice="required")
    message = cast("dict[str, Any]", first_choice(answer).get("message") or {})
    calls = cast("list[dict[str, Any]]", message.get("tool_calls") or [])
    if not calls:
        raise CheckFailedError(f"It was to call a tool and answered {_quoted(text_of(message))}.")
    called = cast("dict[str, Any]", calls[0].get("function") or {})
    if called.get("name") != "get_weather":
        raise CheckFailedError(f"It called {called.get('name')!r}, which there is not.")
    given = _object(str(called.get("arguments") or ""))
    if not isinstance(given.get("city"), str) or set(given) != {"city"}:
        raise CheckFailedError(f"The arguments do not fit the tool's schema: {_quoted(str(called.get('arguments')))}.")
    return f"Called get_weather with city {given['city']!r}."


async def long_context(probe: Probe) -> str:
    """It finds a number that stands at 80 % of a prompt that fills 90 % of its context."""
    context = probe.subject.context
    if context is None:
        raise NotApplicableError("How long its context is, is not known.")
    tokens = round(FILLED * min(context, probe.max_context)) - _ANSWER_TOKENS
    if tokens < 256:
        raise NotApplicableError(f"A context of {context:,} tokens is too short to hide something in it.")
    few = await probe.chat(_FILLER * 8, max_tokens=1)
    many = await probe.chat(_FILLER * 16, max_tokens=1)
    each = (_prompt_tokens(many) - _prompt_tokens(few)) / 8
    if each <= 0:
        raise NotApplicableError("It does not say how many tokens a prompt has.")
    lines = int((tokens - 64) / each)
    before = int(lines * PLACE)
    text = f"{_FILLER * before}{_NEEDLE}{_FILLER * (lines - before)}{_QUESTION}"
    answer = await probe.chat(text, max_tokens=_ANSWER_TOKENS)
    said, used = text_of(first_choice(answer).get("message")), _prompt_tokens(answer)
    probe.figures["prompt_tokens"] = used
    if used < 0.9 * tokens:
        raise CheckFailedError(f"The prompt should have had about {tokens:,} tokens, and {used:,} were read: it was cut.")
    if _SECRET not in said:
        raise CheckFailedError(f"It did not find the number {_SECRET} at 80 % of {used:,} tokens and answered {_quoted(said)}.")
    return f"Found the number at 80 % of {used:,} tokens."


async def determinism(probe: Probe) -> str:
    """At temperature 0, with a seed, it answers the same three times."""
    texts = [text_of(first_choice(await probe.chat(_SENTENCE, max_tokens=_ANSWER_TOKENS, seed=7)).get("message")) for _ in range(3)]
    other = next((text for text in texts if text != texts[0]), None)
    if other is not None:
        same = next(
            (at for at, (one, two) in enumerate(zip(texts[0], other, strict=False)) if one != two), len(min(texts[0], other, key=len))
        )
        said = f"{_quoted(texts[0])}, {_quoted(other)}"
        raise CheckFailedError(f"The same request was answered differently, from character {same} on: {said}.")
    return "Three answers to the same request were the same."


async def speed(probe: Probe) -> str:
    """How long the first token and the following ones take: the median of three streamed answers."""
    firsts: list[float] = []
    rates: list[float] = []
    for number in range(3):
        # Each begins differently, so that none finds its prompt read already.
        found = await probe.stream(f"{number + 1}. {_COUNT}", max_tokens=_ANSWER_TOKENS)
        if found.first_s is None:
            raise CheckFailedError("The stream had no text.")
        firsts.append(found.first_s)
        if found.tokens > 1 and found.last_s > found.first_s:
            rates.append((found.tokens - 1) / (found.last_s - found.first_s))
    probe.figures["first_token_ms"] = round(sorted(firsts)[1] * 1000, 1)
    if rates:
        probe.figures["tokens_per_s"] = round(sorted(rates)[len(rates) // 2], 1)
    rate = f"{probe.figures['tokens_per_s']:,.1f} tokens/s" if rates else "too few pieces to tell tokens/s"
    return f"First token after {probe.figures['first_token_ms']:,.0f} ms, {rate}; the median of three."


def _object(text: str) -> dict[str, Any]:
    try:
        found = from_json(text)
    except FlowyardError as error:
        raise CheckFailedError(f"This is no JSON: {_quoted(text)}.") from error
    if not isinstance(found, dict):
        raise CheckFailedError(f"This is no JSON object: {_quoted(text)}.")
    return cast("dict[str, Any]", found)


def _prompt_tokens(answer: dict[str, Any]) -> int:
    usage = cast("dict[str, Any]", answer.get("usage") or {})
    return int(usage.get("prompt_tokens") or 0)


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 80 else f"{text[:77]}…")
