"""``/v1``: models by the OpenAI protocol."""

import asyncio
import logging
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec

from flowyard.catalog.errors import ModelUnknownError
from flowyard.connections.model import LOCAL, ResolvedConnection
from flowyard.endpoints.errors import MethodNotAllowedError, OperationUnsupportedError
from flowyard.endpoints.gateway.auth import Principal, may_invoke
from flowyard.endpoints.gateway.backends import Backend, ConnectionBackend, EngineBackend, InProcessBackend, ReplicaBackend, Ways
from flowyard.endpoints.gateway.calls import ModelCalls
from flowyard.endpoints.gateway.directory import Directory
from flowyard.endpoints.gateway.exchange import Exchange
from flowyard.endpoints.gateway.finder import Finder
from flowyard.endpoints.gateway.requests import read_request
from flowyard.endpoints.gateway.routing import RoutedBackend, Routing
from flowyard.endpoints.gateway.upstream import Targets
from flowyard.endpoints.local_models import LocalModels
from flowyard.foundation.clock import NANOSECONDS
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import FlowyardError, NotFoundError, nearest
from flowyard.inference.providers import MODEL_TYPES, provider_for
from flowyard.inference.providers.base import InProcessProvider, Operation

log = logging.getLogger(__name__)

_OPERATIONS: dict[str, Operation] = {
    "/chat/completions": "chat/completions",
    "/completions": "completions",
    "/embeddings": "embeddings",
    "/responses": "responses",
    "/rerank": "rerank",
}
_ENDPOINT_PREFIX = "endpoint:"


class Models:
    """Finds what answers to a model's name, and has it answer."""

    def __init__(self, directory: Directory, finder: Finder, ways: Ways, local: LocalModels, calls: ModelCalls, routing: Routing) -> None:
        self._directory = directory
        self._finder = finder
        self._ways = ways
        self._local = local
        self._calls = calls
        self.routing = routing
        self._providers: dict[tuple[str, str], tuple[ResolvedConnection, Targets, InProcessProvider | None]] = {}

    async def handle(self, exchange: Exchange, principal: Principal, path: str) -> None:
        """Answer a request below ``/v1``; `path` is what follows it.

        Raises:
            FlowyardError: of any kind; the caller answers it in OpenAI's shape.
        """
        may_invoke(principal, models_only=True)
        if path == "/models" or path.startswith("/models/"):
            await self._list(exchange, principal, path.removeprefix("/models").lstrip("/"))
            return
        operation = operation_of(exchange, path)
        request = read_request(await exchange.body())
        route = self._directory.route(principal.workspace_id, request.model)
        if route is None:
            backend = await self.backend(principal.workspace_id, request.model)
            await self._calls.run(exchange, operation, request, backend, principal)
            return
        routed = RoutedBackend(route, self.routing, partial(self.backend, principal.workspace_id))
        await routed.prepare()
        await self._calls.run(exchange, operation, request, routed, principal)

    async def close(self) -> None:
        """Tell the database what was used."""
        await self._calls.admission.close()

    async def backend(self, workspace_id: str, model: str) -> Backend:
        """Return what answers to `model`: ``endpoint:<name>``, ``<connection>/<model>``, or a catalog model's name (after ``local/`` too).

        Raises:
            ModelUnknownError: the workspace has no connection of that name.
            EndpointUnknownError: it has no endpoint of that name.
            OperationUnsupportedError: the endpoint serves a flow.
        """
        if model.startswith(_ENDPOINT_PREFIX):
            return await self._endpoint_backend(workspace_id, model.removeprefix(_ENDPOINT_PREFIX))
        name, separator, rest = model.partition("/")
        if separator and name != LOCAL:
            targets, in_process = self._provider(await self._finder.connection(workspace_id, name))
            return InProcessBackend(in_process, rest) if in_process else ConnectionBackend(self._ways.upstreams, targets, rest)
        return EngineBackend(self._ways.upstreams, self._ways.engines, rest if separator else model)

    async def _endpoint_backend(self, workspace_id: str, name: str) -> Backend:
        endpoint, deployment = await self._finder.deployment(workspace_id, name, None)
        if deployment.kind != "model":
            raise OperationUnsupportedError(
                f"The endpoint {name!r} serves a {deployment.kind}, which is no model.", remedy=f"Call it at /endpoints/{name}/score."
            )
        return ReplicaBackend(self._ways, endpoint, deployment, self._finder)

    def _provider(self, entry: ResolvedConnection) -> tuple[Targets, InProcessProvider | None]:
        """Return the targets of a connection's provider, and the provider when it answers in this process."""
        place = (entry.workspace_id, entry.name)
        held = self._providers.get(place)
        if held is not None and held[0] == entry:
            return held[1], held[2]
        provider = provider_for(entry)
        in_process = provider if isinstance(provider, InProcessProvider) else None
        if in_process is None:
            # The price list takes long to load the first time; the call that is to be priced takes longer.
            asyncio.get_running_loop().run_in_executor(None, self._calls.price_of, provider.name, "gpt-4o", 0, 0, 0)
        targets = Targets(provider)
        self._providers[place] = (entry, targets, in_process)
        return targets, in_process

    async def _list(self, exchange: Exchange, principal: Principal, name: str) -> None:
        if exchange.method != "GET":
            raise MethodNotAllowedError(f"{exchange.method} is not served at {exchange.path}.", remedy="Use GET.")
        models = await self._names(principal.workspace_id)
        if not name:
            await exchange.reply(HTTPStatus.OK, to_json({"object": "list", "data": models}))
            return
        for model in models:
            if model["id"] == name:
                await exchange.reply(HTTPStatus.OK, to_json(model))
                return
        raise ModelUnknownError(f"There is no model {name!r}.", remedy=_did_you_mean(name, [model["id"] for model in models]))

    async def _names(self, workspace_id: str) -> list[dict[str, Any]]:
        local = await asyncio.to_thread(self._local.ready)
        models = [_model(model.name, model.publisher, model.created) for model in local]
        models += [_model(route.name, "flowyard", route.created_ns // NANOSECONDS) for route in self._directory.routes(workspace_id)]
        models += [
            _model(f"{_ENDPOINT_PREFIX}{endpoint.name}", "flowyard")
            for endpoint in self._directory.endpoints(workspace_id)
            if any(deployment.kind == "model" for deployment in endpoint.deployments.values())
        ]
        for entry in self._directory.connections(workspace_id):
            if entry.type in MODEL_TYPES:
                models += await self._scripted(entry)
        return models

    async def _scripted(self, entry: ResolvedConnection) -> list[dict[str, Any]]:
        """Return the models of a connection that can be listed without asking another machine."""
        try:
            _, provider = self._provider(entry)
        except FlowyardError as error:
            log.info("The models of connection %s are not listed: %s", entry.name, error)
            return []
        if provider is None:
            return []
        reply = await provider.answer("models", b"")
        listed = msgspec.json.decode(b"".join([piece async for piece in reply.body]))
        return [_model(f"{entry.name}/{model['id']}", provider.name) for model in listed.get("data", ())]


def operation_of(exchange: Exchange, path: str) -> Operation:
    """Return the operation that `path` (below ``/v1``) names.

    Raises:
        NotFoundError: there is none.
        MethodNotAllowedError: it is not asked for by POST.
    """
    operation = _OPERATIONS.get(path)
    if operation is None:
        raise NotFoundError(
            f"{exchange.path} is not served.", remedy="Served are chat/completions, completions, embeddings, responses and models."
        )
    if exchange.method != "POST":
        raise MethodNotAllowedError(f"{exchange.method} is not served at {exchange.path}.", remedy="Use POST.")
    return operation


def _model(name: str, owner: str, created: int = 0) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": created, "owned_by": owner}


def _did_you_mean(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    return f"Did you mean {near!r}?" if near else "GET /v1/models lists what there is."
