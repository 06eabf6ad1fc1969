"""The one client of the OpenAI protocol: chat, completions, embeddings, streams, retries, timeouts, cancellation."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Self, cast

import msgspec

from flowyard.inference.answers import error_in_stream, error_of
from flowyard.inference.errors import (
    ModelCallError,
    ModelStreamCutError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from flowyard.inference.providers.base import InProcessProvider, Operation, Provider, Reply
from flowyard.inference.providers.compatible import CompatibleProvider
from flowyard.inference.retries import Retries, retry_listener
from flowyard.inference.sse import events
from flowyard.inference.transport import HttpTransport, Timeouts

__all__ = ["ModelClient", "Retries", "Timeouts"]

_DONE = "[DONE]"


class ModelClient:
    """Calls the models behind one address or provider.

    A body is what the protocol says, as plain values; what comes back is the answer as the server gave it. Close it, or use it as an
    asynchronous context manager, on the event loop that used it.

    Every call raises ModelCallError (or what derives from it) for what the server answered, ModelUnreachableError and ModelTimeoutError.
    Server errors, 429 and broken connections are retried as `Retries` says, as long as nothing was answered.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        timeouts: Timeouts | None = None,
        retries: Retries | None = None,
    ) -> None:
        provider = CompatibleProvider(base_url, api_key, headers=headers, query=query)
        self._set_up(provider, timeouts, retries)

    @classmethod
    def of(cls, provider: Provider | InProcessProvider, *, timeouts: Timeouts | None = None, retries: Retries | None = None) -> Self:
        """Make a client of a provider, for instance one that `providers.provider_for` made of a connection."""
        client = cls.__new__(cls)
        client._set_up(provider, timeouts, retries)
        return client

    def _set_up(self, provider: Provider | InProcessProvider, timeouts: Timeouts | None, retries: Retries | None) -> None:
        self._provider = provider
        self._timeouts = timeouts or Timeouts()
        self._retries = retries or Retries()
        self._transport = HttpTransport()

    @property
    def provider(self) -> str:
        """The provider's name in telemetry."""
        return self._provider.name

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def chat(
        self, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, traceparent: str | None = None
    ) -> dict[str, Any]:
        """Call ``/chat/completions`` and return the whole answer."""
        return await self._whole("chat/completions", body, _headers(headers, traceparent))

    def chat_stream(
        self, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, traceparent: str | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Call ``/chat/completions`` and yield its chunks. Closing the generator stops the model.

        Raises:
            ModelStreamCutError: the answer ended before it was complete.
        """
        return self._streamed("chat/completions", body, _headers(headers, traceparent))

    async def completions(
        self, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, traceparent: str | None = None
    ) -> dict[str, Any]:
        """Call ``/completions`` and return the whole answer."""
        return await self._whole("completions", body, _headers(headers, traceparent))

    def completions_stream(
        self, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, traceparent: str | None = None
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Call ``/completions`` and yield its chunks, as `chat_stream` does."""
        return self._streamed("completions", body, _headers(headers, traceparent))

    async def embeddings(
        self, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, traceparent: str | None = None
    ) -> dict[str, Any]:
        """Call ``/embeddings``."""
        return await self._whole("embeddings", body, _headers(headers, traceparent))

    async def rerank(
        self, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, traceparent: str | None = None
    ) -> dict[str, Any]:
        """Call ``/rerank`` (`query`, `documents`, `top_n`), which local rerankers and vLLM have."""
        return await self._whole("rerank", body, _headers(headers, traceparent))

    async def models(self, *, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Call ``/models``."""
        return await self._whole("models", None, dict(headers or {}))

    async def open(
        self, operation: Operation, body: bytes | None, *, model: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send `body` as it is, once, and return the reply whatever its status: for whoever passes both on unread."""
        return await self._send(operation, model, body, dict(headers or {}), self._timeouts)

    async def _whole(self, operation: Operation, body: Mapping[str, Any] | None, headers: dict[str, str]) -> dict[str, Any]:
        sent = {key: value for key, value in (body or {}).items() if key not in {"stream", "stream_options"}}
        try:
            async with asyncio.timeout(self._timeouts.total_s):
                reply = await self._answered(operation, None if body is None else sent, headers)
                data = await _read(reply)
        except TimeoutError as error:
            raise _too_long(self._timeouts) from error
        return _object(data)

    async def _streamed(
        self, operation: Operation, body: Mapping[str, Any], headers: dict[str, str]
    ) -> AsyncGenerator[dict[str, Any], None]:
        deadline = asyncio.get_running_loop().time() + self._timeouts.total_s
        try:
            async with asyncio.timeout_at(deadline):
                reply = await self._answered(operation, {**body, "stream": True}, {**headers, "accept": "text/event-stream"})
        except TimeoutError as error:
            raise _too_long(self._timeouts) from error
        finished = False
        chunks = events(reply.body)
        try:
            while True:
                try:
                    async with asyncio.timeout_at(deadline):
                        data = await anext(chunks, None)
                except TimeoutError as error:
                    raise _too_long(self._timeouts) from error
                if data is None:
                    break
                if data == _DONE:  # some servers say only so that they are done
                    finished = True
                    break
                chunk = _object(data.encode())
                if failed := error_in_stream(chunk):
                    raise failed
                finished = finished or _ends(chunk)
                yield chunk
            if not finished:
                raise ModelStreamCutError("The answer ended before the model was done.", remedy="Try again.")
        finally:
            await chunks.aclose()
            await reply.body.aclose()

    async def _answered(self, operation: Operation, body: dict[str, Any] | None, headers: dict[str, str]) -> Reply:
        """Send until something was answered that is no error; raise the last error otherwise."""
        model = body.get("model") if body else None
        data = self._encode(operation, model, body)
        attempt, status, in_a_row = 0, None, 0
        while True:
            attempt += 1
            try:
                reply = await self._send(operation, model, data, headers, self._timeouts)
                if reply.status == 200:
                    return reply
                raise error_of(reply.status, reply.headers, await _read(reply))
            except (ModelCallError, ModelUnreachableError) as error:
                came = error.upstream_status if isinstance(error, ModelCallError) else None
                status, in_a_row = came, in_a_row + 1 if came == status else 1
                wait_s = self._retries.wait_s(attempt, error, in_a_row)
                if wait_s is None:
                    raise
                if listener := retry_listener.get():
                    listener(attempt, error, wait_s)
                await asyncio.sleep(wait_s)

    def _encode(self, operation: Operation, model: str | None, body: dict[str, Any] | None) -> bytes | None:
        if body is None:
            return None
        name = self._provider.target(operation, model).model
        return msgspec.json.encode(body if name is None else {**body, "model": name})

    async def _send(
        self, operation: Operation, model: str | None, body: bytes | None, headers: dict[str, str], timeouts: Timeouts
    ) -> Reply:
        if isinstance(self._provider, InProcessProvider):
            return await self._provider.answer(operation, body or b"")
        return await self._transport.send(self._provider.target(operation, model), body, headers, timeouts)


def _headers(headers: Mapping[str, str] | None, traceparent: str | None) -> dict[str, str]:
    return {**(headers or {}), **({"traceparent": traceparent} if traceparent else {})}


async def _read(reply: Reply) -> bytes:
    try:
        return b"".join([piece async for piece in reply.body])
    finally:
        await reply.body.aclose()


def _object(data: bytes) -> dict[str, Any]:
    try:
        parsed = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        text = data[:200].decode("utf-8", "replace")
        raise ModelCallError(
            f"The answer is no JSON: {text!r}.", remedy="Is the connection's address that of an OpenAI-compatible server, with /v1?"
        ) from error
    if not isinstance(parsed, dict):
        raise ModelCallError(
            f"The answer is {type(parsed).__name__}, expected an object.",
            remedy="Is the connection's address that of an OpenAI-compatible server?",
        )
    return cast("dict[str, Any]", parsed)


def _ends(chunk: dict[str, Any]) -> bool:
    choices = cast("list[dict[str, Any]]", chunk.get("choices") or [])
    return any(choice.get("finish_reason") for choice in choices)


def _too_long(timeouts: Timeouts) -> ModelTimeoutError:
    return ModelTimeoutError(f"The call took longer than {timeouts.total_s:g} s.", remedy="Raise the timeout, or ask for less.")
