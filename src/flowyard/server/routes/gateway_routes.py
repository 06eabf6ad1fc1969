"""Routes of the gateway, and the gateways that run."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.routes import GatewayStatus, Route, RouteCreate, RouteSpec
from flowyard.wire.shared import Page

router = api_router("gateway", "/workspaces/{workspace}/gateway")
Reader = Annotated[Caller, allow("endpoints:read")]
Writer = Annotated[Caller, allow("endpoints:write")]


@router.get("/status")
def list_gateways(caller: Reader, services: ServicesDep) -> Page[GatewayStatus]:
    """List the gateways that run: how calls to the routes' models fare there, their caches, what they add to a call."""
    return Page(items=services.gateways.status(caller))


@router.get("/routes")
def list_routes(caller: Reader, services: ServicesDep) -> Page[Route]:
    """List the routes."""
    return Page(items=services.routes.list(caller))


@router.post("/routes", status_code=201)
def create_route(body: RouteCreate, caller: Writer, services: ServicesDep) -> Route:
    """Make a route; clients name it as their model."""
    return services.routes.create(caller, body)


@router.get("/routes/{name}")
def get_route(name: str, caller: Reader, services: ServicesDep) -> Route:
    """Get a route."""
    return services.routes.get(caller, name)


@router.put("/routes/{name}")
def replace_route(name: str, body: RouteSpec, caller: Writer, services: ServicesDep) -> Route:
    """Put a spec in the place of what the route was; it holds within a second."""
    return services.routes.replace(caller, name, body)


@router.delete("/routes/{name}", status_code=204)
def delete_route(name: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a route."""
    services.routes.delete(caller, name)
