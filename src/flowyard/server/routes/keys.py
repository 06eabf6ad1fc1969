"""API keys of a workspace."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.identity import ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyUpdate
from flowyard.wire.shared import Page

router = api_router("keys", "/workspaces/{workspace}/keys")
Reader = Annotated[Caller, allow("keys:read")]
Writer = Annotated[Caller, allow("keys:write")]


@router.get("")
def list_keys(caller: Reader, services: ServicesDep) -> Page[ApiKey]:
    """List the keys, without their secrets."""
    return Page(items=services.keys.list(caller))


@router.post("", status_code=201)
def create_key(body: ApiKeyCreate, caller: Writer, services: ServicesDep) -> ApiKeyCreated:
    """Make a key. Its secret is in this answer and never again."""
    return services.keys.create(caller, body)


@router.patch("/{name}")
def update_key(name: str, body: ApiKeyUpdate, caller: Writer, services: ServicesDep) -> ApiKey:
    """Put limits in the place of a key's; they hold within a second."""
    return services.keys.update(caller, name, body)


@router.delete("/{name}", status_code=204)
def revoke_key(name: str, caller: Writer, services: ServicesDep) -> None:
    """Revoke a key; it stops working within a second."""
    services.keys.revoke(caller, name)
