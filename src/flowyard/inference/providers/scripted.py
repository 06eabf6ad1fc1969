"""A model that answers from a script, in this process: the fake at the real seam, for tests, demos and benchmarks.

A connection of type ``scripted`` holds the script in its config `script` (YAML text, or a file's path). Its answers have the
protocol's shapes: chat (with tools and streams), completions, embeddings, models, errors. The script's format is described in `script.py`.
"""

import asyncio
import hashlib
import itertools
import time
from collections.abc import AsyncGenerator, Iterator
from typing import Any, cast

import msgspec

from flowyard.inference.providers import openai_shapes as shapes
from flowyard.inference.providers.base import ConnectionSettings, Operation, Reply, Target, method_of
from flowyard.inference.providers.script import Outcome, Player, Script, ScriptedError, read_script

_JSON = {"content-type": "application/json"}
_EVENTS = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}


class ScriptedProvider:
    """Answers from `script`. One object keeps one position in it: use the same object for calls that shall follow one another."""

    name = "scripted"

    def __init__(self, script: Script) -> None:
        self._player = Player(script)
        self._numbers = itertools.count(1)

    def target(self, operation: Operation, model: str | None) -> Target:
        """Return a target that is never connected to: the calls are answered here."""
        return Target(method=method_of(operation), url=f"scripted:{operation}", headers={}, model=model)

    async def answer(self, operation: Operation, body: bytes) -> Reply:
        """Answer as a server would. A body that is no JSON object gets HTTP 400, an operation that a script does not have 404."""
        if operation == "models":
            return _whole(shapes.model_list(self._player.script.models))
        request = _request(body)
        if request is None:
            return _failed(ScriptedError(status=400, message="The body is no JSON object.", type="invalid_request_error"))
        if operation == "embeddings":
            return self._embed(request)
        if operation == "chat/completions":
            return await self._complete(request, _last_user_message(request), _messages_text(request), chat=True)
        if operation == "completions":
            prompt = _prompt(request)
            return await self._complete(request, prompt, prompt, chat=False)
        return _failed(ScriptedError(status=404, message=f"A scripted model has no {operation!r}.", type="invalid_request_error"))

    async def _complete(self, request: dict[str, Any], message: str, prompt: str, *, chat: bool) -> Reply:
        outcome = self._player.next(request.get("model"), message)
        if outcome.delay_ms:
            await asyncio.sleep(outcome.delay_ms / 1000)
        if outcome.error:
            return _failed(outcome.error)
        answer = shapes.Answer(
            id=f"{'chatcmpl' if chat else 'cmpl'}-scripted-{next(self._numbers)}",
            created=int(time.time()),
            model=str(request.get("model") or self._player.script.models[0]),
            text=outcome.text,
            tool_calls=tuple((call.name, msgspec.json.encode(call.arguments).decode()) for call in outcome.tool_calls),
        )
        answer, usage = _bounded(answer, request, outcome, prompt)
        if not request.get("stream"):
            whole = shapes.chat_completion if chat else shapes.text_completion
            return _whole(whole(answer, usage, int(request.get("n") or 1)))
        options = cast("dict[str, Any]", request.get("stream_options") or {})
        chunks = shapes.chat_chunks(answer) if chat else shapes.text_chunks(answer)
        if options.get("include_usage"):
            chunks = itertools.chain(chunks, [shapes.usage_chunk(answer, usage, chat=chat)])
        return Reply(status=200, headers=_EVENTS, body=_stream(chunks, outcome))

    def _embed(self, request: dict[str, Any]) -> Reply:
        given: Any = request.get("input")
        texts = cast("list[Any]", given) if isinstance(given, list) else [given]
        if not texts or not all(isinstance(text, str) for text in texts):
            return _failed(ScriptedError(status=400, message="input is no text and no list of texts.", type="invalid_request_error"))
        size = int(request.get("dimensions") or self._player.script.dimensions)
        vectors = [_embedding(text, size) for text in texts]
        tokens = sum(_words(text) for text in texts)
        as_base64 = request.get("encoding_format") == "base64"
        return _whole(
            shapes.embedding_list(vectors, str(request.get("model") or self._player.script.models[0]), tokens, as_base64=as_base64)
        )


def scripted(connection: ConnectionSettings) -> ScriptedProvider:
    """Make the provider of a ``scripted`` connection: `script`.

    Raises:
        ScriptInvalidError: the script cannot be read.
    """
    return ScriptedProvider(read_script(connection.configs.get("script") or "{}"))


def _bounded(answer: shapes.Answer, request: dict[str, Any], outcome: Outcome, prompt: str) -> tuple[shapes.Answer, shapes.Usage]:
    limit = request.get("max_completion_tokens") or request.get("max_tokens")
    pieces = shapes.words(answer.text)
    if limit is not None and not answer.tool_calls and len(pieces) > int(limit):
        answer = msgspec.structs.replace(answer, text="".join(pieces[: int(limit)]), finish_reason="length")
    if outcome.usage:
        return answer, shapes.Usage(outcome.usage.prompt_tokens, outcome.usage.completion_tokens)
    spoken = answer.text + "".join(f" {name} {arguments}" for name, arguments in answer.tool_calls)
    return answer, shapes.Usage(_words(prompt), _words(spoken))


async def _stream(chunks: Iterator[dict[str, Any]], outcome: Outcome) -> AsyncGenerator[bytes, None]:
    for number, chunk in enumerate(chunks):
        if number == outcome.cut_after:
            return
        if number and outcome.chunk_delay_ms:
            await asyncio.sleep(outcome.chunk_delay_ms / 1000)
        yield b"data: " + msgspec.json.encode(chunk) + b"\n\n"
    yield b"data: [DONE]\n\n"


async def _once(data: bytes) -> AsyncGenerator[bytes, None]:
    yield data


def _whole(value: Any) -> Reply:
    return Reply(status=200, headers=_JSON, body=_once(msgspec.json.encode(value)))


def _failed(error: ScriptedError) -> Reply:
    headers = _JSON if error.retry_after_s is None else {**_JSON, "retry-after": f"{error.retry_after_s:g}"}
    told = {"message": error.message, "type": error.type, "param": None, "code": error.code}
    return Reply(status=error.status, headers=headers, body=_once(msgspec.json.encode({"error": told})))


def _request(body: bytes) -> dict[str, Any] | None:
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else None


def _messages(request: dict[str, Any]) -> list[dict[str, Any]]:
    given: Any = request.get("messages")
    found = cast("list[Any]", given) if isinstance(given, list) else []
    return [cast("dict[str, Any]", message) for message in found if isinstance(message, dict)]


def _last_user_message(request: dict[str, Any]) -> str:
    return next((_text(message.get("content")) for message in reversed(_messages(request)) if message.get("role") == "user"), "")


def _messages_text(request: dict[str, Any]) -> str:
    return " ".join(_text(message.get("content")) for message in _messages(request))


def _prompt(request: dict[str, Any]) -> str:
    given: Any = request.get("prompt")
    return " ".join(str(part) for part in cast("list[Any]", given)) if isinstance(given, list) else str(given or "")


def _text(content: Any) -> str:
    if isinstance(content, list):
        parts = cast("list[dict[str, Any]]", content)
        return "\n".join(str(part.get("text", "")) for part in parts if part.get("type") in {"text", "input_text"})
    return "" if content is None else str(content)


def _words(text: str) -> int:
    return len(text.split())


def _embedding(text: str, size: int) -> list[float]:
    """Return a unit vector: each word adds a direction of its own (from its SHA-256), so texts that share words are near."""
    vector = [0.0] * size
    for word in text.lower().split() or [""]:
        for index in range(size):
            digest = hashlib.sha256(f"{index // 32}:{word}".encode()).digest()
            vector[index] += digest[index % 32] / 127.5 - 1.0
    length = sum(value * value for value in vector) ** 0.5 or 1.0
    return [value / length for value in vector]
