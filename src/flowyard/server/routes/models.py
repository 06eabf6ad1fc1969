"""The model catalog."""

from typing import Annotated

from fastapi import APIRouter

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.wire.jobs import Job
from flowyard.wire.models import Model
from flowyard.wire.shared import Page

router = APIRouter(prefix="/workspaces/{workspace}/models", tags=["models"])
Reader = Annotated[Caller, allow("models:read")]
Writer = Annotated[Caller, allow("models:write")]
Starter = Annotated[Caller, allow("models:write", starts_work=True)]


@router.get("")
def list_models(caller: Reader, services: ServicesDep) -> Page[Model]:
    """List the models of the catalog and whether each is on this machine."""
    return Page(items=services.catalog.list(caller))


@router.get("/{name}")
def get_model(name: str, caller: Reader, services: ServicesDep) -> Model:
    """Return a model's card and state."""
    return services.catalog.get(caller, name)


@router.post("/{name}/pull", status_code=202)
def pull_model(name: str, caller: Starter, services: ServicesDep) -> Job:
    """Start to download a model. While a pull of it runs, that job is returned."""
    return services.catalog.pull(caller, name)


@router.post("/{name}/verify")
def verify_model(name: str, caller: Writer, services: ServicesDep) -> Model:
    """Read a model's files, compare their hashes, and return it as ``ready`` or ``damaged``."""
    return services.catalog.verify(caller, name)


@router.delete("/{name}", status_code=204)
def remove_model(name: str, caller: Writer, services: ServicesDep) -> None:
    """Stop a model's engine and delete its files; it can be pulled again."""
    services.catalog.remove(caller, name)
