"""The client against real servers that answer, fail, stall and break off."""

import asyncio
import socket
import time
from typing import Any

import openai
import pytest
from aiohttp import web

from flowyard.inference.client import ModelClient, Retries, Timeouts
from flowyard.inference.errors import (
    ModelAccessDeniedError,
    ModelCallError,
    ModelQuotaExceededError,
    ModelRateLimitedError,
    ModelRequestRefusedError,
    ModelStreamCutError,
    ModelTimeoutError,
    ModelUnreachableError,
)

QUICK = Retries(first_wait_s=0.01, longest_wait_s=0.02)
BODY: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
ANSWER = {"id": "1", "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}]}


def streams(*pieces: bytes, pause_s: float = 0, cut: bool = False) -> Any:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
            await asyncio.sleep(pause_s)
        if cut:
            assert request.transport is not None
            request.transport.close()
        return response

    return answer


def chunk(text: str, reason: str = "null") -> bytes:
    return f'data: {{"choices": [{{"index": 0, "delta": {{"content": "{text}"}}, "finish_reason": {reason}}}]}}\n\n'.encode()


async def test_sends_key_headers_query_and_body(upstream: Any, says: Any) -> None:
    server = await upstream(says(ANSWER))
    async with ModelClient(server.url, "k", headers={"x-a": "b"}, query={"api-version": "1"}) as client:
        answer = await client.chat({**BODY, "stream": False}, traceparent="00-1-2-01")
    headers, body = server.requests[0]
    assert answer == ANSWER
    assert headers["authorization"] == "Bearer k"
    assert (headers["x-a"], headers["traceparent"]) == ("b", "00-1-2-01")
    assert server.paths == ["/v1/chat/completions?api-version=1"]
    assert body == b'{"model":"m","messages":[{"role":"user","content":"Hi"}]}'


@pytest.mark.parametrize("status", [500, 502, 503, 529, 408, 429])
async def test_tries_again(upstream: Any, says: Any, fails: Any, status: int) -> None:
    server = await upstream(fails(status), fails(status), says(ANSWER))
    async with ModelClient(server.url, retries=QUICK) as client:
        assert await client.chat(BODY) == ANSWER
    assert len(server.requests) == 3


async def test_gives_up_after_its_attempts(upstream: Any, fails: Any) -> None:
    server = await upstream(fails(503, "overloaded"))
    async with ModelClient(server.url, retries=QUICK) as client:
        with pytest.raises(ModelCallError, match="it is 503") as caught:
            await client.chat(BODY)
    assert len(server.requests) == 4
    assert (caught.value.upstream_status, caught.value.upstream_code, caught.value.upstream_type) == (503, "overloaded", "some_type")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, None, ModelRequestRefusedError),
        (404, "model_not_found", ModelRequestRefusedError),
        (401, None, ModelAccessDeniedError),
        (403, None, ModelAccessDeniedError),
        (429, "insufficient_quota", ModelQuotaExceededError),
        (302, None, ModelCallError),
    ],
)
async def test_does_not_repeat_what_cannot_help(upstream: Any, fails: Any, status: int, code: str | None, expected: type) -> None:
    server = await upstream(fails(status, code))
    async with ModelClient(server.url, retries=QUICK) as client:
        with pytest.raises(expected):
            await client.chat(BODY)
    assert len(server.requests) == 1


async def test_waits_as_long_as_it_is_told(upstream: Any, says: Any, fails: Any) -> None:
    server = await upstream(fails(429, retry_after="0.3"), says(ANSWER))
    async with ModelClient(server.url, retries=QUICK) as client:
        started = time.monotonic()
        await client.chat(BODY)
    assert time.monotonic() - started >= 0.3


async def test_a_long_retry_after_is_the_callers_to_wait_for(upstream: Any, fails: Any) -> None:
    server = await upstream(fails(429, retry_after="3600"))
    async with ModelClient(server.url, retries=QUICK) as client:
        with pytest.raises(ModelRateLimitedError) as caught:
            await client.chat(BODY)
    assert caught.value.retry_after_s == 3600
    assert len(server.requests) == 1


async def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        async with ModelClient(address, retries=QUICK) as client:
            with pytest.raises(ModelUnreachableError, match=r"127\.0\.0\.1"):
                await client.chat(BODY)


async def test_a_connection_that_breaks_before_the_answer_is_tried_again(upstream: Any, says: Any) -> None:
    async def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    server = await upstream(hang_up, says(ANSWER))
    async with ModelClient(server.url, retries=QUICK) as client:
        assert await client.chat(BODY) == ANSWER


async def test_first_byte_and_total_are_bounded(upstream: Any) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    server = await upstream(slow)
    for timeouts in (Timeouts(first_byte_s=0.1), Timeouts(total_s=0.1), Timeouts(idle_s=0.1)):
        async with ModelClient(server.url, timeouts=timeouts, retries=QUICK) as client:
            with pytest.raises(ModelTimeoutError):
                await client.chat(BODY)
            with pytest.raises(ModelTimeoutError):
                await anext(client.chat_stream(BODY))


def test_a_whole_answer_may_take_as_long_as_the_openai_package_lets_it() -> None:
    bounds = Timeouts()
    assert (bounds.first_byte_s, bounds.idle_s, bounds.total_s) == (600, 600, 600)
    assert openai.DEFAULT_TIMEOUT.read == 600


async def test_streams_whatever_the_pieces(upstream: Any) -> None:
    whole = chunk("Hel") + chunk("lo", '"stop"') + b": a comment\r\n\r\ndata: [DONE]\r\n\r\n"
    server = await upstream(streams(*[whole[at : at + 7] for at in range(0, len(whole), 7)]))
    async with ModelClient(server.url) as client:
        texts = [item["choices"][0]["delta"]["content"] async for item in client.chat_stream(BODY)]
    assert texts == ["Hel", "lo"]
    assert b'"stream":true' in server.requests[0][1]


@pytest.mark.parametrize("cut", [True, False])
async def test_a_stream_that_breaks_off_is_an_error(upstream: Any, cut: bool) -> None:
    server = await upstream(streams(chunk("Hel"), cut=cut))
    seen: list[str] = []

    async def collect(client: ModelClient) -> None:
        async for item in client.chat_stream(BODY):
            seen.append(item["choices"][0]["delta"]["content"])  # noqa: PERF401 - what came before the error counts

    async with ModelClient(server.url) as client:
        with pytest.raises(ModelStreamCutError):
            await collect(client)
    assert seen == ["Hel"]


async def test_an_error_inside_a_stream_is_raised(upstream: Any) -> None:
    server = await upstream(streams(chunk("Hel"), b'data: {"error": {"message": "out of memory", "code": 500}}\n\n'))
    async with ModelClient(server.url) as client:
        with pytest.raises(ModelCallError, match="out of memory"):
            _ = [item async for item in client.chat_stream(BODY)]


async def test_closing_a_stream_stops_the_server(upstream: Any) -> None:
    gone = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        try:
            while True:
                await response.write(chunk("x"))
                await asyncio.sleep(0.01)
        except (ConnectionResetError, asyncio.CancelledError):
            gone.set()
            raise

    server = await upstream(endless)
    async with ModelClient(server.url) as client:
        stream = client.chat_stream(BODY)
        await anext(stream)
        await stream.aclose()
        await asyncio.wait_for(gone.wait(), 5)


async def test_an_answer_that_is_no_json_says_so(upstream: Any) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>")

    server = await upstream(page)
    async with ModelClient(server.url) as client:
        with pytest.raises(ModelCallError, match="no JSON"):
            await client.models()


async def test_open_passes_bytes_and_any_status(upstream: Any, fails: Any) -> None:
    server = await upstream(fails(418))
    async with ModelClient(server.url) as client:
        reply = await client.open("chat/completions", b"{}")
        assert reply.status == 418
        assert b"it is 418" in b"".join([piece async for piece in reply.body])
