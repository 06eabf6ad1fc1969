"""Transforms of data assets."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.jobs import Job
from flowyard.wire.transforms import TransformCreate, TransformPreview, TransformPreviewCreate, TransformRerunCreate

router = api_router("transforms", "/workspaces/{workspace}/data")
Trier = Annotated[Caller, allow("data:write")]
Starter = Annotated[Caller, allow("data:write", starts_work=True)]


@router.post("/transforms", status_code=202)
def create_transform(body: TransformCreate, caller: Starter, services: ServicesDep) -> Job:
    """Make a version of a data asset from another one by steps. The job's result says what they did."""
    return services.transforms.create(caller, body)


@router.post("/transforms/preview")
def preview_transform(body: TransformPreviewCreate, caller: Trier, services: ServicesDep) -> TransformPreview:
    """Try steps on the first rows; nothing is kept."""
    return services.transforms.preview(caller, body)


@router.post("/{name}/versions/{version}/rerun", status_code=202)
def rerun_transform(name: str, version: str, body: TransformRerunCreate, caller: Starter, services: ServicesDep) -> Job:
    """Make what a transform made once more. Where it gives the same bytes, no version is made."""
    return services.transforms.rerun(caller, name, version, body)
