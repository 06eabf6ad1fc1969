"""Which deployments ask which version of an index."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.index_uses import IndexUse
from flowyard.wire.shared import Page

router = api_router("index_uses", "/workspaces/{workspace}/index-uses")


@router.get("")
def list_index_uses(
    caller: Annotated[Caller, allow("endpoints:read")],
    services: ServicesDep,
    *,
    index: Annotated[str | None, Query(max_length=120, description="Only those of this index.")] = None,
    endpoint: Annotated[str | None, Query(max_length=32, description="Only those of this endpoint.")] = None,
) -> Page[IndexUse]:
    """List which deployments ask which version of an index of documents."""
    return Page(items=services.index_uses.list(caller, index=index, endpoint=endpoint))
