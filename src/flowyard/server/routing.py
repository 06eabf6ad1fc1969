"""The routers of the API. A route has its whole path from the start.

A router that is included in another makes each of its routes again, for each application: that was half of the server's start.
"""

from fastapi import APIRouter
from fastapi.routing import APIRoute

PREFIX = "/api/v1"


def api_router(tag: str, prefix: str = "") -> APIRouter:
    """Return the router of a noun, below /api/v1."""
    return APIRouter(prefix=PREFIX + prefix, tags=[tag], generate_unique_id_function=operation_id)


def operation_id(route: APIRoute) -> str:
    """Return ``<noun>_<verb>``: the route's tag, and its function's name without the noun."""
    noun = str(route.tags[0]) if route.tags else "root"
    verb = route.name
    for ending in (f"_{noun}", f"_{noun.removesuffix('s')}"):
        verb = verb.removesuffix(ending)
    return f"{noun}_{verb}"
