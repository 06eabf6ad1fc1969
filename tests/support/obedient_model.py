"""A model that does all that it is asked, or, where a test says so, something else."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

from flowyard.foundation.codecs import from_json, to_json
from flowyard.inference.providers.base import Operation, Reply, Target

SENTENCE = "The sea was calm and silver under a pale evening moon."
Answerer = Callable[[dict[str, Any]], Any]


def said(text: str | None, *, finish: str = "stop", prompt: int = 10, **message: Any) -> dict[str, Any]:
    """A whole answer with that text."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **message}, "finish_reason": finish}
    return {"choices": [choice], "usage": {"prompt_tokens": prompt, "completion_tokens": 5}}


def words(body: dict[str, Any]) -> int:
    """How many words the messages have: this model's tokens."""
    return sum(len(str(message["content"]).split()) for message in body["messages"])


def obedient(body: dict[str, Any]) -> dict[str, Any]:
    """What the body asks for."""
    if body.get("tools"):
        call = {"id": "1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}
        return said(None, finish="tool_calls", tool_calls=[call])
    if body.get("response_format"):
        return said('{"colour": "green", "is_warm": false}')
    question = str(body["messages"][-1]["content"])
    if "locker is " in question:
        return said(question.partition("locker is ")[2][:4], prompt=words(body))
    if body.get("max_tokens") == 1:
        return said("The", prompt=words(body))
    text = SENTENCE
    for stop in body.get("stop") or ():
        text = text.partition(stop)[0]
    return said(text, prompt=words(body))


@dataclass
class ObedientModel:
    """An `InProcessProvider`. `chat` answers a body with an answer, a list of chunks or an error ``(status, message)``."""

    chat: Answerer = obedient
    vectors: Answerer | None = None
    scores: Answerer | None = None
    name: str = "obedient"
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def target(self, operation: Operation, model: str | None) -> Target:
        del operation
        return Target(method="POST", url="", headers={}, model=model)

    async def answer(self, operation: Operation, body: bytes) -> Reply:
        asked = from_json(body)
        self.bodies.append(asked)
        answerer = {"embeddings": self.vectors, "rerank": self.scores}.get(operation, self.chat)
        assert answerer is not None
        found = answerer(asked)
        if isinstance(found, tuple):
            return Reply(status=found[0], headers={}, body=_pieces(to_json({"error": {"message": found[1]}})))
        if asked.get("stream"):
            chunks = found if isinstance(found, list) else _chunks(found)
            return Reply(status=200, headers={}, body=_pieces(*(b"data: " + to_json(chunk) + b"\n\n" for chunk in chunks)))
        return Reply(status=200, headers={}, body=_pieces(to_json(found)))


def _chunks(answer: dict[str, Any]) -> list[dict[str, Any]]:
    choice = answer["choices"][0]
    pieces = str(choice["message"]["content"]).split(" ")
    made = [{"choices": [{"index": 0, "delta": {"content": f"{piece} "}}]} for piece in pieces]
    return [*made, {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}], "usage": answer["usage"]}]


async def _pieces(*pieces: bytes) -> AsyncGenerator[bytes, None]:
    for piece in pieces:
        yield piece
