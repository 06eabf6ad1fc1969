"""Online endpoints: deployments, traffic, logs. Requests to them go to the gateway."""

import shutil
from typing import Annotated

from fastapi import Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from flowyard.endpoints.building.service import Base, ContextOptions
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.endpoints import (
    DeploymentCreate,
    DeploymentSource,
    Endpoint,
    EndpointCreate,
    EndpointUpdate,
    LogLines,
    Revision,
    Rollback,
    TrafficUpdate,
)
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

router = api_router("endpoints", "/workspaces/{workspace}/endpoints")
Reader = Annotated[Caller, allow("endpoints:read")]
Writer = Annotated[Caller, allow("endpoints:write")]
Starter = Annotated[Caller, allow("endpoints:write", starts_work=True)]


@router.get("")
def list_endpoints(caller: Reader, services: ServicesDep) -> Page[Endpoint]:
    """List the endpoints with their deployments and replicas."""
    return Page(items=services.endpoints.list(caller))


@router.post("", status_code=201)
def create_endpoint(body: EndpointCreate, caller: Writer, services: ServicesDep) -> Endpoint:
    """Make an endpoint without deployments."""
    return services.endpoints.create(caller, body)


@router.get("/{name}")
def get_endpoint(name: str, caller: Reader, services: ServicesDep) -> Endpoint:
    """Show an endpoint with its deployments and replicas."""
    return services.endpoints.get(caller, name)


@router.patch("/{name}")
def update_endpoint(name: str, body: EndpointUpdate, caller: Writer, services: ServicesDep) -> Endpoint:
    """Change an endpoint's description, tags or mirrored traffic."""
    return services.endpoints.update(caller, name, body)


@router.delete("/{name}", status_code=204)
def delete_endpoint(name: str, caller: Writer, services: ServicesDep) -> None:
    """Delete an endpoint with its deployments; their replicas are stopped."""
    services.endpoints.delete(caller, name)


@router.patch("/{name}/traffic")
def set_traffic(name: str, body: TrafficUpdate, caller: Writer, services: ServicesDep) -> Endpoint:
    """Split requests among the deployments, per cent; the sum is 0 or 100."""
    return services.endpoints.set_traffic(caller, name, body.traffic)


@router.post("/{name}/deployments", status_code=202)
def deploy(name: str, body: DeploymentCreate, caller: Starter, services: ServicesDep) -> Job:
    """Begin to deploy a flow, a snapshot or a model. What serves now serves until the new replicas are ready."""
    services.access.check_deploys(caller, name)
    return services.deployment_checks.deploy(caller, name, body)


@router.post("/{name}/deployments/plan")
def plan_deployment(name: str, body: DeploymentCreate, caller: Writer, services: ServicesDep) -> DeploymentSource:
    """Return what a deploy would bring into service, or why it would be refused."""
    return services.endpoints.plan(caller, name, body)


@router.get("/{name}/deployments/{deployment}/revisions")
def list_revisions(name: str, deployment: str, caller: Reader, services: ServicesDep) -> Page[Revision]:
    """List what served under a deployment's name, the newest first."""
    return Page(items=services.endpoints.revisions(caller, name, deployment))


@router.post("/{name}/deployments/{deployment}/rollback", status_code=202)
def roll_back(name: str, deployment: str, body: Rollback, caller: Starter, services: ServicesDep) -> Job:
    """Begin to bring an earlier revision back. What serves now serves until its replicas are ready."""
    services.access.check_deploys(caller, name)
    return services.endpoints.rollback(caller, name, deployment, body.revision)


@router.get("/{name}/deployments/{deployment}/build", response_class=FileResponse)
def build_context(
    name: str,
    deployment: str,
    caller: Writer,
    services: ServicesDep,
    *,
    base: Annotated[Base, Query(description="cuda: the image asks for an NVIDIA card.")] = "cpu",
    image: Annotated[str | None, Query(max_length=500, description="What to build on, with Python and pip.")] = None,
    tag: Annotated[str | None, Query(max_length=500, description="What the image is called in the Kubernetes manifest.")] = None,
) -> FileResponse:
    """Download what serves as the context of a container image with a Kubernetes manifest: a zip archive, without secrets."""
    path = services.contexts.archive(caller, name, deployment, ContextOptions(base=base, image=image, tag=tag))
    forget = BackgroundTask(shutil.rmtree, path.parent, ignore_errors=True)
    return FileResponse(path, filename=f"{name}-{deployment}.zip", content_disposition_type="attachment", background=forget)


@router.delete("/{name}/deployments/{deployment}", status_code=204)
def delete_deployment(name: str, deployment: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a deployment that takes no traffic."""
    services.endpoints.delete_deployment(caller, name, deployment)


@router.get("/{name}/logs")
def get_logs(
    name: str,
    caller: Reader,
    services: ServicesDep,
    *,
    deployment: Annotated[str | None, Query(max_length=32)] = None,
    replica: Annotated[str | None, Query(max_length=100, description="Its name, or the end of it such as 3-0.")] = None,
    tail: Annotated[int, Query(ge=1, le=5000, description="Lines of each replica.")] = 200,
) -> Page[LogLines]:
    """Return the last lines that the replicas wrote."""
    return Page(items=services.endpoints.logs(caller, name, deployment=deployment, replica=replica, tail=tail))
