"""Limits of the workspace as a whole, and what was used of all limits."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.limits import Limits, WorkspaceLimits

router = api_router("limits", "/workspaces/{workspace}/limits")
Reader = Annotated[Caller, allow("keys:read")]
Owner = Annotated[Caller, allow("workspaces:write")]


@router.get("")
def get_limits(caller: Reader, services: ServicesDep) -> WorkspaceLimits:
    """Get the limits of the workspace and of its keys, and what was used of them."""
    return services.limits.get(caller)


@router.put("")
def set_limits(body: Limits, caller: Owner, services: ServicesDep) -> WorkspaceLimits:
    """Put limits in the place of the workspace's; they hold within a second, for all keys and people together."""
    return services.limits.set(caller, body)
