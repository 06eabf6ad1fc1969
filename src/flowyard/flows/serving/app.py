"""The scoring application: raw ASGI, because a flow of Python nodes costs less than a web framework.

Routes, bodies and statuses are those of prompt flow's server; errors are problem details that carry its ``error`` member.
"""

import asyncio
import hmac
import logging
import os
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import msgspec

from flowyard.compute.one_write import whole_answer
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.runtime.drivers import THREADS, line_pool
from flowyard.flows.runtime.line import Observer
from flowyard.flows.runtime.record import LineRecord
from flowyard.flows.serving import feedback
from flowyard.flows.serving.asgi import (
    JSON_TYPE,
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
from flowyard.flows.serving.quick import QuickPath, own_time
from flowyard.flows.serving.requests import Accepted, included_fields, read_inputs
from flowyard.flows.serving.swagger import openapi, read_sample
from flowyard.flows.serving.watch import Pieces, unless_gone
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError, NotFoundError, Problem, UnauthenticatedError
from flowyard.foundation.version import __version__
from flowyard.tracing.context import SpanContext, parse_traceparent

logger = logging.getLogger(__name__)

BODY_LIMIT = 64 * 1024 * 1024
TOKEN_HEADER = b"flowyard-replica-token"

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
    direct_path = b"/score"

    def __init__(self, flow: LoadedFlow, token: str | None, limit: int, on_stop: Callable[[], Any] | None) -> None:
        flow.images.confine()
        self._flow = flow
        self._token = token.encode() if token else None
        self._limit = limit
        self._on_stop = on_stop
        self._quick = QuickPath()
        self._lanes = Lanes(line_pool, THREADS)
        self._hidden = _hidden_outputs(flow)
        self._swagger = to_json(openapi(flow.spec, hidden=self._hidden, sample=read_sample(flow.spec.folder)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send, self._on_stop)
            return
        try:
            await self._route(scope, receive, send)
        except FlowyardError as error:
            await answer_problem(send, _as_served(error.problem()))
        except (ClientGoneError, asyncio.CancelledError):
            logger.debug("The client went away.")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if method == "POST" and path == "/score":
            self._check(scope)
            await self._score(scope, receive, send)
        elif method == "POST" and path == "/feedback":
            self._check(scope)
            await self._feedback(scope, receive, send)
        elif method in {"GET", "HEAD"} and path == "/health":
            await answer(send, 200, to_json({"status": "Healthy", "version": __version__}))
        elif method in {"GET", "HEAD"} and path == "/version":
            build = os.environ.get("BUILD_INFO", "")
            await answer(send, 200, to_json({"status": "Healthy", "build_info": build, "version": __version__}))
        elif method in {"GET", "HEAD"} and path == "/swagger.json":
            self._check(scope)
            await answer(send, 200, self._swagger)
        else:
            raise NotFoundError(f"There is no {method} {path} here.", remedy="POST /score runs the flow; GET /swagger.json describes it.")

    def _check(self, scope: Scope) -> None:
        if self._token is not None and not hmac.compare_digest(header(scope, TOKEN_HEADER), self._token):
            raise UnauthenticatedError("This replica is called by its gateway only.", remedy="Call /endpoints/<name>/score of the gateway.")

    async def _feedback(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(scope, receive, feedback.LIMIT)
        about = (scope.get("query_string", b""), header(scope, b"traceparent"), header(scope, b"baggage"))
        trace = feedback.record_feedback(self._flow.engine.recorder, body, *about)
        await answer(send, 200, feedback.ANSWER, headers=((b"flowyard-trace-id", trace.encode()),) if trace else ())

    async def _score(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepted = Accepted.of(header(scope, b"accept"))
        body = await read_body(scope, receive, self._limit)
        inputs = read_inputs(self._flow.spec.inputs, body, header(scope, b"content-type"))
        parent = parse_traceparent(header(scope, b"traceparent").decode("latin-1"))
        if accepted.events:
            await self._stream(inputs, parent, receive, send, accepted)
            return
        if self._flow.plan.is_async:
            record = await unless_gone(receive, self._run(inputs, parent))
        else:
            # A thread cannot be canceled: there is no use in watching the connection.
            def line() -> tuple[LineRecord, int]:
                return own_time(lambda: self._flow.run(inputs, parent=parent, aggregate=False))

            record, took_ns = line() if self._quick.here else await self._lanes.run(line)
            self._quick.took(took_ns)
        await self._answer(record, send, accepted)

    def direct(self, headers: Mapping[bytes, bytes], body: bytes) -> bytes | None:
        """See `compute.direct.Direct`: a flow that is quick needs no loop. What is wrong with a request, the general way says."""
        allowed = self._token is None or hmac.compare_digest(headers.get(TOKEN_HEADER, b""), self._token)
        if not self._quick.here or self._flow.plan.is_async or not allowed or len(body) > self._limit:
            return None
        try:
            accepted = Accepted.of(headers.get(b"accept", b""))
            inputs = read_inputs(self._flow.spec.inputs, body, headers.get(b"content-type", b""))
            if accepted.events or not accepted.json:
                return None
            parent = parse_traceparent(headers.get(b"traceparent", b"").decode("latin-1"))
            # Each line has a context of its own, as each task has.
            record, took_ns = copy_context().run(own_time, lambda: self._flow.run(inputs, parent=parent, aggregate=False))
        except FlowyardError:  # before any node ran
            return None
        self._quick.took(took_ns)
        status, answered, kind = self._result(record)
        return whole_answer(status, [(b"content-type", kind), _trace_header(record)], answered)

    def _run(self, inputs: dict[str, Any], parent: SpanContext | None, observer: Observer | None = None) -> Any:
        return self._flow.run_async(inputs, observer, streaming=observer is not None, parent=parent, aggregate=False)

    async def _answer(self, record: LineRecord, send: Send, accepted: Accepted) -> None:
        if record.error is None:
            accepted.require_json()
        await answer(send, *self._result(record), [_trace_header(record)])

    def _result(self, record: LineRecord) -> tuple[int, bytes, bytes]:
        """Return status, body and media type of what came of a line."""
        if record.error is not None:
            problem = _as_served(record.error)
            return problem.status, problem_json(problem), PROBLEM_JSON.encode()
        outputs: Any = record.outputs
        if isinstance(outputs, msgspec.Raw):  # as replicas keep them
            if self._flow.plan.returned is None and not self._hidden:
                return 200, bytes(outputs), JSON_TYPE
            outputs = msgspec.json.decode(outputs)
        bare = self._flow.plan.returned is not None and _is_bare(record, outputs)
        return 200, to_json(outputs["output"] if bare else self._shown(outputs)), JSON_TYPE

    async def _stream(self, inputs: dict[str, Any], parent: SpanContext | None, receive: Receive, send: Send, accepted: Accepted) -> None:
        pieces = Pieces()

        async def run() -> LineRecord:
            try:
                return await self._run(inputs, parent, pieces)
            finally:
                pieces.end()

        async def deliver() -> None:
            task = asyncio.ensure_future(run())
            try:
                await self._deliver(pieces, task, send, accepted)
            finally:
                task.cancel()

        await unless_gone(receive, deliver())

    async def _deliver(self, pieces: Pieces, task: "asyncio.Future[LineRecord]", send: Send, accepted: Accepted) -> None:
        first = await pieces.next()
        if first is None:
            await self._answer(await task, send, accepted)
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

    def _shown(self, outputs: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in outputs.items() if name not in self._hidden} if self._hidden else outputs


async def _problem_of(task: "asyncio.Future[LineRecord]") -> Problem | None:
    try:
        return (await task).error
    except FlowyardError as error:
        return error.problem()


def _trace_header(record: LineRecord) -> tuple[bytes, bytes]:
    return b"flowyard-trace-id", record.trace_id.encode()


def _is_bare(record: LineRecord, outputs: dict[str, Any]) -> bool:
    """Whether the entry of a flex flow, or a prompty, returned a value and no object: the answer is that value then, as in prompt flow."""
    if list(outputs) != ["output"]:
        return False
    returned = record.nodes[0].output
    if isinstance(returned, msgspec.Raw):  # as replicas keep the values of nodes
        returned = msgspec.msgpack.decode(returned)
    return returned != outputs


def _as_served(problem: Problem) -> Problem:
    """Return the problem with the status that prompt flow's server gives it: what is wrong with the inputs is 400 there."""
    return replace(problem, status=400) if problem.status == HTTPStatus.UNPROCESSABLE_ENTITY else problem


def _hidden_outputs(flow: LoadedFlow) -> frozenset[str]:
    """Return the outputs that callers do not get: those that the environment's list leaves out, else those for evaluation."""
    wanted = included_fields()
    if wanted is not None:
        return frozenset(flow.spec.outputs) - wanted
    return frozenset(name for name, spec in flow.spec.outputs.items() if spec.evaluation_only)
