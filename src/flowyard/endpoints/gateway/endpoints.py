"""``/endpoints``: requests to deployments of flows and models."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

import msgspec

from flowyard.endpoints.errors import (
    BodyInvalidError,
    MethodNotAllowedError,
    OperationUnsupportedError,
    ReplicaTimeoutError,
    ReplicaUnavailableError,
    UpstreamLostError,
    UpstreamTimeoutError,
)
from flowyard.endpoints.gateway.auth import Principal, may_enter, may_invoke
from flowyard.endpoints.gateway.backends import ReplicaBackend, Ways
from flowyard.endpoints.gateway.balance import PIN_HEADER, RETRY_AFTER_S
from flowyard.endpoints.gateway.callers import score_caller
from flowyard.endpoints.gateway.calls import ModelCalls, trace_headers
from flowyard.endpoints.gateway.exchange import ClientGoneError, Exchange
from flowyard.endpoints.gateway.finder import Finder
from flowyard.endpoints.gateway.loopback import LoopbackAnswer, request_head
from flowyard.endpoints.gateway.mirror import Mirror
from flowyard.endpoints.gateway.model_swagger import model_swagger
from flowyard.endpoints.gateway.models import operation_of
from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute, ReplicaRoute
from flowyard.endpoints.gateway.problems import problem
from flowyard.endpoints.gateway.requests import read_request
from flowyard.endpoints.gateway.tallies import Tallies
from flowyard.flows.serving.app import TOKEN_HEADER
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import FlowyardError, NotFoundError
from flowyard.identity.model import NOTEBOOK_SCOPE
from flowyard.inference.providers.base import Operation
from flowyard.tracing.context import parse_traceparent, set_current
from flowyard.tracing.recorder import LiveSpan, Recorder

_SCORE_WITHIN_S = 600.0
_ASIDE_WITHIN_S = 10.0
_EVENT_STREAM = b"text/event-stream"
_PASSED_UP = (
    b"content-type", b"accept", b"accept-language", b"tracestate", b"baggage",
    b"x-ms-client-request-id", b"x-request-id", b"idempotency-key",
)  # fmt: skip
# Framing belongs to each connection; the rest is ours to say.
_KEPT_BACK = frozenset(
    {
        b"content-length",
        b"transfer-encoding",
        b"connection",
        b"keep-alive",
        b"date",
        b"server",
        b"traceparent",
        b"x-request-id",
        b"x-ms-request-id",
        PIN_HEADER,
    }
)
#: What a request to a model deployment's ``/score`` holds decides what it is.
_MODEL_OPERATIONS: dict[str, Operation] = {"messages": "chat/completions", "prompt": "completions", "input": "embeddings"}


class Endpoints:
    """Finds the replica that takes a request, and passes it on."""

    def __init__(self, finder: Finder, ways: Ways, calls: ModelCalls, recorder: Recorder, mirror: Mirror, tallies: Tallies) -> None:
        self._finder = finder
        self._ways = ways
        self._calls = calls
        self._recorder = recorder
        self._mirror = mirror
        self._tallies = tallies

    async def handle(self, exchange: Exchange, principal: Principal, name: str, rest: str) -> None:
        """Answer a request to the endpoint `name`; `rest` is the path below it, for instance ``/score``.

        Raises:
            FlowyardError: of any kind; the caller answers it.
        """
        may_invoke(principal, models_only=False)
        if principal.scope and not principal.scope.startswith(NOTEBOOK_SCOPE):
            may_enter(principal, name, await self._finder.endpoint(principal.workspace_id, name))
        endpoint, deployment = await self._finder.deployment(principal.workspace_id, name, exchange.header(PIN_HEADER))
        exchange.trace_headers = ((PIN_HEADER, deployment.name.encode()),)
        if rest.startswith("/v1/"):
            await self._model_call(exchange, principal, endpoint, deployment, operation_of(exchange, rest.removeprefix("/v1")))
        elif rest == "/score":
            await self._score(exchange, principal, endpoint, deployment)
        elif rest == "/swagger.json" and deployment.kind == "model":
            await exchange.reply(HTTPStatus.OK, to_json(model_swagger(endpoint.name, deployment.model or "")))
        elif rest == "/feedback":
            await self._feedback(exchange, endpoint, deployment)
        else:
            await self._aside(exchange, endpoint, deployment, rest)

    async def _score(self, exchange: Exchange, principal: Principal, endpoint: EndpointRoute, deployment: DeploymentRoute) -> None:
        if exchange.method != "POST":
            raise MethodNotAllowedError(f"{exchange.method} is not served at {exchange.path}.", remedy="Use POST with a JSON body.")
        if deployment.kind == "model":
            await self._model_call(exchange, principal, endpoint, deployment, None)
            return
        body = await exchange.body()
        caller = score_caller(exchange, body)
        span = self._recorder.start(
            f"POST /endpoints/{endpoint.name}/score",
            kind="http",
            parent=parse_traceparent(exchange.header(b"traceparent")),
            workspace_id=principal.workspace_id,
            endpoint=endpoint.name,
            deployment=deployment.name,
            flow=deployment.flow,
            api_key=principal.key,
            session_id=caller.session_id,
            user_id=caller.user_id,
        )
        exchange.trace_headers = (*exchange.trace_headers, *trace_headers(span))
        set_current(span.context)
        self._calls.open[span.context.trace_id] = caller._replace(endpoint=endpoint.name, deployment=deployment.name)
        try:
            hold = await self._calls.admission.request(principal)
            if hold is not None:
                exchange.trace_headers = (*exchange.trace_headers, *hold.headers())
                hold.settle(tokens=0, cost_micros=0)
            await self._calls.turns.join(span.record)
            async with exchange.watched():
                status = await self._pass(exchange, endpoint, deployment, body, span)
            span.attributes["http.response.status_code"] = status
            if status >= HTTPStatus.BAD_REQUEST:
                span.fail(f"HTTP {status}")
                span.set(error_type=str(status))
        except ClientGoneError:
            span.fail("The client went away before the answer was complete.")
            raise
        except FlowyardError as error:
            span.attributes["http.response.status_code"] = error.status
            span.fail(str(error))
            span.set(error_type=error.code)
            raise
        finally:
            self._calls.open.pop(span.context.trace_id, None)
            span.attributes["http.request.method"] = exchange.method
            span.attributes["http.route"] = "/endpoints/{name}/score"
            span.attributes["enduser.id"] = principal.actor
            span.end()

    async def _pass(self, exchange: Exchange, endpoint: EndpointRoute, deployment: DeploymentRoute, body: bytes, span: LiveSpan) -> int:
        """Pass the request to a replica and its answer back; a replica that is gone before it answered leaves it to another, once."""
        passed = _passed_up(exchange, deployment.captured)
        if endpoint.mirror_traffic and PIN_HEADER not in exchange.headers:
            self._mirror.offer(endpoint, passed, body, span)
        headers = [(b"traceparent", span.context.traceparent().encode()), *passed]
        bound_ms = deployment.request.request_timeout_ms
        within_s = _SCORE_WITHIN_S if bound_ms is None else bound_ms / 1000
        balancer, look = self._ways.balancer, self._finder.look(endpoint, deployment)
        replica = await balancer.admit(endpoint, deployment, look)
        try:
            try:
                answer = await self._send(replica, "POST", "/score", headers, body, within_s)
            except UpstreamLostError as error:
                if error.began:
                    raise
                lost, replica = replica, None
                balancer.release(deployment, lost)
                deployment = await self._finder.renewed(endpoint, deployment)
                replica = await balancer.admit(endpoint, deployment, look, avoid=lost)
                answer = await self._send(replica, "POST", "/score", headers, body, within_s)
            try:
                await self._calls.turns.join(span.record)
                keep = partial(self._tallies.offer, deployment, body) if deployment.sample else None
                return await _answer(exchange, answer, keep)
            finally:
                await answer.close()
                await self._calls.turns.join(span.record)  # a stream may have read more
        except UpstreamLostError as error:
            raise await _broken_off(exchange, _unavailable(endpoint, deployment, error)) from error
        except UpstreamTimeoutError as error:
            raise await _broken_off(exchange, _too_slow(deployment, error)) from error
        finally:
            if replica is not None:
                balancer.release(deployment, replica)

    async def _send(
        self,
        replica: ReplicaRoute,
        method: str,
        path: str,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        timeout_s: float,
    ) -> LoopbackAnswer:
        sent = [(TOKEN_HEADER, replica.token.encode()), *headers]
        head = request_head(method, path, replica.address, sent, len(body))
        return await self._ways.upstreams.loopback.send(replica.address, head, body, timeout_s=timeout_s)

    async def _model_call(
        self, exchange: Exchange, principal: Principal, endpoint: EndpointRoute, deployment: DeploymentRoute, operation: Operation | None
    ) -> None:
        if deployment.kind != "model":
            raise OperationUnsupportedError(
                f"The deployment {deployment.name!r} serves a {deployment.kind}, not a model.",
                remedy=f"Use /endpoints/{endpoint.name}/score.",
            )
        request = read_request(await exchange.body(), model=deployment.model)
        chosen = operation or _operation_for(request.fields)
        backend = ReplicaBackend(self._ways, endpoint, deployment, self._finder)
        try:
            await self._calls.run(exchange, chosen, request, backend, principal)
        except UpstreamLostError as error:
            raise _unavailable(endpoint, deployment, error) from error

    async def _aside(self, exchange: Exchange, endpoint: EndpointRoute, deployment: DeploymentRoute, rest: str) -> None:
        """Answer ``/health``, ``/version`` and ``/swagger.json`` from a replica."""
        if exchange.method not in {"GET", "HEAD"}:
            raise MethodNotAllowedError(f"{exchange.method} is not served at {exchange.path}.", remedy="Use GET.")
        if rest not in {"/health", "/version", "/swagger.json"}:
            remedy = "An endpoint has /score, /feedback, /health, /swagger.json and /v1/…."
            raise NotFoundError(f"{exchange.path} is not served.", remedy=remedy)
        await self._ask(exchange, endpoint, deployment, "GET", rest)

    async def _feedback(self, exchange: Exchange, endpoint: EndpointRoute, deployment: DeploymentRoute) -> None:
        """Let a replica keep what a caller says of an answer, in the trace that the caller names: there is no span of ours between."""
        if exchange.method != "POST":
            raise MethodNotAllowedError(f"{exchange.method} is not served at {exchange.path}.", remedy="Use POST.")
        if deployment.kind == "model":
            raise OperationUnsupportedError(
                f"The deployment {deployment.name!r} serves a model; feedback is kept for flows.", remedy="Use an endpoint of a flow."
            )
        query: bytes = exchange.scope.get("query_string", b"")
        await self._ask(exchange, endpoint, deployment, "POST", f"/feedback?{query.decode('latin-1')}")

    async def _ask(self, exchange: Exchange, endpoint: EndpointRoute, deployment: DeploymentRoute, method: str, target: str) -> None:
        """Pass a request that is quick to answer to any replica, and its answer back; one that is gone leaves it to another, once."""
        body = await exchange.body() if method == "POST" else b""
        traceparent = exchange.header(b"traceparent")
        headers = _passed_up(exchange) + ([(b"traceparent", traceparent.encode("latin-1"))] if traceparent else [])
        lost: ReplicaRoute | None = None
        while True:
            replica = self._ways.balancer.acquire(endpoint, deployment, avoid=lost)
            try:
                answer = await self._send(replica, method, target, headers, body, _ASIDE_WITHIN_S)
                try:
                    await _answer(exchange, answer)
                finally:
                    await answer.close()
            except (UpstreamLostError, UpstreamTimeoutError) as error:
                if lost is not None or isinstance(error, UpstreamTimeoutError) or error.began:
                    raise _unavailable(endpoint, deployment, error) from error
                lost = replica
            else:
                return
            finally:
                self._ways.balancer.release(deployment, replica)
            deployment = await self._finder.renewed(endpoint, deployment)


async def _answer(exchange: Exchange, answer: LoopbackAnswer, keep: Callable[[bytes], None] | None = None) -> int:
    """Pass an answer on and return its status; `keep` gets the body of a whole one that is no error."""
    content_type = b"application/json"
    kept: list[tuple[bytes, bytes]] = []
    for pair in answer.headers:
        if pair[0] == b"content-type":
            content_type = pair[1]
        elif pair[0] not in _KEPT_BACK:
            kept.append(pair)
    if not content_type.startswith(_EVENT_STREAM):
        body = await answer.read()
        await exchange.reply(answer.status, body, content_type, kept)
        if keep is not None and answer.status < HTTPStatus.BAD_REQUEST:
            keep(body)
        return answer.status
    await exchange.start(answer.status, [(b"content-type", content_type), (b"x-accel-buffering", b"no"), *kept])
    async for piece in answer.pieces():
        await exchange.write(piece)
    await exchange.end()
    return answer.status


async def _broken_off(exchange: Exchange, error: FlowyardError) -> FlowyardError:
    """Return `error`; a stream that has begun is ended with it as an event: it must not look as if it were whole."""
    if exchange.started and not exchange.finished:
        # Two line ends first: what came last may be half of an event.
        await exchange.write(b"\n\nevent: error\ndata: " + problem(error, exchange.path) + b"\n\n")
        await exchange.end()
    return error


def _passed_up(exchange: Exchange, captured: tuple[bytes, ...] = ()) -> list[tuple[bytes, bytes]]:
    headers = exchange.headers
    names = dict.fromkeys((*_PASSED_UP, *captured)) if captured else _PASSED_UP
    return [(name, headers[name]) for name in names if name in headers]


def _operation_for(fields: dict[str, msgspec.Raw]) -> Operation:
    for name, operation in _MODEL_OPERATIONS.items():
        if name in fields:
            return operation
    raise BodyInvalidError(
        "The body has none of messages, prompt and input.", remedy='Send for instance {"messages": [{"role": "user", "content": "Hello"}]}.'
    )


def _too_slow(deployment: DeploymentRoute, error: FlowyardError) -> ReplicaTimeoutError:
    bound_ms = deployment.request.request_timeout_ms
    return ReplicaTimeoutError(
        f"The deployment {deployment.name!r} did not answer: {error.message}",
        remedy="See its traces for the step that takes long" + (f", or raise request_timeout_ms ({bound_ms})." if bound_ms else "."),
    )


def _unavailable(endpoint: EndpointRoute, deployment: DeploymentRoute, error: FlowyardError) -> ReplicaUnavailableError:
    return ReplicaUnavailableError(
        f"The deployment {deployment.name!r} of endpoint {endpoint.name!r} does not answer: {error.message}",
        remedy=f"Try again; see: flowyard endpoint logs {endpoint.name} --deployment {deployment.name}",
        extra={"retry_after_s": RETRY_AFTER_S, **({"deployment_error": deployment.error} if deployment.error else {})},
    )
