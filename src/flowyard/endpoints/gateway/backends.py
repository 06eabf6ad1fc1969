"""What answers a model call: a connection's provider, a local engine, or the replicas of a model deployment."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from flowyard.endpoints.errors import UpstreamLostError
from flowyard.endpoints.gateway.balance import Balancer
from flowyard.endpoints.gateway.engines import Engine, Engines
from flowyard.endpoints.gateway.finder import Finder
from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute, ReplicaRoute
from flowyard.endpoints.gateway.requests import ModelRequest
from flowyard.endpoints.gateway.upstream import Answer, ReplyAnswer, Targets, Upstreams
from flowyard.inference.providers.base import InProcessProvider, Operation
from flowyard.inference.providers.local import PROVIDER, engine

_REFUSED_FOR_S = 10.0
_REFUSED_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways out of the gateway, shared by all requests."""

    upstreams: Upstreams
    engines: Engines
    balancer: Balancer


class Backend(Protocol):
    """One call's way to a model."""

    @property
    def model(self) -> str:
        """Its name at whoever answers."""
        ...

    @property
    def provider(self) -> str:
        """The provider's name in telemetry."""
        ...

    @property
    def local(self) -> bool:
        """Whether llama.cpp or our embedder answers."""
        ...

    @property
    def endpoint(self) -> str | None:
        """The endpoint that answers, where one does."""
        ...

    @property
    def deployment(self) -> str | None:
        """Its deployment."""
        ...

    async def open(self, operation: Operation, request: ModelRequest, headers: Mapping[str, str]) -> Answer:
        """Send the call, under the model's own name.

        A connection that broke before anything was answered is tried once more where that can help.
        """
        ...

    def finish(self) -> None:
        """Say that the call is over."""
        ...


class InProcessBackend:
    """A model that answers in this process."""

    local = False
    endpoint: str | None = None
    deployment: str | None = None

    def __init__(self, provider: InProcessProvider, model: str) -> None:
        self._provider = provider
        self.model = model
        self.provider = provider.name

    async def open(self, operation: Operation, request: ModelRequest, headers: Mapping[str, str]) -> Answer:
        """Have the provider answer."""
        del headers
        return ReplyAnswer(await self._provider.answer(operation, request.body(operation, self.model, local=self.local)))

    def finish(self) -> None:
        """Do nothing."""


class ConnectionBackend:
    """A model of a connection."""

    local = False
    endpoint: str | None = None
    deployment: str | None = None

    def __init__(self, upstreams: Upstreams, targets: Targets, model: str) -> None:
        self._upstreams = upstreams
        self._targets = targets
        self.model = model
        self.provider = targets.provider.name

    async def open(self, operation: Operation, request: ModelRequest, headers: Mapping[str, str]) -> Answer:
        """Send the call, once: the client decides about retries, as it would without us."""
        body = request.body(operation, self.model, local=self.local)
        return await self._upstreams.send(self._targets.get(operation, self.model), body, headers)

    def finish(self) -> None:
        """Do nothing."""


class EngineBackend:
    """A local model."""

    local = True
    provider = PROVIDER
    endpoint: str | None = None
    deployment: str | None = None

    def __init__(self, upstreams: Upstreams, engines: Engines, model: str) -> None:
        self._upstreams = upstreams
        self._engines = engines
        self._held: Engine | None = None
        self.model = model

    async def open(self, operation: Operation, request: ModelRequest, headers: Mapping[str, str]) -> Answer:
        """Send the call; an engine that is gone is started again and gets the call once more.

        An engine that dies refuses connections some moments before its death shows: a call that never reached it is tried on.
        """
        body = request.body(operation, self.model, local=self.local)
        again = 1
        until = time.monotonic() + _REFUSED_FOR_S
        while True:
            held = self._held = await self._engines.acquire(self.model)
            try:
                return await self._send(held, operation, body, headers)
            except UpstreamLostError as error:
                again -= error.reached
                if error.began or again < 0 or time.monotonic() > until:
                    raise
            self._upstreams.loopback.forget(held.address)
            self._engines.forget(held)
            self.finish()
            await asyncio.sleep(_REFUSED_PAUSE_S)

    def finish(self) -> None:
        """Give the engine back."""
        if self._held is not None:
            self._engines.release(self._held)
            self._held = None

    async def _send(self, held: Engine, operation: Operation, body: bytes, headers: Mapping[str, str]) -> Answer:
        return await self._upstreams.send(held.targets.get(operation, self.model), body, headers)


class ReplicaBackend:
    """A model deployment."""

    local = True
    provider = PROVIDER

    def __init__(self, ways: Ways, endpoint: EndpointRoute, deployment: DeploymentRoute, finder: Finder) -> None:
        self._ways = ways
        self._finder = finder
        self._look = finder.look(endpoint, deployment)
        self._endpoint = endpoint
        self._deployment = deployment
        self._held: ReplicaRoute | None = None
        self.model = deployment.model or ""
        self.endpoint: str | None = endpoint.name
        self.deployment: str | None = deployment.name

    async def open(self, operation: Operation, request: ModelRequest, headers: Mapping[str, str]) -> Answer:
        """Send the call to the replica with the least to do; when it does not answer to another, or to where it was started again."""
        body = request.body(operation, self.model, local=self.local)
        held = self._held = await self._ways.balancer.admit(self._endpoint, self._deployment, self._look)
        try:
            return await self._send(held, operation, body, headers)
        except UpstreamLostError as error:
            if error.began:
                raise
        self.finish()
        self._deployment = await self._finder.renewed(self._endpoint, self._deployment)
        other = self._held = await self._ways.balancer.admit(self._endpoint, self._deployment, self._look, avoid=held)
        if other.name == held.name:
            address = await self._ways.engines.address_of(other.name)
            other = replace(other, address=address) if address else other
        return await self._send(other, operation, body, headers)

    def finish(self) -> None:
        """Give the replica back."""
        if self._held is not None:
            self._ways.balancer.release(self._deployment, self._held)
            self._held = None

    async def _send(self, held: ReplicaRoute, operation: Operation, body: bytes, headers: Mapping[str, str]) -> Answer:
        provider = engine(held.address, held.token)
        return await self._ways.upstreams.send(provider.target(operation, self.model), body, headers)
