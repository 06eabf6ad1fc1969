"""Workspaces."""

from flowyard.server.deps import PrincipalDep, ServicesDep
from flowyard.server.routing import api_router
from flowyard.wire.identity import Workspace, WorkspaceCreate
from flowyard.wire.shared import Page

router = api_router("workspaces", "/workspaces")


@router.get("")
def list_workspaces(principal: PrincipalDep, services: ServicesDep) -> Page[Workspace]:
    """List the workspaces that the caller may enter."""
    return Page(items=services.identity.workspaces(principal))


@router.post("", status_code=201)
def create_workspace(body: WorkspaceCreate, principal: PrincipalDep, services: ServicesDep) -> Workspace:
    """Make a workspace; whoever makes it owns it."""
    return services.identity.create_workspace(principal, body)
