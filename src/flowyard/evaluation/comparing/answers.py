"""Asking one model many questions, some at once."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flowyard.evaluation.comparing.questions import Question
from flowyard.foundation.errors import FlowyardError

if TYPE_CHECKING:
    from flowyard.inference.client import ModelClient

#: Requests at once: as many as a local engine computes.
AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model answered to a row, or why it did not. `duration_ms` is of the whole call, with its retries."""

    line: int
    text: str | None
    error: str | None
    duration_ms: float
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How models are asked: the same for all."""

    system: str | None
    max_tokens: int


async def answers(client: "ModelClient", model: str, asked: Sequence[Question], how: Asking) -> list[Answer]:
    """Return an answer for each question, in their order. What goes wrong with one is its answer's error."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(question: Question) -> Answer:
        async with free:
            return await _answer(client, model, question, how)

    return list(await asyncio.gather(*(one(question) for question in asked)))


async def _answer(client: "ModelClient", model: str, question: Question, how: Asking) -> Answer:
    said = [{"role": "system", "content": how.system}] if how.system else []
    body = {
        "model": model,
        "messages": [*said, {"role": "user", "content": question.text}],
        "temperature": 0,
        "max_tokens": how.max_tokens,
    }
    began = time.perf_counter()
    try:
        found = await client.chat(body)
    except FlowyardError as error:
        return Answer(line=question.line, text=None, error=f"{error.title}: {error.message}"[:500], duration_ms=_since(began))
    usage = cast("Mapping[str, Any]", found.get("usage") or {})
    choices = cast("list[dict[str, Any]]", found.get("choices") or [{}])
    message = cast("Mapping[str, Any]", choices[0].get("message") or {})
    return Answer(
        line=question.line,
        text=str(message.get("content") or ""),
        error=None,
        duration_ms=_since(began),
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
    )


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
