"""Lineage of a workspace."""

from typing import Annotated, Literal

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.lineage import LineageDirection, LineageEdge, LineageGraph
from flowyard.wire.shared import Page

router = api_router("lineage", "/workspaces/{workspace}/lineage")
Reader = Annotated[Caller, allow("data:read")]
Of = Annotated[
    str,
    Query(
        max_length=600,
        description="azureml:<name>:<version>, or <kind>/<name>[/<version>], for instance run/nightly.",
    ),
]


@router.get("")
def get_lineage(
    of: Of,
    caller: Reader,
    services: ServicesDep,
    direction: LineageDirection = "both",
    depth: Annotated[int | None, Query(ge=1, le=1000, description="Steps away at most; all without it.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Nodes at most.")] = 200,
) -> LineageGraph:
    """Show what something was made of, and what was made of it."""
    return services.lineage.graph(caller, of, direction=direction, depth=depth, limit=limit)


@router.get("/edges")
def list_edges(
    of: Of,
    caller: Reader,
    services: ServicesDep,
    direction: Literal["up", "down"] = "up",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: str | None = None,
) -> Page[LineageEdge]:
    """List the edges to something (`up`) or from it, a page at a time."""
    return services.lineage.edges(caller, of, up=direction == "up", limit=limit, cursor=cursor)
