"""Uploads of data in pieces."""

from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.runs import DataUpload
from flowyard.wire.uploads import Upload, UploadCreate

router = api_router("uploads", "/workspaces/{workspace}/uploads")
Writer = Annotated[Caller, allow("data:write")]

_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


@router.post("", status_code=201)
def begin_upload(body: UploadCreate, caller: Writer, services: ServicesDep) -> Upload:
    """Begin an upload of one or several files; with a key, go on with one of the same files that broke off."""
    return services.uploads.begin(caller.workspace_id, body)


@router.get("/{upload}")
def get_upload(upload: str, caller: Writer, services: ServicesDep) -> Upload:
    """Show how much of each file came."""
    return services.uploads.get(caller.workspace_id, upload)


@router.put("/{upload}/content", openapi_extra=_BODY)
async def write_part(
    upload: str,
    request: Request,
    caller: Writer,
    services: ServicesDep,
    path: Annotated[str, Query(min_length=1, max_length=1024, description="The file.")],
    offset: Annotated[int, Query(ge=0, le=2**53, description="Where the part begins: what the file has `received` so far.")],
) -> Upload:
    """Send a part of a file: at most 32 MiB. What came of a part that broke off stays."""
    part = services.uploads.part(caller.workspace_id, upload, path, offset)
    writer = await run_in_threadpool(part.__enter__)
    try:
        async for data in request.stream():
            await run_in_threadpool(writer.write, data)
    finally:
        await run_in_threadpool(part.__exit__, None, None, None)
    return await run_in_threadpool(services.uploads.get, caller.workspace_id, upload)


@router.post("/{upload}/complete")
def complete_upload(upload: str, caller: Writer, services: ServicesDep) -> DataUpload:
    """Keep an upload of which all is there: ``upload:<digest>`` names it, in a data asset and in a run."""
    kept = services.uploads.complete(caller.workspace_id, upload)
    services.audit.record(caller, "data.upload", f"uploads/{kept.reference}", {"bytes": kept.bytes, "files": kept.files})
    return kept


@router.delete("/{upload}", status_code=204)
def abort_upload(upload: str, caller: Writer, services: ServicesDep) -> None:
    """Drop an upload with all that came."""
    services.uploads.abort(caller.workspace_id, upload)
