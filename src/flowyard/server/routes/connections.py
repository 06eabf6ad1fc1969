"""Connections of a workspace."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.connections import Connection, ConnectionTest, ConnectionWrite
from flowyard.wire.shared import Page

router = api_router("connections", "/workspaces/{workspace}/connections")
Reader = Annotated[Caller, allow("connections:read")]
Writer = Annotated[Caller, allow("connections:write")]


@router.get("")
def list_connections(caller: Reader, services: ServicesDep) -> Page[Connection]:
    """List the connections, without the values of their secrets."""
    return Page(items=services.connections.list(caller))


@router.post("", status_code=201)
def create_connection(body: ConnectionWrite, caller: Writer, services: ServicesDep) -> Connection:
    """Make a connection."""
    return services.connections.create(caller, body)


@router.get("/{name}")
def get_connection(name: str, caller: Reader, services: ServicesDep) -> Connection:
    """Show one connection, without the values of its secrets."""
    return services.connections.get(caller, name)


@router.put("/{name}")
def replace_connection(name: str, body: ConnectionWrite, caller: Writer, services: ServicesDep) -> Connection:
    """Replace a connection, or make it. A secret given as ``******`` keeps its value."""
    return services.connections.replace(caller, name, body)


@router.delete("/{name}", status_code=204)
def delete_connection(name: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a connection."""
    services.connections.delete(caller, name)


@router.post("/{name}/test")
def test_connection(name: str, caller: Writer, services: ServicesDep) -> ConnectionTest:
    """Make one real call through a connection."""
    return services.connections.test(caller, name)
