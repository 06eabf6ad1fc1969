"""The scoring application: raw ASGI, because a flow of Python nodes costs less than a web framework."""

import asyncio
import hmac
import json
import logging
import os
from collections.abc import Callable
from typing import Any, cast

from flowyard.flows.flow import LoadedFlow
from flowyard.flows.runtime.drivers import THREADS, line_pool
from flowyard.flows.runtime.line import Observer
from flowyard.flows.runtime.record import LineRecord
from flowyard.flows.serving.asgi import (
    ClientGoneError,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    end_events,
    header,
    lifespan,
    problem_json,
    read_body,
    send_event,
    start_events,
)
from flowyard.flows.serving.lanes import Lanes
from flowyard.flows.serving.quick import QuickPath
from flowyard.flows.serving.swagger import openapi
from flowyard.flows.serving.watch import Pieces, unless_gone
from flowyard.foundation.codecs import from_json, to_json
from flowyard.foundation.errors import FlowyardError, InvalidInputError, NotFoundError, Problem, UnauthenticatedError
from flowyard.foundation.version import __version__
from flowyard.tracing.context import SpanContext, parse_traceparent

logger = logging.getLogger(__name__)

BODY_LIMIT = 16 * 1024 * 1024
TOKEN_HEADER = b"flowyard-replica-token"
_FIELDS_VARIABLES = ("PROMPTFLOW_RESPONSE_INCLUDED_FIELDS", "PF_RESPONSE_INCLUDED_FIELDS")

App = Callable[[Scope, Receive, Send], Any]


def create_app(flow: LoadedFlow, *, token: str | None = None, limit: int = BODY_LIMIT, on_stop: Callable[[], Any] | None = None) -> App:
    """Return the ASGI application that serves `flow`.

    Args:
        flow: the flow; its engine has the recorder that takes the spans.
        token: what callers must send in the header ``flowyard-replica-token``; None lets everybody in.
        limit: the largest request body, bytes.
        on_stop: is called when the server has drained.
    """
    return _Scoring(flow, token, limit, on_stop)


class _Scoring:
    def __init__(self, flow: LoadedFlow, token: str | None, limit: int, on_stop: Callable[[], Any] | None) -> None:
        self._flow = flow
        self._token = token.encode() if token else None
        self._limit = limit
        self._on_stop = on_stop
        self._quick = QuickPath()
        self._lanes = Lanes(line_pool, THREADS)
        self._swagger = to_json(openapi(flow.spec))
        self._hidden = _hidden_outputs(flow)
        self._single = next(iter(flow.spec.inputs)) if len(flow.spec.inputs) == 1 else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send, self._on_stop)
            return
        try:
            await self._route(scope, receive, send)
        except FlowyardError as error:
            await answer_problem(send, error.problem())
        except (ClientGoneError, asyncio.CancelledError):
            logger.debug("The client went away.")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if method == "POST" and path == "/score":
            self._check(scope)
            await self._score(scope, receive, send)
        elif method in {"GET", "HEAD"} and path == "/health":
            await answer(send, 200, to_json({"status": "Healthy", "version": __version__}))
        elif method in {"GET", "HEAD"} and path == "/version":
            await answer(send, 200, to_json({"status": "Healthy", "build_info": "flowyard", "version": __version__}))
        elif method in {"GET", "HEAD"} and path == "/swagger.json":
            self._check(scope)
            await answer(send, 200, self._swagger)
        else:
            raise NotFoundError(f"There is no {method} {path} here.", remedy="POST /score runs the flow; GET /swagger.json describes it.")

    def _check(self, scope: Scope) -> None:
        if self._token is not None and not hmac.compare_digest(header(scope, TOKEN_HEADER), self._token):
            raise UnauthenticatedError("This replica is called by its gateway only.", remedy="Call /endpoints/<name>/score of the gateway.")

    async def _score(self, scope: Scope, receive: Receive, send: Send) -> None:
        inputs = self._inputs(scope, await read_body(scope, receive, self._limit))
        parent = parse_traceparent(header(scope, b"traceparent").decode("latin-1"))
        if b"text/event-stream" in header(scope, b"accept"):
            await self._stream(inputs, parent, receive, send)
            return
        if self._flow.plan.is_async:
            record = await unless_gone(receive, self._run(inputs, parent))
        else:
            # A thread cannot be canceled: there is no use in watching the connection.
            quick = self._quick
            if quick.here:
                record = self._flow.run(inputs, parent=parent, aggregate=False)
            else:
                record = await self._lanes.run(lambda: self._flow.run(inputs, parent=parent, aggregate=False))
            quick.took(record.duration_ns)
        await self._answer(record, send)

    def _run(self, inputs: dict[str, Any], parent: SpanContext | None, observer: Observer | None = None) -> Any:
        return self._flow.run_async(inputs, observer, streaming=observer is not None, parent=parent, aggregate=False)

    async def _answer(self, record: LineRecord, send: Send) -> None:
        trace = ((b"flowyard-trace-id", record.trace_id.encode()),)
        if record.error is not None:
            await answer_problem(send, record.error, trace)
        else:
            await answer(send, 200, to_json(self._shown(record.outputs)), headers=trace)

    async def _stream(self, inputs: dict[str, Any], parent: SpanContext | None, receive: Receive, send: Send) -> None:
        pieces = Pieces()

        async def run() -> LineRecord:
            try:
                return await self._run(inputs, parent, pieces)
            finally:
                pieces.end()

        async def deliver() -> None:
            task = asyncio.ensure_future(run())
            try:
                await self._deliver(pieces, task, send)
            finally:
                task.cancel()

        await unless_gone(receive, deliver())

    async def _deliver(self, pieces: Pieces, task: "asyncio.Future[LineRecord]", send: Send) -> None:
        first = await pieces.next()
        if first is None:
            await self._answer(await task, send)
            return
        await start_events(send)
        shown = self._shown(first)
        if shown:
            await send_event(send, to_json(self._flow.engine.kept(shown)))
        while (piece := await pieces.next()) is not None:
            if not self._hidden.intersection(piece):
                await send_event(send, to_json(piece))
        problem = await _problem_of(task)
        if problem is not None:
            await send_event(send, problem_json(problem), event=b"error")
        await end_events(send)

    def _inputs(self, scope: Scope, body: bytes) -> dict[str, Any]:
        kind = header(scope, b"content-type").partition(b";")[0].strip().lower()
        if kind and kind != b"application/json" and not kind.endswith(b"+json") and self._single is not None:
            return {self._single: body.decode("utf-8", "replace")}
        found: Any = from_json(body) if body.strip() else {}
        if not isinstance(found, dict):
            raise InvalidInputError(
                f"The body must be a JSON object of the flow's inputs, got {type(found).__name__}.",
                remedy=f'Send for instance {{"{self._single or next(iter(self._flow.spec.inputs), "input")}": ...}}.',
            )
        return cast("dict[str, Any]", found)

    def _shown(self, outputs: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in outputs.items() if name not in self._hidden} if self._hidden else outputs


async def _problem_of(task: "asyncio.Future[LineRecord]") -> Problem | None:
    try:
        return (await task).error
    except FlowyardError as error:
        return error.problem()


def _hidden_outputs(flow: LoadedFlow) -> frozenset[str]:
    """Return the outputs that callers do not get: those for evaluation, and those that the environment's list leaves out."""
    hidden = {name for name, spec in flow.spec.outputs.items() if spec.evaluation_only}
    listed = next((os.environ[name] for name in _FIELDS_VARIABLES if os.environ.get(name)), None)
    if listed:
        try:
            wanted = json.loads(listed)
        except json.JSONDecodeError as error:
            raise InvalidInputError(
                f"PROMPTFLOW_RESPONSE_INCLUDED_FIELDS is no JSON list: {listed!r}.", remedy='Write ["a", "b"].'
            ) from error
        hidden |= {name for name in flow.spec.outputs if name not in wanted}
    return frozenset(hidden)
