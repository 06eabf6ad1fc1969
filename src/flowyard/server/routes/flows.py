"""Flows of a workspace: their folders, graph, test runs, and snapshots."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, cast

from fastapi import Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from flowyard.flows.errors import TooLargeError
from flowyard.flows.former import former
from flowyard.flows.snapshots import UPLOAD_LIMIT
from flowyard.foundation.codecs import to_json
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.endpoints import Snapshot
from flowyard.wire.flows import (
    Flow,
    FlowCreate,
    FlowFile,
    FlowFiles,
    FlowFileWrite,
    FlowGraph,
    FlowName,
    FlowTemplate,
    FlowTest,
    FlowTestEvent,
    FlowTool,
    ToolValues,
    ToolValuesQuery,
)
from flowyard.wire.runs import RunLineDetail
from flowyard.wire.shared import Page
from flowyard.wire.traces import TraceDetail

router = api_router("flows", "/workspaces/{workspace}")
Reader = Annotated[Caller, allow("flows:read")]
Writer = Annotated[Caller, allow("flows:write")]
Runner = Annotated[Caller, allow("flows:run")]
IfMatch = Annotated[str | None, Header(max_length=200, description="The ETag of the version to replace, or *.")]
IfNoneMatch = Annotated[str | None, Header(max_length=200, description="* when the file must not be there yet.")]

_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A FlowTestEvent for each thing that happens; with Accept: application/json only the last one",
        "content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/FlowTestEvent"}}},
    }
}
_ZIP_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "The zip archive", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}
_ZIP = {"requestBody": {"required": True, "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("/flows")
def list_flows(caller: Reader, services: ServicesDep) -> Page[Flow]:
    """List the flows, by name."""
    return Page(items=services.flows.list(caller))


@router.get("/flows/templates")
def list_flow_templates(caller: Reader, services: ServicesDep) -> Page[FlowTemplate]:
    """List the flows to start from."""
    del caller
    return Page(items=services.flows.templates())


@router.post("/flows", status_code=201)
def create_flow(body: FlowCreate, caller: Writer, services: ServicesDep) -> Flow:
    """Make a flow from a template."""
    return services.flows.create(caller, body)


@router.get("/flows/{flow}")
def get_flow(flow: str, caller: Reader, services: ServicesDep) -> Flow:
    """Show a flow."""
    return services.flows.get(caller, flow)


@router.delete("/flows/{flow}", status_code=204)
def delete_flow(flow: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a flow with all its files. What is deployed of it goes on."""
    services.flows.delete(caller, flow)


@router.post("/flows/import", status_code=201, openapi_extra=_ZIP)
async def import_flow(
    request: Request,
    caller: Writer,
    services: ServicesDep,
    name: Annotated[str, Query(min_length=1, max_length=100, description="The new flow's name.")],
) -> Flow:
    """Make a flow of a zip archive of its folder."""
    return await run_in_threadpool(services.flows.receive, caller, name, await _archive(request))


@router.post("/flows/{flow}/clone", status_code=201)
def clone_flow(flow: str, body: FlowName, caller: Writer, services: ServicesDep) -> Flow:
    """Make a flow of another's files."""
    return services.flows.clone(caller, flow, body.name)


@router.post("/flows/{flow}/rename")
def rename_flow(flow: str, body: FlowName, caller: Writer, services: ServicesDep) -> Flow:
    """Give a flow another name; its history goes with it. Runs and deployments made of it keep the old one."""
    return services.flows.rename(caller, flow, body.name)


@router.get("/flows/{flow}/archive", responses=_ZIP_ANSWER, response_class=Response)
def export_flow(flow: str, caller: Reader, services: ServicesDep) -> Response:
    """Download a flow's folder as a zip archive."""
    disposition = {"Content-Disposition": f'attachment; filename="{flow}.zip"'}
    return Response(services.flows.archive(caller, flow), media_type="application/zip", headers=disposition)


@router.get("/flows/{flow}/graph")
def get_flow_graph(flow: str, caller: Reader, services: ServicesDep) -> FlowGraph:
    """Show a flow as a graph, with all that is wrong with it. None of its code runs."""
    return services.flows.graph(caller, flow)


@router.get("/flows/{flow}/files")
def list_flow_files(flow: str, caller: Reader, services: ServicesDep) -> Page[FlowFile]:
    """List a flow's files, without their contents."""
    return Page(items=services.flows.files(caller, flow))


def existing_folder(flow: str, caller: Reader, services: ServicesDep) -> Path:
    """Return the folder of the path's flow, so that a missing one is a 404 before a stream begins."""
    return services.flows.authoring(caller, flow)


@router.get("/flows/{flow}/events", response_class=EventSourceResponse)
async def stream_flow_events(folder: Annotated[Path, Depends(existing_folder)], services: ServicesDep) -> AsyncIterator[FlowFiles]:
    """Stream the versions of a flow's files: at once, and after every change, made here or on disk. Ends when the flow is deleted."""
    async for files in services.flows.follow(folder):
        framed = ServerSentEvent(raw_data=to_json(files).decode(), event="files")
        yield cast("FlowFiles", framed)  # what is framed is FlowFiles: the schema shall say so


@router.get("/flows/{flow}/files/{path:path}")
def read_flow_file(flow: str, path: str, caller: Reader, services: ServicesDep, response: Response) -> FlowFile:
    """Read a file; its ETag is the version to give back when it is written."""
    found = services.flows.read(caller, flow, path)
    response.headers["ETag"] = f'"{found.etag}"'
    return found


@router.put("/flows/{flow}/files/{path:path}")
def write_flow_file(  # noqa: PLR0913, PLR0917 - what a request has
    flow: str,
    path: str,
    body: FlowFileWrite,
    caller: Writer,
    services: ServicesDep,
    response: Response,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> FlowFile:
    """Replace a file (If-Match: its ETag), or make a new one (If-None-Match: *)."""
    written = services.flows.write(caller, flow, path, body.content, if_match=if_match, if_none_match=if_none_match)
    response.headers["ETag"] = f'"{written.etag}"'
    return written


@router.delete("/flows/{flow}/files/{path:path}", status_code=204)
def delete_flow_file(flow: str, path: str, caller: Writer, services: ServicesDep, if_match: IfMatch = None) -> None:
    """Delete a file."""
    services.flows.delete_file(caller, flow, path, if_match=if_match)


@router.post("/flows/{flow}/test", response_model=FlowTestEvent, responses=_EVENTS)
async def run_flow_test(
    flow: str,
    body: FlowTest,
    caller: Runner,
    services: ServicesDep,
    accept: Annotated[str, Header()] = "*/*",
    traceparent: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """Run a flow, or a part of it, once in a process of its own, and stream what happens. Closing the connection cancels the run."""
    from flowyard.flows.session_stream import TestStream  # aiohttp, which nothing else here needs

    body, made_of = await run_in_threadpool(_with_former_run, flow, body, caller, services)
    target = await run_in_threadpool(services.flows.session, caller, flow)
    begin = partial(services.flows.begin_test, caller, target, traceparent=traceparent, made_of=made_of)
    stream = await TestStream.open(target, to_json(body), await run_in_threadpool(begin), services.flows.session_died)
    if "application/json" in accept and "text/event-stream" not in accept:
        return Response(to_json(await stream.last()), media_type="application/json")
    return StreamingResponse(stream.chunks(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


def _with_former_run(flow: str, body: FlowTest, caller: Caller, services: ServicesDep) -> tuple[FlowTest, list[str | None]]:
    """Return the test with what a former run gave, and of which traces that is."""
    made_of: list[str | None] = []
    if body.run is None:
        return body, made_of

    def trace(trace_id: str) -> TraceDetail:
        found = services.traces.get(caller, trace_id)
        made_of.append(found.trace.trace_id)
        return found

    def row(name: str, line: int) -> RunLineDetail:
        found = services.runs.line(caller, name, line, "")
        made_of.append(found.row.trace_id)
        return found

    return former(body.run, flow, trace, row).filled(body), made_of


@router.get("/flows/{flow}/tools")
async def list_flow_tools(flow: str, caller: Runner, services: ServicesDep) -> Page[FlowTool]:
    """List the package tools that the flow's nodes may use, with what their forms need: those of the flow's own environment."""
    from flowyard.flows.session_stream import tools

    return Page(items=await tools(await run_in_threadpool(services.flows.session, caller, flow)))


@router.post("/flows/{flow}/tools/values")
async def get_tool_values(flow: str, body: ToolValuesQuery, caller: Runner, services: ServicesDep) -> ToolValues:
    """Ask a package tool for the values of an input: its code runs in the flow's own session, with the flow's packages."""
    from flowyard.flows.session_stream import tool_values

    return await tool_values(await run_in_threadpool(services.flows.session, caller, flow), body)


@router.post("/snapshots", status_code=201, openapi_extra=_ZIP)
async def create_snapshot(request: Request, caller: Writer, services: ServicesDep) -> Snapshot:
    """Upload a flow's folder as a zip archive. The same files give the same digest."""
    return await run_in_threadpool(services.flows.receive_snapshot, caller, await _archive(request))


async def _archive(request: Request) -> bytes:
    """Return a request's body (TooLargeError: it is larger than an archive may be)."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > UPLOAD_LIMIT:
            raise TooLargeError(
                f"The archive has more than {UPLOAD_LIMIT // 1024 // 1024} MiB.", remedy="Leave data out of the flow's folder."
            )
        parts.append(part)
    return b"".join(parts)
