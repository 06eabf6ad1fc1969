"""The model registry of a workspace."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import PrincipalDep, ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.model_registry import (
    LicenseRules,
    ModelPromotionCreate,
    RegisteredModel,
    RegisteredModelCreate,
    RegisteredModelUpdate,
)
from flowyard.wire.shared import Page

router = api_router("models", "/workspaces/{workspace}/registered-models")
Reader = Annotated[Caller, allow("models:read")]
Writer = Annotated[Caller, allow("models:write")]
Owner = Annotated[Caller, allow("workspaces:write")]
Version = Annotated[str | None, Query(max_length=100, description="Of this version only; else of all.")]


@router.get("")
def list_registered_models(caller: Reader, services: ServicesDep, archived: bool = False) -> Page[RegisteredModel]:
    """List the registered models, the latest version of each."""
    return Page(items=services.registry.list(caller, archived=archived))


@router.post("", status_code=201)
def register_model(body: RegisteredModelCreate, caller: Writer, services: ServicesDep) -> RegisteredModel:
    """Register a version of a catalog's model, or of files that were uploaded."""
    return services.registry.create(caller, body)


@router.get("/licenses")
def get_license_rules(caller: Reader, services: ServicesDep) -> LicenseRules:
    """Return which licenses the workspace deploys."""
    return services.registry.rules(caller.workspace_id)


@router.put("/licenses")
def set_license_rules(body: LicenseRules, caller: Owner, services: ServicesDep) -> LicenseRules:
    """Replace which licenses the workspace deploys; what serves already goes on."""
    return services.registry.set_rules(caller, body)


@router.get("/{name}/versions")
def list_model_versions(name: str, caller: Reader, services: ServicesDep) -> Page[RegisteredModel]:
    """List the versions of a model, the latest first."""
    return Page(items=services.registry.versions(caller, name))


@router.get("/{name}/versions/{version}")
def get_model_version(name: str, version: str, caller: Reader, services: ServicesDep) -> RegisteredModel:
    """Return a version by its number, an alias, a stage, or ``latest``."""
    return services.registry.get(caller, name, version)


@router.patch("/{name}/versions/{version}")
def update_model_version(name: str, version: str, body: RegisteredModelUpdate, caller: Writer, services: ServicesDep) -> RegisteredModel:
    """Change stage, description, tags or aliases of a version."""
    return services.registry.update(caller, name, version, body)


@router.post("/{name}/versions/{version}/promote", status_code=201)
def promote_model_version(
    name: str, version: str, body: ModelPromotionCreate, caller: Writer, principal: PrincipalDep, services: ServicesDep
) -> RegisteredModel:
    """Copy a version to another workspace; the right to write models is needed in both."""
    other = services.sign_in.by_key(body.target_key) if body.target_key else principal
    return services.registry.promote(caller, other.enter(body.workspace), name, version, body)


@router.post("/{name}/archive", status_code=204)
def archive_registered_model(name: str, caller: Writer, services: ServicesDep, version: Version = None) -> None:
    """Archive a version, or all of a model: they are left out of lists, and what refers to them goes on working."""
    services.registry.set_archived(caller, name, version, archived=True)


@router.post("/{name}/restore", status_code=204)
def restore_registered_model(name: str, caller: Writer, services: ServicesDep, version: Version = None) -> None:
    """Restore what was archived."""
    services.registry.set_archived(caller, name, version, archived=False)
