"""Access tags of members, keys and endpoints: which documents of indexes they see."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.access_tags import AccessTags, AccessTagsUpdate
from flowyard.wire.shared import Page

router = api_router("access_tags", "/workspaces/{workspace}")


@router.get("/access-tags")
def list_access_tags(caller: Annotated[Caller, allow("keys:read")], services: ServicesDep) -> Page[AccessTags]:
    """List members, keys, and endpoints that have tags, with their tags."""
    return Page(items=services.access.list(caller))


@router.get("/users/{name}/access-tags")
def get_user_access_tags(name: str, caller: Annotated[Caller, allow("users:read")], services: ServicesDep) -> AccessTags:
    """Return a member's tags."""
    return services.access.get(caller, "user", name)


@router.put("/users/{name}/access-tags")
def set_user_access_tags(
    name: str, body: AccessTagsUpdate, caller: Annotated[Caller, allow("users:write")], services: ServicesDep
) -> AccessTags:
    """Let a member have these tags and no others; it takes effect at once."""
    return services.access.set(caller, "user", name, body.tags)


@router.get("/keys/{name}/access-tags")
def get_key_access_tags(name: str, caller: Annotated[Caller, allow("keys:read")], services: ServicesDep) -> AccessTags:
    """Return a key's tags."""
    return services.access.get(caller, "key", name)


@router.put("/keys/{name}/access-tags")
def set_key_access_tags(
    name: str, body: AccessTagsUpdate, caller: Annotated[Caller, allow("keys:write")], services: ServicesDep
) -> AccessTags:
    """Let a key have these tags and no others. Nobody gives tags that they do not have; an owner gives any."""
    return services.access.set(caller, "key", name, body.tags)


@router.get("/endpoints/{name}/access-tags")
def get_endpoint_access_tags(name: str, caller: Annotated[Caller, allow("endpoints:read")], services: ServicesDep) -> AccessTags:
    """Return an endpoint's tags."""
    return services.access.get(caller, "endpoint", name)


@router.put("/endpoints/{name}/access-tags")
def set_endpoint_access_tags(
    name: str, body: AccessTagsUpdate, caller: Annotated[Caller, allow("endpoints:write")], services: ServicesDep
) -> AccessTags:
    """Let an endpoint's deployments see documents by these tags and no others: whoever calls it gets answers made of them."""
    return services.access.set(caller, "endpoint", name, body.tags)
