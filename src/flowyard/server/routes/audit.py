"""The audit trail of a workspace."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.identity import AuditEntry
from flowyard.wire.shared import Page

router = api_router("audit", "/workspaces/{workspace}/audit")


@router.get("")
def list_audit(
    caller: Annotated[Caller, allow("audit:read")],
    services: ServicesDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[AuditEntry]:
    """List who changed what, newest first."""
    return services.audit.page(caller.workspace_id, limit=limit, cursor=cursor)
