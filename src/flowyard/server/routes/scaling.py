"""How many replicas a deployment has: set by hand, or scaled by what they have to do."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.endpoints import Endpoint
from flowyard.wire.scaling import DeploymentScale, Scaling
from flowyard.wire.shared import Page

router = api_router("endpoints", "/workspaces/{workspace}/endpoints/{name}/deployments/{deployment}")


@router.patch("/scale")
def scale_deployment(
    name: str, deployment: str, body: DeploymentScale, caller: Annotated[Caller, allow("endpoints:write")], services: ServicesDep
) -> Endpoint:
    """Change how many replicas run, or how they are scaled. What serves goes on serving, and no revision is made."""
    return services.endpoints.scale(caller, name, deployment, body)


@router.get("/scalings")
def list_scalings(name: str, deployment: str, caller: Annotated[Caller, allow("endpoints:read")], services: ServicesDep) -> Page[Scaling]:
    """List how the number of replicas changed and why, the newest first."""
    return Page(items=services.endpoints.scalings(caller, name, deployment))
