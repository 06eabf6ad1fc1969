"""The calls of a model that question sets are made by: it writes a question, or it ranks those that a passage's statements give."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from flowyard.foundation.errors import FlowyardError
from flowyard.rag.model import Chunk
from flowyard.rag.questions.checking import Candidate, Reason
from flowyard.rag.questions.writing import body_of, candidate_of, confirming, likelihood_body, written_as
from flowyard.wire.index_questions import GeneratedKind

if TYPE_CHECKING:
    from flowyard.inference.client import ModelClient

#: So many requests run at once.
_AT_ONCE = 4
#: A question whose tokens are less likely than that on average (nats) is taken for worded badly. Chosen by eye from 64 questions that
#: SmolLM2-135M ranked of this project's pages: those that were split at a wrong word have -6.8 to -8.3, most good ones -1 to -6, and some
#: good yes-or-no and overview questions down to -8, which are refused, too.
BADLY_WORDED = -6.5


@dataclass(frozen=True, slots=True)
class Asked:
    """A passage, and what is asked for: of ``boolean`` the answer that is `wanted`. `options`: what the model ranks instead of writing."""

    chunk: Chunk
    kind: GeneratedKind
    wanted: str
    options: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a model wrote of a passage; `text` None when there is nothing, and why. `confirmed`: it answers so when asked again."""

    text: str | None
    tokens: int
    error: str | None = None
    confirmed: bool = True
    reason: Reason | None = None


async def ask(base_url: str, key: str, model: str, batch: Sequence[Asked], heard: Callable[[int], None], *, guided: bool) -> list[Written]:
    """Return what a model makes of passages; `heard` is told after each how many there are.

    Args:
        base_url: of an OpenAI-compatible API.
        key: for it.
        model: as the API calls it.
        batch: the passages.
        heard: is called while others go on.
        guided: questions that it writes are held to begin as such.
    """
    # The client is 0.15 s of imports, which every process of the platform would pay at its start.
    from flowyard.inference.client import ModelClient

    free, answered = asyncio.Semaphore(_AT_ONCE), count(1)

    async def told_of(client: "ModelClient", asked: Asked) -> Written:
        async with free:
            written = await (_best(client, model, asked) if asked.options else _write(client, model, asked, guided=guided))
        heard(next(answered))
        return written

    async with ModelClient(base_url, key) as client:
        return list(await asyncio.gather(*(told_of(client, asked) for asked in batch)))


async def _write(client: "ModelClient", model: str, asked: Asked, *, guided: bool) -> Written:
    written = await _answer(client, body_of(asked.chunk, asked.kind, model, asked.wanted, guided=guided))
    candidate = candidate_of(written.text or "", asked.chunk, asked.kind)
    if candidate is None or asked.kind != "boolean":
        return written
    # The answer was wanted so, and a model writes what is wanted: it is asked again without being told.
    again = await _answer(client, confirming(candidate, model))
    answered = candidate_of(again.text or "", asked.chunk, asked.kind)
    confirmed = answered is not None and answered.answer == asked.wanted
    return replace(written, tokens=written.tokens + again.tokens, confirmed=confirmed)


async def _best(client: "ModelClient", model: str, asked: Asked) -> Written:
    """Return of a passage's questions the one that is worded best: whose tokens the model finds the likeliest."""
    best, chosen, tokens = float("-inf"), asked.options[0], 0
    for option in asked.options:
        try:
            found = await client.chat(likelihood_body(option, model))
        except FlowyardError as error:
            return _failed(error, tokens)
        tokens += _tokens(found)
        likelihood = _likelihood(found)
        if likelihood > best:
            best, chosen = likelihood, option
    if best < BADLY_WORDED:
        return Written(text=None, tokens=tokens, reason="badly_worded")
    return Written(text=json.dumps(written_as(chosen), ensure_ascii=False), tokens=tokens)


def _likelihood(found: Mapping[str, Any]) -> float:
    """Return the mean logarithm of the tokens' probabilities, which the model gave without the grammar; the end is none of them."""
    choices = cast("list[dict[str, Any]]", found.get("choices") or [{}])
    told = cast("Mapping[str, Any]", choices[0].get("logprobs") or {})
    values = [float(token["logprob"]) for token in cast("list[dict[str, Any]]", told.get("content") or []) if token.get("token")]
    return sum(values) / len(values) if values else float("-inf")


async def _answer(client: "ModelClient", body: Mapping[str, Any]) -> Written:
    try:
        found = await client.chat(body)
    except FlowyardError as error:
        return _failed(error)
    choices = cast("list[dict[str, Any]]", found.get("choices") or [{}])
    message = cast("Mapping[str, Any]", choices[0].get("message") or {})
    return Written(text=str(message.get("content") or ""), tokens=_tokens(found))


def _failed(error: FlowyardError, tokens: int = 0) -> Written:
    return Written(text=None, tokens=tokens, error=f"{error.title}: {error.message}"[:500])


def _tokens(found: Mapping[str, Any]) -> int:
    return int(cast("Mapping[str, Any]", found.get("usage") or {}).get("total_tokens") or 0)
