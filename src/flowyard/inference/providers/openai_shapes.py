"""The shapes of the OpenAI protocol's answers, for whoever answers in its place (the scripted model, the embedding engine)."""

import base64
import re
import struct
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec


class Usage(msgspec.Struct, frozen=True):
    """Token counts of one call."""

    prompt_tokens: int
    completion_tokens: int

    def plain(self) -> dict[str, int]:
        """Return them as the protocol writes them, with their sum."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        }


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: text, or tool calls as (name, JSON text of the arguments)."""

    id: str
    created: int
    model: str
    text: str
    tool_calls: tuple[tuple[str, str], ...] = ()
    finish_reason: str | None = None

    @property
    def reason(self) -> str:
        """Why it ended, in the protocol's words."""
        return self.finish_reason or ("tool_calls" if self.tool_calls else "stop")


def words(text: str) -> list[str]:
    """Cut `text` into words, each with the white space before it; together they are `text` again."""
    return re.findall(r"\s*\S+|\s+$", text)


def chat_completion(answer: Answer, usage: Usage, n: int = 1) -> dict[str, Any]:
    """Return a ``chat.completion`` with `n` equal choices."""
    message: dict[str, Any] = {"role": "assistant", "content": answer.text, "refusal": None}
    if answer.tool_calls:
        message["content"] = answer.text or None
        message["tool_calls"] = [_tool_call(answer, index, name, text) for index, (name, text) in enumerate(answer.tool_calls)]
    choices = [{"index": index, "message": message, "logprobs": None, "finish_reason": answer.reason} for index in range(n)]
    return {**_head(answer, "chat.completion"), "choices": choices, "usage": usage.plain()}


def text_completion(answer: Answer, usage: Usage, n: int = 1) -> dict[str, Any]:
    """Return a ``text_completion`` with `n` equal choices."""
    choices = [{"index": index, "text": answer.text, "logprobs": None, "finish_reason": answer.reason} for index in range(n)]
    return {**_head(answer, "text_completion"), "choices": choices, "usage": usage.plain()}


def chat_chunks(answer: Answer) -> Iterator[dict[str, Any]]:
    """Yield the answer as chunks: the role, a word each, a tool call each, the reason why it ended."""
    yield _chat_chunk(answer, {"role": "assistant", "content": None if answer.tool_calls else ""})
    for piece in words(answer.text):
        yield _chat_chunk(answer, {"content": piece})
    for index, (name, text) in enumerate(answer.tool_calls):
        yield _chat_chunk(answer, {"tool_calls": [{"index": index, **_tool_call(answer, index, name, "")}]})
        yield _chat_chunk(answer, {"tool_calls": [{"index": index, "function": {"arguments": text}}]})
    yield _chat_chunk(answer, {}, answer.reason)


def text_chunks(answer: Answer) -> Iterator[dict[str, Any]]:
    """Yield a completion as chunks, a word each, then the reason why it ended."""
    for piece in words(answer.text):
        yield _text_chunk(answer, piece, None)
    yield _text_chunk(answer, "", answer.reason)


def usage_chunk(answer: Answer, usage: Usage, *, chat: bool) -> dict[str, Any]:
    """Return the last chunk that ``stream_options.include_usage`` asks for."""
    kind = "chat.completion.chunk" if chat else "text_completion"
    return {**_head(answer, kind), "choices": [], "usage": usage.plain()}


def model_list(names: Sequence[str], owner: str = "flowyard") -> dict[str, Any]:
    """Return the answer of ``/models``."""
    return {"object": "list", "data": [{"id": name, "object": "model", "created": 0, "owned_by": owner} for name in names]}


def embedding_list(vectors: Sequence[Sequence[float]], model: str, tokens: int, *, as_base64: bool) -> dict[str, Any]:
    """Return the answer of ``/embeddings``; base64 is that of little-endian 32-bit floats."""
    data = [
        {"object": "embedding", "index": index, "embedding": _base64(vector) if as_base64 else list(vector)}
        for index, vector in enumerate(vectors)
    ]
    return {"object": "list", "data": data, "model": model, "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}


def _base64(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _head(answer: Answer, kind: str) -> dict[str, Any]:
    return {"id": answer.id, "object": kind, "created": answer.created, "model": answer.model}


def _tool_call(answer: Answer, index: int, name: str, arguments: str) -> dict[str, Any]:
    return {"id": f"call_{answer.id.rpartition('-')[2]}_{index}", "type": "function", "function": {"name": name, "arguments": arguments}}


def _chat_chunk(answer: Answer, delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    return {**_head(answer, "chat.completion.chunk"), "choices": [choice]}


def _text_chunk(answer: Answer, text: str, reason: str | None) -> dict[str, Any]:
    return {**_head(answer, "text_completion"), "choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": reason}]}
