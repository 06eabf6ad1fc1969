"""One model call: sent, answered whole or streamed, and recorded."""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

import msgspec

from flowyard.connections.model import LOCAL, ResolvedConnection
from flowyard.connections.prices import stated_price
from flowyard.endpoints.errors import AnswerInvalidError, DeadlineError, UpstreamLostError
from flowyard.endpoints.gateway.admission import Admission
from flowyard.endpoints.gateway.answer_cache import AnswerCache, KeptAnswer, Slot, cache_key
from flowyard.endpoints.gateway.auth import Principal
from flowyard.endpoints.gateway.backends import Backend
from flowyard.endpoints.gateway.callers import Caller, caller_of, replayed, timeout_of
from flowyard.endpoints.gateway.capture import Capture, request_attributes
from flowyard.endpoints.gateway.exchange import ClientGoneError, Exchange
from flowyard.endpoints.gateway.limits import Hold
from flowyard.endpoints.gateway.problems import openai_error
from flowyard.endpoints.gateway.relay import Relay
from flowyard.endpoints.gateway.requests import ModelRequest
from flowyard.endpoints.gateway.routing import RoutedBackend
from flowyard.endpoints.gateway.sse import EventCutter, encode
from flowyard.endpoints.gateway.turns import Turns
from flowyard.endpoints.gateway.upstream import Answer
from flowyard.foundation.errors import FlowyardError
from flowyard.inference.answers import error_of
from flowyard.inference.engines.llamacpp_tools import StreamRewriter, rewrite_response
from flowyard.inference.providers.base import Operation
from flowyard.tracing.context import parse_traceparent, set_current
from flowyard.tracing.model import SpanEvent, SpanRecord
from flowyard.tracing.recorder import LiveSpan, Recorder

#: Cost of a call in millionths of a dollar: provider, model, prompt tokens, completion tokens, cached ones of the prompt. None: not known.
PriceOf = Callable[[str, str, int, int, int], int | None]
#: Finds a workspace's connection by its name.
Connections = Callable[[str, str], ResolvedConnection | None]

#: Counts a call that leaves no span.
Count = Callable[[SpanRecord], None]

_NAMES: dict[str, str] = {"chat/completions": "chat", "completions": "text_completion", "embeddings": "embeddings", "responses": "chat"}
_EVENT_STREAM = b"text/event-stream"
_PASSED_DOWN = (b"retry-after", b"openai-", b"x-ratelimit-", b"x-request-id", b"x-ms-", b"azureml-")
_SHOWN = 120
_JSON_ANSWERS: frozenset[Operation] = frozenset({"chat/completions", "completions", "embeddings", "responses", "rerank"})
_OUR_LIMITS = b"x-ratelimit-"
_PASSED_UP = (b"openai-beta",)
# The upstream's own refusal of a key is not the caller's: they hold another.
_KEY_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class ModelCalls:
    """Runs model calls. Every one leaves a span, also those that fail."""

    def __init__(
        self,
        recorder: Recorder,
        price_of: PriceOf,
        connections: Connections,
        admission: Admission,
        cache: AnswerCache,
        count: Count,
        turns: Turns,
    ) -> None:
        self._recorder = recorder
        self._connections = connections
        self.admission = admission
        self.turns = turns
        self._cache = cache
        self._count_alone = count
        self.price_of = price_of
        #: Requests to flows that run now, by their traces: the calls that a flow makes for one belong to the same conversation,
        #: and are that endpoint's.
        self.open: dict[str, Caller] = {}

    async def run(self, exchange: Exchange, operation: Operation, request: ModelRequest, backend: Backend, principal: Principal) -> None:
        """Answer `exchange` with what `backend` says. Raises what it raises before anything was sent."""
        name = _NAMES.get(operation, operation)
        # Below an endpoint's own address the body may name any model: what answers is the deployment's.
        model = request.model if backend.endpoint is None or request.model.startswith("endpoint:") else backend.model
        routed = backend if isinstance(backend, RoutedBackend) else None
        parent = parse_traceparent(exchange.header(b"traceparent"))
        caller = caller_of(exchange, request.fields)
        above = self.open.get(parent.trace_id, caller) if parent is not None else caller
        span = self._recorder.start(
            f"{name} {request.model if routed else model}",
            kind="embedding" if operation == "embeddings" else "llm",
            parent=parent,
            workspace_id=principal.workspace_id,
            model=routed.target if routed else model,
            provider=backend.provider,
            endpoint=backend.endpoint or above.endpoint,
            deployment=backend.deployment if backend.endpoint else above.deployment,
            api_key=principal.key,
            session_id=caller.session_id or above.session_id,
            user_id=caller.user_id or above.user_id,
        )
        span.attributes.update(replayed(exchange))
        exchange.trace_headers = (*exchange.trace_headers, *trace_headers(span))
        set_current(span.context)  # for the log: the task is this request's alone
        if parent is None or parent.trace_id not in self.open:  # whose request tells it
            await self.turns.join(span.record)
        capture, hold = Capture(), None
        try:
            hold = await self.admission.call(
                principal, operation, request, lambda prompt, answer: self._price(span, backend, None, prompt, answer)
            )
            if hold is not None:
                exchange.trace_headers = (*exchange.trace_headers, *hold.headers())
            call = _Call(exchange, operation, request, backend, span, capture)
            if routed is not None:
                call.slot = self._slot(routed, principal, operation, request)
            async with exchange.watched():
                await call.within(deadline_of(exchange, routed))
        except ClientGoneError:
            span.fail("The client went away before the answer was complete.")
            raise
        except FlowyardError as error:
            span.fail(str(error))
            span.set(error_type=error.code)
            raise
        finally:
            backend.finish()
            if routed is not None:
                _tell_attempts(span, routed)
            self._complete(span, name, request, backend, capture)
            if hold is not None:
                _settle(hold, span, exchange)

    def _complete(self, span: LiveSpan, name: str, request: ModelRequest, backend: Backend, capture: Capture) -> None:
        """Write what is known on the span and end it. The answer has left already, so this delays nobody's."""
        attributes = span.attributes
        attributes["gen_ai.operation.name"] = name
        attributes["gen_ai.provider.name"] = backend.provider
        attributes["gen_ai.request.model"] = backend.model
        keep = backend.keep(span.record.trace_id) if isinstance(backend, RoutedBackend) else "all"
        try:
            attributes.update(request_attributes(request.fields, content=keep == "all"))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            attributes["flowyard.request.unreadable"] = str(error)
        capture.catch_up()
        if capture.id:
            attributes["gen_ai.response.id"] = capture.id
        if capture.model:
            attributes["gen_ai.response.model"] = capture.model
        if name != "embeddings":
            told = capture.messages()
            if keep == "all":
                attributes["gen_ai.output.messages"] = told
            attributes["gen_ai.response.finish_reasons"] = [message.get("finish_reason") for message in told]
        if capture.usage is not None:
            self._count(span, backend, capture)
        span.end() if keep != "none" else self._count_alone(span.finish())

    def _slot(self, routed: RoutedBackend, principal: Principal, operation: Operation, request: ModelRequest) -> Slot | None:
        """Return where the answer is kept; None: it is not."""
        rule = routed.route.spec.cache
        key = cache_key(routed.route, principal, operation, request.fields)
        return None if rule is None or key is None else Slot(self._cache, key, rule.ttl_s)

    def _count(self, span: LiveSpan, backend: Backend, capture: Capture) -> None:
        if capture.usage is None:
            return
        usage = capture.usage
        prompt, completion, cached = usage.prompt or 0, usage.completion or 0, usage.cached
        if cached:
            span.attributes["gen_ai.usage.cache_read.input_tokens"] = cached
        cost = self._price(span, backend, capture.model, prompt, completion, cached)
        span.set(prompt_tokens=prompt, completion_tokens=completion, cost_micros=cost)

    def _price(self, span: LiveSpan, backend: Backend, answered: str | None, prompt: int, completion: int, cached: int = 0) -> int | None:
        """Return what so many tokens cost; `answered` is the model's name in the answer, where there is one."""
        name = LOCAL if backend.local else (span.record.model or "").partition("/")[0]
        connection = self._connections(span.record.workspace_id, name)
        price = stated_price(connection.configs, backend.model, answered) if connection is not None else None
        if price is not None:
            return price.micros(prompt, completion, cached)
        return 0 if backend.local else self.price_of(backend.provider, answered or backend.model, prompt, completion, cached)


class _Call:
    """One call under way. `slot` is where its answer is kept."""

    __slots__ = ("_backend", "_capture", "_exchange", "_operation", "_request", "_span", "slot")

    def __init__(
        self, exchange: Exchange, operation: Operation, request: ModelRequest, backend: Backend, span: LiveSpan, capture: Capture
    ) -> None:
        self._exchange = exchange
        self._operation: Operation = operation
        self._request = request
        self._backend = backend
        self._span = span
        self._capture = capture
        self.slot: Slot | None = None

    async def within(self, seconds: float | None) -> None:
        """Run the call; when it takes longer it ends with an error, within the stream where that has begun."""
        if seconds is None:
            await self.run()
            return
        try:
            async with asyncio.timeout(seconds):
                await self.run()
        except TimeoutError as error:
            late = DeadlineError(f"The call took longer than the {seconds:g} s it has.", remedy="Give it more time, or ask for less.")
            if not self._exchange.started:
                raise late from error
            await self._broke(late)
            await self._exchange.end()

    async def run(self) -> None:
        if self.slot is not None and (kept := self.slot.cache.get(self.slot.key)) is not None:
            await self._replay(kept)
            return
        headers, sent = self._sent_headers(), time.perf_counter()
        answer = await self._backend.open(self._operation, self._request, headers)
        self._exchange.waited(sent)
        self._tell_way()
        try:
            if answer.status >= HTTPStatus.BAD_REQUEST:
                await self._refused(answer)
            elif self._request.stream and _content_type(answer).startswith(_EVENT_STREAM):
                await self._stream(answer)
            else:
                await self._whole(answer)
        finally:
            await answer.close()

    def _sent_headers(self) -> dict[str, str]:
        headers = {name.decode(): value.decode("latin-1") for name in _PASSED_UP if (value := self._exchange.headers.get(name))}
        if self._backend.local:
            headers["traceparent"] = self._span.context.traceparent()
        if self._request.stream:
            headers["accept"] = "text/event-stream"
        return headers

    async def _refused(self, answer: Answer) -> None:
        data = await answer.read()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
        error = error_of(answer.status, headers, data)
        if answer.status in _KEY_REFUSED:
            raise error
        self._span.fail(str(error))
        self._span.set(error_type=str(answer.status))
        await self._exchange.reply(answer.status, data, _content_type(answer), self._passed(answer))

    async def _whole(self, answer: Answer) -> None:
        begun = time.perf_counter()
        data = await answer.read()
        self._exchange.waited(begun)
        if self._operation in _JSON_ANSWERS and not _is_object(data):
            raise AnswerInvalidError(
                f"The model's server answered {answer.status} with what is no JSON object: {data[:_SHOWN]!r}.",
                remedy="Is the connection's address that of an OpenAI-compatible API?",
            )
        if self._request.rewrite is not None:
            data = msgspec.json.encode(rewrite_response(msgspec.json.decode(data), self._request.rewrite))
        await self._exchange.reply(answer.status, data, _content_type(answer), self._passed(answer))
        self._capture.whole(data)
        if self.slot is not None and answer.status == HTTPStatus.OK:
            self.slot.put(data, _content_type(answer), self._span.record.model or "")

    async def _stream(self, answer: Answer) -> None:
        headers = [
            (b"content-type", _content_type(answer)),
            (b"cache-control", b"no-cache"),
            (b"x-accel-buffering", b"no"),
            *self._passed(answer),
        ]
        await self._exchange.start(answer.status, headers)
        rewriter = StreamRewriter(self._request.rewrite) if self._request.rewrite is not None else None
        try:
            await Relay(self._exchange, rewriter, self._seen).run(answer)
        except FlowyardError as error:
            await self._cut(error)
        else:
            if self._capture.cut:
                await self._cut(UpstreamLostError("The model's server ended the stream before the answer was whole.", began=True))
            elif self.slot is not None and answer.status == HTTPStatus.OK and self._capture.ended:
                self.slot.put(b"".join(self.slot.pieces), _content_type(answer), self._span.record.model or "")
        await self._exchange.end()

    async def _cut(self, error: FlowyardError) -> None:
        if isinstance(self._backend, RoutedBackend):
            self._backend.cut()
        await self._broke(error)

    async def _broke(self, error: FlowyardError) -> None:
        """The status is out; the error goes where the client's library looks for it: into the stream."""
        self._span.fail(str(error))
        self._span.set(error_type=error.code)
        await self._exchange.write(encode(openai_error(error)))

    async def _replay(self, kept: KeptAnswer) -> None:
        """Answer with what was kept: no model is asked, so no tokens are used, and it costs nothing."""
        self._exchange.trace_headers = (
            *self._exchange.trace_headers, (b"x-flowyard-cache", b"hit"), (b"x-flowyard-target", kept.target),
        )  # fmt: skip
        self._span.attributes["flowyard.cache"] = "hit"
        self._span.set(cost_micros=0)
        if kept.content_type.startswith(_EVENT_STREAM):
            await self._exchange.start(HTTPStatus.OK, [(b"content-type", kept.content_type), (b"cache-control", b"no-cache")])
            await self._exchange.write(kept.data)
            await self._exchange.end()
            for event in EventCutter().feed(kept.data):
                self._capture.event(event)
        else:
            await self._exchange.reply(HTTPStatus.OK, kept.data, kept.content_type)
            self._capture.whole(kept.data)
        self._capture.usage = None

    def _tell_way(self) -> None:
        """Say on span and answer which model of a route it was that answers."""
        backend = self._backend
        if not isinstance(backend, RoutedBackend):
            return
        headers = [(b"x-flowyard-target", backend.target.encode()), (b"x-flowyard-attempts", b"%d" % backend.tries)]
        if self.slot is not None:
            headers.append((b"x-flowyard-cache", b"miss"))
            self._span.attributes["flowyard.cache"] = "miss"
        self._exchange.trace_headers = (*self._exchange.trace_headers, *headers)
        self._span.set(model=backend.target, provider=backend.provider)
        if backend.endpoint is not None:
            self._span.set(endpoint=backend.endpoint, deployment=backend.deployment)

    def _passed(self, answer: Answer) -> list[tuple[bytes, bytes]]:
        """Return the upstream's headers that pass through; where we have limits of our own, they are told, not the upstream's."""
        passed = [pair for pair in answer.headers if pair[0].startswith(_PASSED_DOWN)]
        if any(name.startswith(_OUR_LIMITS) for name, _ in self._exchange.trace_headers):
            return [pair for pair in passed if not pair[0].startswith(_OUR_LIMITS)]
        return passed

    def _seen(self, events: list[bytes]) -> bytes:
        """Record what events say and return those that the client gets."""
        if self._capture.id is None and events:
            first_ns = time.time_ns() - self._span.record.start_ns
            self._span.attributes.setdefault("gen_ai.server.time_to_first_token", first_ns / 1e9)
            self._span.set(first_token_ns=max(0, self._span.record.first_token_ns or first_ns))
        kept = [event for event in events if not (self._capture.event(event) and self._request.hide_usage)]
        piece = kept[0] if len(kept) == 1 else b"".join(kept)
        if self.slot is not None:
            self.slot.pieces.append(piece)
        return piece


def deadline_of(exchange: Exchange, routed: RoutedBackend | None) -> float | None:
    """Return how many seconds a call may take, by its route and by the client's header; the smaller counts.

    Raises:
        BodyInvalidError: the header is no number of seconds.
    """
    bounds = (routed.route.spec.timeout_s if routed is not None else None, timeout_of(exchange))
    return min((bound for bound in bounds if bound is not None), default=None)


def _tell_attempts(span: LiveSpan, routed: RoutedBackend) -> None:
    """Write a route's tries on the span: an event for each that failed, with the model and the reason."""
    span.attributes["flowyard.route"] = routed.route.name
    span.attributes["flowyard.route.tries"] = routed.tries
    for attempt in routed.attempts:
        told = {"flowyard.route.target": attempt.target, "error.type": attempt.error, "exception.message": attempt.detail}
        span.record.events.append(SpanEvent("attempt_failed", attempt.at_ns, told))


def _is_object(data: bytes) -> bool:
    """Whether it looks like a JSON object from both ends: reading all of it would cost every answer."""
    return data[:64].lstrip()[:1] == b"{" and data[-64:].rstrip()[-1:] == b"}"


def _settle(hold: Hold, span: LiveSpan, exchange: Exchange) -> None:
    """Count what the call used. Where its answer broke off before it said so, what was reserved stays."""
    record = span.record
    if span.attributes.get("flowyard.cache") == "hit":
        hold.settle(tokens=0, cost_micros=0)
    elif record.prompt_tokens is not None:
        hold.settle(tokens=record.prompt_tokens + (record.completion_tokens or 0), cost_micros=record.cost_micros or 0)
    elif not exchange.started or exchange.status >= HTTPStatus.BAD_REQUEST:
        hold.settle(tokens=0, cost_micros=0)
    else:
        hold.settle(tokens=None, cost_micros=None)


def trace_headers(span: LiveSpan) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers by which a caller finds the trace of an answer."""
    trace_id = span.context.trace_id.encode()
    return ((b"traceparent", span.context.traceparent().encode()), (b"x-ms-request-id", trace_id), (b"x-request-id", trace_id))


def _content_type(answer: Answer) -> bytes:
    for name, value in answer.headers:
        if name == b"content-type":
            return value
    return b"application/json"
