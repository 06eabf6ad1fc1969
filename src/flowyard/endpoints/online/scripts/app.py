"""A scoring script as an ASGI application, with the routes of a flow's replica."""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

from flowyard.endpoints.online.scripts.raw_http import AMLRequest, AMLResponse
from flowyard.endpoints.online.scripts.script import Script
from flowyard.flows.serving import feedback
from flowyard.flows.serving.app import BODY_LIMIT, TOKEN_HEADER
from flowyard.flows.serving.asgi import ClientGoneError, Receive, Scope, Send, answer, answer_problem, header, lifespan, read_body
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import FlowyardError, NotFoundError, UnauthenticatedError
from flowyard.foundation.version import __version__
from flowyard.tracing.context import parse_traceparent
from flowyard.tracing.recorder import LiveSpan, Recorder

log = logging.getLogger(__name__)

# What one span keeps of a request and of its answer.
_KEPT = 64 * 1024
_ANY: dict[str, Any] = {"content": {"application/json": {"schema": {}}}}


class ScriptApp:
    """Answers ``/score`` by the script. `on_stop` is called when the server has drained."""

    def __init__(self, script: Script, recorder: Recorder, token: str, title: str, on_stop: Callable[[], None]) -> None:
        self._script = script
        self._recorder = recorder
        self._token = token.encode()
        self._on_stop = on_stop
        asked: dict[str, Any] = {"content": {"application/json": {"schema": script.schema}}}
        operation: dict[str, Any] = {"requestBody": asked, "responses": {"200": {"description": "what run() returned", **_ANY}}}
        self._swagger = to_json({"openapi": "3.0.3", "info": {"title": title, "version": "1"}, "paths": {"/score": {"post": operation}}})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's request."""
        if scope["type"] == "lifespan":
            await lifespan(receive, send, self._on_stop)
            return
        try:
            await self._route(scope, receive, send)
        except FlowyardError as error:
            await answer_problem(send, error.problem())
        except (ClientGoneError, asyncio.CancelledError):
            log.debug("The client went away.")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if method in {"GET", "HEAD"} and path in {"/health", "/version"}:
            await answer(send, 200, to_json({"status": "Healthy", "version": __version__}))
            return
        if not hmac.compare_digest(header(scope, TOKEN_HEADER), self._token):
            raise UnauthenticatedError("This replica is called by its gateway only.", remedy="Call /endpoints/<name>/score of the gateway.")
        if method == "POST" and path == "/score":
            await self._score(scope, receive, send)
        elif method == "POST" and path == "/feedback":
            body = await read_body(scope, receive, feedback.LIMIT)
            query: bytes = scope.get("query_string", b"")
            feedback.record_feedback(self._recorder, body, query, header(scope, b"traceparent"), header(scope, b"baggage"))
            await answer(send, 200, feedback.ANSWER)
        elif method in {"GET", "HEAD"} and path == "/swagger.json":
            await answer(send, 200, self._swagger)
        else:
            raise NotFoundError(f"There is no {method} {path} here.", remedy="POST /score runs the script.")

    async def _score(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(scope, receive, BODY_LIMIT)
        pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"] if name != TOKEN_HEADER]
        query: bytes = scope.get("query_string", b"")
        request = AMLRequest(scope["method"], scope["path"], query.decode("latin-1"), pairs, body)
        parent = parse_traceparent(header(scope, b"traceparent").decode("latin-1"))
        with self._recorder.span("run", kind="function", parent=parent) as span:
            span.attributes["flowyard.input"] = _shown(body)
            response = await self._script.run(request)
            span.attributes["http.response.status_code"] = response.status_code
            if response.status_code >= 500 or response.run_function_failed:
                span.fail(f"run() answered {response.status_code}")
            await _send(send, response, span)


async def _send(send: Send, response: AMLResponse, span: LiveSpan) -> None:
    headers = [(name.lower().encode("latin-1"), str(value).encode("latin-1")) for name, value in response.headers.items()]
    headers = [pair for pair in headers if pair[0] not in {b"content-length", b"transfer-encoding"}]
    headers.append((b"flowyard-trace-id", span.context.trace_id.encode()))
    body = response.body
    if isinstance(body, str | bytes | bytearray):
        data = body.encode() if isinstance(body, str) else bytes(body)
        span.attributes["flowyard.output"] = _shown(data)
        headers.append((b"content-length", b"%d" % len(data)))
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": data})
        return
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    async for piece in _pieces(body):
        await send({"type": "http.response.body", "body": piece.encode() if isinstance(piece, str) else bytes(piece), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _pieces(body: Any) -> AsyncIterator[str | bytes]:
    if hasattr(body, "__aiter__"):
        async for piece in body:
            yield piece
        return
    pieces: Iterator[str | bytes] = iter(body)
    ended = object()
    while (piece := await asyncio.to_thread(next, pieces, ended)) is not ended:
        yield cast("str | bytes", piece)


def _shown(data: bytes) -> str:
    return data[:_KEPT].decode("utf-8", "replace")
