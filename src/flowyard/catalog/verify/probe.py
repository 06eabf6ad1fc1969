"""What a check has in hand: the model's client, what is known of the model, and a record of what was asked and answered."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from flowyard.foundation.codecs import to_json
from flowyard.inference.client import ModelClient
from flowyard.wire.model_verifications import ModelPlace

#: Evidence is cut to so many characters: requests of long contexts are long.
SHOWN = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The model that is tried.

    Attributes:
        model: as it was asked for.
        call: as ``/v1`` knows it.
        place: where it runs.
        task: of its card; ``chat-completion`` for what has none.
        context: tokens of one request, prompt and answer together; None: not known.
        dimensions: of an embedding, where the card tells.
        small: llama.cpp runs it here, and it has too few parameters to write what is asked for.
    """

    model: str
    call: str
    place: ModelPlace
    task: Literal["chat-completion", "completion", "embeddings", "rerank"] = "chat-completion"
    context: int | None = None
    dimensions: int | None = None
    small: bool = False


class CheckFailedError(Exception):
    """A check's model did something else than it should; the message says what, in a sentence."""


class NotApplicableError(Exception):
    """A check does not apply to the model; the message says why."""


@dataclass(slots=True)
class Streamed:
    """A streamed answer: its pieces of text, why it ended, and when the first and the last piece came, seconds after the request."""

    pieces: list[str] = field(default_factory=list[str])
    finish: str | None = None
    first_s: float | None = None
    last_s: float = 0.0
    tokens: int = 0

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)


@dataclass(slots=True)
class Probe:
    """One check's calls. `request` and `answer` are its evidence: the last ones made. Tokens are summed up."""

    client: ModelClient
    subject: Subject
    max_context: int
    request: Any = None
    answer: Any = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    figures: dict[str, float] = field(default_factory=dict[str, float])

    async def chat(self, messages: str | list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
        """Ask for a whole answer; a text is the user's message. Temperature 0 unless said otherwise."""
        body = self._body(messages, fields)
        self.request, self.answer = body, None
        self.answer = await self.client.chat(body)
        self._count(self.answer)
        return self.answer

    async def stream(self, messages: str, **fields: Any) -> Streamed:
        """Ask for a streamed answer."""
        body = self._body(messages, {**fields, "stream_options": {"include_usage": True}})
        self.request, self.answer = body, None
        found, began = Streamed(), time.perf_counter()
        usage: dict[str, Any] = {}
        async for chunk in self.client.chat_stream(body):
            usage = chunk.get("usage") or usage
            for choice in cast("list[dict[str, Any]]", chunk.get("choices") or []):
                if piece := text_of(choice.get("delta")):
                    found.last_s = time.perf_counter() - began
                    found.first_s = found.last_s if found.first_s is None else found.first_s
                    found.pieces.append(piece)
                found.finish = choice.get("finish_reason") or found.finish
        self._count({"usage": usage})
        found.tokens = int(usage.get("completion_tokens") or len(found.pieces))
        self.answer = {"pieces": found.pieces, "finish_reason": found.finish, "usage": usage}
        return found

    async def embed(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of texts, in their order."""
        body = {"model": self.subject.call, "input": texts}
        self.request, self.answer = body, None
        found = await self.client.embeddings(body)
        self._count(found)
        data = cast("list[dict[str, Any]]", found.get("data") or [])
        vectors = [cast("list[float]", item.get("embedding") or []) for item in sorted(data, key=lambda item: item.get("index", 0))]
        self.answer = {"vectors": [{"dimensions": len(vector), "begins": vector[:4]} for vector in vectors]}
        return vectors

    async def rerank(self, query: str, documents: list[str]) -> list[dict[str, Any]]:
        """Return the results of a reranking."""
        body = {"model": self.subject.call, "query": query, "documents": documents}
        self.request, self.answer = body, None
        self.answer = await self.client.rerank(body)
        self._count(self.answer)
        return cast("list[dict[str, Any]]", self.answer.get("results") or [])

    def evidence(self) -> tuple[str | None, str | None]:
        """Return request and answer as JSON texts, cut."""
        return shown(self.request), shown(self.answer)

    def _body(self, messages: str | list[dict[str, Any]], fields: Mapping[str, Any]) -> dict[str, Any]:
        said = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
        return {"model": self.subject.call, "messages": said, "temperature": 0, **fields}

    def _count(self, answer: Mapping[str, Any]) -> None:
        usage = cast("dict[str, Any]", answer.get("usage") or {})
        self.prompt_tokens += int(usage.get("prompt_tokens") or 0)
        self.completion_tokens += int(usage.get("completion_tokens") or 0)


def first_choice(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer's first choice.

    Raises:
        CheckFailedError: there is none.
    """
    choices = cast("list[dict[str, Any]]", answer.get("choices") or [])
    if not choices:
        raise CheckFailedError("The answer has no choices.")
    return choices[0]


def text_of(message: Any) -> str:
    """Return the text of a message or delta; that of its reasoning is no part of it."""
    return str(cast("dict[str, Any]", message).get("content") or "") if isinstance(message, dict) else ""


def shown(value: Any) -> str | None:
    """Return a value as JSON text of at most `SHOWN` characters: of what is longer, the beginning and the end."""
    if value is None:
        return None
    text = to_json(value).decode()
    half = SHOWN // 2
    return text if len(text) <= SHOWN else f"{text[:half]} … ({len(text) - SHOWN:,} characters) … {text[-half:]}"
