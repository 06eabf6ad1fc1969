"""The model catalog."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query, Request

from flowyard.catalog.filters import ModelQuery, query_of
from flowyard.catalog.fit.service import FitQuery
from flowyard.identity.model import Caller
from flowyard.inference.engines.settings import CacheType
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.jobs import Job
from flowyard.wire.model_fit import ModelFit
from flowyard.wire.models import Model, ModelPage

router = api_router("models", "/workspaces/{workspace}/models")
Reader = Annotated[Caller, allow("models:read")]
Writer = Annotated[Caller, allow("models:write")]
Starter = Annotated[Caller, allow("models:write", starts_work=True)]


Words = Annotated[list[Annotated[str, Query(max_length=100)]] | None, Query(max_length=50)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFilters:
    """The filters of the list, as query parameters. One that is given more than once wants one of its values."""

    request: Request
    q: Annotated[str | None, Query(max_length=200, description="Words that are all in the card.")] = None
    collection: Words = None
    publisher: Words = None
    task: Annotated[Words, Query(description="chat-completion (or chat), completion, embeddings, rerank.")] = None
    license: Annotated[Words, Query(description="Its class: permissive, conditional, non-commercial, proprietary, unknown.")] = None
    license_name: Annotated[Words, Query(description="An SPDX identifier, or the license's own name.")] = None
    size: Annotated[Words, Query(description="up-to-1b, 1b-4b, 4b-15b, 15b-40b, over-40b, unknown.")] = None
    fine_tunable: Words = None
    runs_here: Annotated[Words, Query(description="Whether this machine has the memory: yes, no, unknown.")] = None
    tool_use: Words = None
    access: Annotated[Words, Query(description="local, hub, connection.")] = None
    state: Words = None
    lifecycle: Words = None
    language: Words = None
    modality: Words = None

    def query(self) -> ModelQuery:
        """Return what is asked for; a parameter that is no filter is refused."""
        asked = self.request.query_params
        return query_of(self.q, {name: asked.getlist(name) for name in asked if name != "q"})


@router.get("")
def list_models(caller: Reader, services: ServicesDep, where: Annotated[ModelFilters, Depends()]) -> ModelPage:
    """List the models of the catalog that fit all filters, and count what each further filter would leave."""
    return services.catalog.list(caller, where.query())


@router.get("/{name}")
def get_model(name: str, caller: Reader, services: ServicesDep) -> Model:
    """Return a model's card and state."""
    return services.catalog.get(caller, name)


@router.get("/{name}/fit")
def get_fit(
    name: str,
    caller: Reader,
    services: ServicesDep,
    context: Annotated[int | None, Query(ge=1, description="Tokens of one request, prompt and answer together.")] = None,
    concurrency: Annotated[int | None, Query(ge=1, description="Requests at once; for encoders texts.")] = None,
    cache_type: Annotated[CacheType | None, Query(description="The format of cached keys and values.")] = None,
    quantization: Annotated[str | None, Query(max_length=20, description="bf16, q8_0, q4_0: where the files are not chosen.")] = None,
) -> ModelFit:
    """Say whether a model fits into this machine's memory, counted from its card before anything is downloaded."""
    del caller
    query = FitQuery(context=context, concurrency=concurrency, cache_type=cache_type, quantization=quantization)
    return services.catalog.fit(name, query)


@router.post("/{name}/pull", status_code=202)
def pull_model(
    name: str,
    caller: Starter,
    services: ServicesDep,
    connection: Annotated[str | None, Query(max_length=100, description="It keeps a token for the hub, for gated models.")] = None,
) -> Job:
    """Start to download a model. While a pull of it runs, that job is returned."""
    return services.catalog.pull(caller, name, connection=connection)


@router.post("/{name}/verify")
def verify_model(name: str, caller: Writer, services: ServicesDep) -> Model:
    """Read a model's files, compare their hashes, and return it as ``ready`` or ``damaged``."""
    return services.catalog.verify(caller, name)


@router.delete("/{name}", status_code=204)
def remove_model(name: str, caller: Writer, services: ServicesDep) -> None:
    """Stop a model's engine and delete its files; it can be pulled again."""
    services.catalog.remove(caller, name)
