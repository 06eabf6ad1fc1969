"""Data assets of a workspace."""

from typing import Annotated

from fastapi import Header, Query, Response
from fastapi.responses import FileResponse

from flowyard.data.previews.service import CONTENT_LIMIT
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.references import Reference
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.ranges import BYTES, read_range
from flowyard.server.routing import api_router
from flowyard.wire.data import DataAsset, DataAssetCreate, DataFromTraces, DataFromTracesPreview
from flowyard.wire.data_jobs import DataImportCreate, DataSplitCreate
from flowyard.wire.data_previews import DataPreview, DataStatistics
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

router = api_router("data", "/workspaces/{workspace}/data")
Reader = Annotated[Caller, allow("data:read")]
Writer = Annotated[Caller, allow("data:write")]
Starter = Annotated[Caller, allow("data:write", starts_work=True)]
Rows = Annotated[int, Query(ge=1, le=1000, description="How many rows.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000, description="How many rows are passed over.")]
ColumnOffset = Annotated[int, Query(ge=0, le=1_000_000, description="How many columns are passed over; some hundreds are shown at once.")]
Sample = Annotated[int, Query(ge=0, le=10_000_000, description="Over so many rows, the first ones; 0: over all.")]
Address = Annotated[str, Query(min_length=1, max_length=1200, description="azureml://datastores/NAME/paths/PATH")]


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


@router.post("/from-traces/preview")
def preview_from_traces(
    body: DataFromTraces,
    caller: Writer,
    services: ServicesDep,
    rows: Annotated[int, Query(ge=1, le=50, description="How many rows at most.")] = 5,
) -> DataFromTracesPreview:
    """Show the first rows of a version before it is made of traces; nothing is kept."""
    return services.trace_data.preview(caller, body, rows)


@router.get("/{name}/versions")
def list_versions(name: str, caller: Reader, services: ServicesDep) -> Page[DataAsset]:
    """List the versions of an asset, the latest first."""
    return Page(items=services.data.versions(caller, name))


@router.get("/{name}/versions/{version}")
def get_data(name: str, version: str, caller: Reader, services: ServicesDep) -> DataAsset:
    """Show one version; ``latest`` is the one that was made last."""
    return services.data.get(caller, name, version)


@router.post("/splits", status_code=202)
def create_split(body: DataSplitCreate, caller: Starter, services: ServicesDep) -> Job:
    """Divide the rows of a version among new assets. The job's result says what was made."""
    return services.data_jobs.split(caller, body)


@router.post("/imports", status_code=202)
def create_import(body: DataImportCreate, caller: Starter, services: ServicesDep) -> Job:
    """Make a version of what a database answers, as Parquet. The job's result says what was made."""
    return services.data_jobs.import_rows(caller, body)


@router.get("/preview")
def preview_address(
    uri: Address, caller: Reader, services: ServicesDep, limit: Rows = 100, offset: Offset = 0, column_offset: ColumnOffset = 0
) -> DataPreview:
    """Show what is at an address in a datastore, as `preview_data` does."""
    found = services.previews.address(caller, uri)
    return services.previews.preview(found, limit=limit, offset=offset, column_offset=column_offset)


@router.get("/statistics")
def get_address_statistics(
    uri: Address, caller: Reader, services: ServicesDep, sample: Sample = 100_000, column_offset: ColumnOffset = 0
) -> DataStatistics:
    """Show statistics of the columns of what is at an address in a datastore; of large files they are over the beginning."""
    return services.previews.statistics(services.previews.address(caller, uri), sample=sample, column_offset=column_offset)


@router.get("/{name}/versions/{version}/preview")
def preview_data(
    name: str, version: str, caller: Reader, services: ServicesDep, limit: Rows = 100, offset: Offset = 0, column_offset: ColumnOffset = 0
) -> DataPreview:
    """Show rows of a version with the schema, or the beginning of a text, or what files there are; only what that needs is read."""
    found = services.previews.asset(caller, name, version)
    return services.previews.preview(found, limit=limit, offset=offset, column_offset=column_offset)


@router.get("/{name}/versions/{version}/statistics")
def get_statistics(
    name: str, version: str, caller: Reader, services: ServicesDep, sample: Sample = 100_000, column_offset: ColumnOffset = 0
) -> DataStatistics:
    """Show statistics of columns: counts, quantiles, histograms, frequent values. Over all rows those of a bookmark are fetched first."""
    look = services.previews.asset if sample else services.previews.whole
    return services.previews.statistics(look(caller, name, version), sample=sample, column_offset=column_offset)


@router.get("/{name}/versions/{version}/content", response_class=Response, status_code=206, responses=BYTES)
def read_content(
    name: str,
    version: str,
    caller: Reader,
    services: ServicesDep,
    path: Annotated[str, Query(max_length=1024, description="A file of it; of a version that is one file it may be empty.")] = "",
    ranged: Annotated[str | None, Header(alias="range", max_length=60, description="bytes=FIRST-LAST")] = None,
) -> Response:
    """Read a part of a file of a version: at most 32 MiB, so give the range. No bytes: the file ends before."""
    start, end = read_range(ranged, CONTENT_LIMIT)
    data = services.previews.content(services.previews.asset(caller, name, version), path, start, end)
    return Response(data, status_code=206, media_type="application/octet-stream")


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
