"""Data assets of a workspace."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.references import Reference
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.wire.data import DataAsset, DataAssetCreate, DataFromTraces, DataPreview
from flowyard.wire.shared import Page

router = APIRouter(prefix="/workspaces/{workspace}/data", tags=["data"])
Reader = Annotated[Caller, allow("data:read")]
Writer = Annotated[Caller, allow("data:write")]


@router.get("")
def list_data(
    caller: Reader, services: ServicesDep, archived: Annotated[bool, Query(description="Those that are archived.")] = False
) -> Page[DataAsset]:
    """List the data assets, the latest version of each."""
    return Page(items=services.data.list(caller, archived=archived))


@router.post("", status_code=201)
def create_data(body: DataAssetCreate, caller: Writer, services: ServicesDep) -> DataAsset:
    """Make a version of data that was uploaded."""
    return services.data.create(caller, body)


@router.post("/from-traces", status_code=201)
def create_from_traces(body: DataFromTraces, caller: Writer, services: ServicesDep) -> DataAsset:
    """Make a version with a row for each chosen trace."""
    return services.trace_data.create(caller, body)


@router.get("/{name}/versions")
def list_versions(name: str, caller: Reader, services: ServicesDep) -> Page[DataAsset]:
    """List the versions of an asset, the latest first."""
    return Page(items=services.data.versions(caller, name))


@router.get("/{name}/versions/{version}")
def get_data(name: str, version: str, caller: Reader, services: ServicesDep) -> DataAsset:
    """Show one version; ``latest`` is the one that was made last."""
    return services.data.get(caller, name, version)


@router.get("/{name}/versions/{version}/preview")
def preview_data(
    name: str, version: str, caller: Reader, services: ServicesDep, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> DataPreview:
    """Show the first rows of a version."""
    return services.data.preview(caller, name, version, limit=limit)


@router.get("/{name}/versions/{version}/file", response_class=FileResponse)
def download_data(name: str, version: str, caller: Reader, services: ServicesDep) -> FileResponse:
    """Download a version that is one file."""
    path = services.data.path(caller.workspace_id, Reference(name=name, version=version))
    if not path.is_file():
        raise InvalidInputError(f"{name!r} is a folder of several files.", remedy="Only assets of one file can be downloaded.")
    return FileResponse(path, filename=path.name, content_disposition_type="attachment")


@router.post("/{name}/archive", status_code=204)
def archive_data(name: str, caller: Writer, services: ServicesDep) -> None:
    """Archive an asset with all its versions: it is left out of lists, and what refers to it goes on working."""
    services.data.set_archived(caller, name, archived=True)


@router.post("/{name}/restore", status_code=204)
def restore_data(name: str, caller: Writer, services: ServicesDep) -> None:
    """Restore an archived asset."""
    services.data.set_archived(caller, name, archived=False)
