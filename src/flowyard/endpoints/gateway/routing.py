"""A call to a route: which model takes it, what is tried when one does not, and what is told of that."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from flowyard.endpoints.errors import DeploymentOverloadedError, RouteExhaustedError, UpstreamLostError
from flowyard.endpoints.gateway.answer_cache import AnswerCache
from flowyard.endpoints.gateway.backends import Backend
from flowyard.endpoints.gateway.breaker import Breaker
from flowyard.endpoints.gateway.requests import ModelRequest
from flowyard.endpoints.gateway.upstream import Answer
from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.foundation.errors import FlowyardError
from flowyard.inference.answers import error_of
from flowyard.inference.errors import ModelUnreachableError
from flowyard.inference.providers.base import Operation
from flowyard.wire.routes import RouteSample

Resolve = Callable[[str], Awaitable[Backend]]

_TURNED_AWAY = frozenset({429, 503})
_FAILED = frozenset({401, 403, 408, 429})
_LONGEST_PAUSE_S = 10.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try that failed."""

    target: str
    at_ns: int
    error: str
    detail: str


class Routing:
    """What a gateway keeps of routes besides what they are: breakers and answers. Belongs to one event loop."""

    def __init__(self) -> None:
        self.cache = AnswerCache()
        self._breakers: dict[tuple[str, str, str], Breaker] = {}

    def breaker(self, route: RouteRecord, target: str) -> Breaker:
        """Return the breaker of a route's model."""
        place = (route.workspace_id, route.name, target)
        held = self._breakers.get(place)
        if held is None:
            held = self._breakers[place] = Breaker(route.spec.breaker)
        else:
            held.follow(route.spec.breaker)
        return held

    def all(self) -> Mapping[tuple[str, str, str], Breaker]:
        """Return the breakers by workspace, route and model."""
        return self._breakers


class RoutedBackend:
    """`Backend` of one call to a route: it is whichever model takes the call. `draw` picks the first, in [0, 1)."""

    def __init__(self, route: RouteRecord, routing: Routing, resolve: Resolve, draw: Callable[[], float] = random.random) -> None:
        self.route = route
        self.target = ""
        self.attempts: list[Attempt] = []
        self.tries = 0
        self._routing = routing
        self._resolve = resolve
        self._order = _order(route, routing, draw())
        self._held: Backend | None = None
        self._failed: FlowyardError | None = None

    async def prepare(self) -> None:
        """Find the first model that can be called.

        Raises:
            RouteExhaustedError: there is none.
            FlowyardError: there is none, and only one was tried: its reason.
        """
        while self._order:
            self.target = self._order[0]
            if self._routing.breaker(self.route, self.target).allows():
                try:
                    self._held = await self._resolve(self.target)
                except FlowyardError as failed:
                    self._note(failed, counts=True)
                else:
                    return
            self._order.pop(0)
        raise self._exhausted()

    @property
    def model(self) -> str:
        """See `Backend`."""
        return self._backend.model

    @property
    def provider(self) -> str:
        """See `Backend`."""
        return self._backend.provider

    @property
    def local(self) -> bool:
        """See `Backend`."""
        return self._backend.local

    @property
    def endpoint(self) -> str | None:
        """See `Backend`."""
        return self._backend.endpoint

    @property
    def deployment(self) -> str | None:
        """See `Backend`."""
        return self._backend.deployment

    async def open(self, operation: Operation, request: ModelRequest, headers: Mapping[str, str]) -> Answer:
        """Send the call to one model after the other, as the route says, until one answers.

        Raises:
            FlowyardError: what the last one's call failed with.
        """
        retry = self.route.spec.retry
        while True:
            for number in range(retry.attempts):
                if number:
                    await asyncio.sleep(min(retry.backoff_s * 2 ** (number - 1), _LONGEST_PAUSE_S))
                last = number == retry.attempts - 1 and len(self._order) == 1
                answer = await self._try(operation, request, headers, last=last)
                if answer is not None:
                    return answer
            self._order.pop(0)
            await self.prepare()

    def finish(self) -> None:
        """See `Backend`."""
        if self._held is not None:
            self._held.finish()

    def cut(self) -> None:
        """Say that the answer, which had begun, broke off: the model's breaker counts it as failed."""
        self._routing.breaker(self.route, self.target).cut()

    def keep(self, trace_id: str) -> Literal["all", "metadata", "none"]:
        """Return what the span of this trace keeps."""
        logging = self.route.spec.logging
        if isinstance(logging, RouteSample):
            # The last 56 bits of a trace id are random (W3C Trace Context, level 2): every process chooses the same traces.
            return "all" if int(trace_id[-14:], 16) < logging.sample * 2**56 else "metadata"
        return logging

    @property
    def _backend(self) -> Backend:
        if self._held is None:
            raise AssertionError("a routed backend is prepared before it is used")
        return self._held

    async def _try(self, operation: Operation, request: ModelRequest, headers: Mapping[str, str], *, last: bool) -> Answer | None:
        """Return the answer; None when the call failed and may be tried again, here or elsewhere."""
        self.tries += 1
        backend, breaker = self._backend, self._routing.breaker(self.route, self.target)
        try:
            answer = await backend.open(operation, request, headers)
        except FlowyardError as error:
            backend.finish()
            self._note(error, counts=error.status >= 429)
            if not self._may_go_on(never_reached(error), status=error.status):
                raise
            return None
        status = answer.status
        if status not in _FAILED and status < 500:
            breaker.passed()
            return answer
        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
        # The last model's own words go to the client.
        if last or not self._may_go_on(status in _TURNED_AWAY, status=status):
            breaker.broke()
            return answer
        try:
            failed = error_of(status, told, await answer.read())
        finally:
            await answer.close()
            backend.finish()
        self._note(failed, counts=True)
        return None

    def _may_go_on(self, never: bool, *, status: int) -> bool:
        return never or (self.route.spec.retry.on == "always" and (status in _FAILED or status >= 500))

    def _note(self, error: FlowyardError, *, counts: bool) -> None:
        if counts:
            self._routing.breaker(self.route, self.target).broke()
        self._failed = error
        self.attempts.append(Attempt(self.target, time.time_ns(), error.code, str(error)))

    def _exhausted(self) -> FlowyardError:
        name = self.route.name
        if self._failed is None:
            return RouteExhaustedError(
                f"All models of the route {name!r} failed lately and are left alone for a while.",
                remedy="Try again in a moment; see: flowyard gateway status",
                extra={"retry_after_s": max(1, round(self.route.spec.breaker.open_s))},
            )
        last = {attempt.target: attempt.detail for attempt in self.attempts}
        if len(last) == 1:
            return self._failed
        told = " ".join(f"{target}: {detail}" for target, detail in last.items())
        return RouteExhaustedError(f"No model of the route {name!r} answered. {told}")


def never_reached(error: FlowyardError) -> bool:
    """Return whether no model can have seen the call that failed with `error`."""
    if isinstance(error, UpstreamLostError | ModelUnreachableError):
        return not error.reached
    # 404: the gateway knows no such model; 503: nothing runs that could take it.
    return isinstance(error, DeploymentOverloadedError) or error.status in {404, 503}


def _order(route: RouteRecord, routing: Routing, draw: float) -> list[str]:
    """Return the target that the weights choose among those that may be called, and then the fallbacks."""
    targets = [target for target in route.spec.targets if target.weight > 0]
    healthy = [target for target in targets if routing.breaker(route, target.model).state != "open"]
    point = draw * sum(target.weight for target in healthy)
    chosen: list[str] = []
    for target in healthy:
        point -= target.weight
        if point < 0:
            chosen = [target.model]
            break
    return [*chosen, *(model for model in route.spec.fallbacks if model not in chosen)]
