"""The checks before a deploy."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.deployment_checks import DeploymentCheckCreate, DeploymentChecks

router = api_router("deployment_checks", "/workspaces/{workspace}/deployment-checks")


@router.post("")
async def create_deployment_check(
    body: DeploymentCheckCreate, caller: Annotated[Caller, allow("endpoints:write")], services: ServicesDep
) -> DeploymentChecks:
    """Look at what is to be deployed: whether it is valid, whether it answers a test, and whether its evaluation meets its gates."""
    return await services.deployment_checks.check(caller, body)
