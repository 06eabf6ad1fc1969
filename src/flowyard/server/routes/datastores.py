"""Datastores of a workspace, and the files in them."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from flowyard.data.datastores.errors import StoreRefusedError
from flowyard.data.datastores.service import READ_LIMIT, WRITE_LIMIT
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.ranges import BYTES, read_range
from flowyard.server.routing import api_router
from flowyard.wire.datastores import (
    Datastore,
    DatastoreTest,
    DatastoreWrite,
    StoredFile,
    StoredFiles,
    StoredTables,
    TableColumns,
    TableQuery,
    TableRows,
)
from flowyard.wire.shared import Page

router = api_router("datastores", "/workspaces/{workspace}/datastores")
Reader = Annotated[Caller, allow("data:read")]
FileReader = Annotated[Caller, allow("files:read")]
Writer = Annotated[Caller, allow("data:write")]
FilePath = Annotated[str, Query(max_length=1024, description="A path in the datastore; empty: its root.")]

TableName = Annotated[str, Query(min_length=1, max_length=300, description="A table or view.")]
SchemaName = Annotated[str | None, Query(max_length=300, description="Its schema; without it, the database's default one.")]

_BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("")
def list_datastores(caller: Reader, services: ServicesDep) -> Page[Datastore]:
    """List the datastores, without the values of their credentials."""
    return Page(items=services.datastores.list(caller))


@router.post("", status_code=201)
def create_datastore(body: DatastoreWrite, caller: Writer, services: ServicesDep) -> Datastore:
    """Make a datastore. Its credentials are kept encrypted and are never shown."""
    return services.datastores.create(caller, body)


@router.post("/test", dependencies=[allow("data:write")])
def try_datastore(body: DatastoreWrite, services: ServicesDep) -> DatastoreTest:
    """Reach a datastore as it would be made, and say what was seen, or what failed. Nothing of it is kept."""
    return services.datastores.try_out(body)


@router.get("/{name}")
def get_datastore(name: str, caller: Reader, services: ServicesDep) -> Datastore:
    """Show one datastore, without the values of its credentials."""
    return services.datastores.get(caller, name)


@router.put("/{name}")
def replace_datastore(name: str, body: DatastoreWrite, caller: Writer, services: ServicesDep) -> Datastore:
    """Make a datastore, or put it in the place of the one of its name. One that is the same already stays as it is."""
    return services.datastores.replace(caller, replace(body, name=name))


@router.delete("/{name}", status_code=204)
def delete_datastore(name: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a datastore. Its files stay where they are."""
    services.datastores.delete(caller, name)


@router.post("/{name}/test")
def test_datastore(name: str, caller: Writer, services: ServicesDep) -> DatastoreTest:
    """Reach a datastore, and say what was seen, or what failed."""
    return services.datastores.test(caller, name)


@router.get("/{name}/files")
def list_files(
    name: str,
    caller: FileReader,
    services: ServicesDep,
    path: FilePath = "",
    after: Annotated[str | None, Query(max_length=1100, description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> StoredFiles:
    """List files and folders right below a folder."""
    return services.datastores.files(caller, name, path, after=after, limit=limit)


@router.get("/{name}/info")
def get_file_info(name: str, caller: FileReader, services: ServicesDep, path: FilePath = "") -> StoredFile:
    """Show a file's size, time and etag, or that something is a folder."""
    return services.datastores.info(caller, name, path)


@router.get("/{name}/content", response_class=Response, status_code=206, responses=BYTES)
def read_file(
    name: str,
    path: FilePath,
    caller: FileReader,
    services: ServicesDep,
    ranged: Annotated[str | None, Header(alias="range", max_length=60, description="bytes=FIRST-LAST")] = None,
) -> Response:
    """Read a part of a file: at most 32 MiB, so give the range. No bytes: the file ends before."""
    data = services.datastores.read(caller, name, path, *read_range(ranged, READ_LIMIT))
    return Response(data, status_code=206, media_type="application/octet-stream")


@router.put("/{name}/content", openapi_extra=_BODY)
async def write_file(name: str, path: FilePath, request: Request, caller: Writer, services: ServicesDep) -> StoredFile:
    """Make or replace a file of the body, as a whole or not at all."""
    incoming = services.settings.home / "storage"
    incoming.mkdir(parents=True, exist_ok=True)
    # What does not come whole, or is too large, goes with the file that is no file yet.
    with tempfile.NamedTemporaryFile(dir=incoming, prefix=".incoming-") as file:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > WRITE_LIMIT:
                raise StoreRefusedError(
                    f"The file has more than {WRITE_LIMIT} bytes, the most that is written at once.",
                    remedy="Write it in parts, or with the store's own tools.",
                )
            await run_in_threadpool(file.write, part)
        file.flush()
        return await run_in_threadpool(services.datastores.write, caller, name, path, Path(file.name))


@router.get("/{name}/tables")
def list_tables(
    name: str,
    caller: Reader,
    services: ServicesDep,
    after: Annotated[str | None, Query(max_length=700, description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> StoredTables:
    """List the tables and views of a datastore that is a database."""
    return services.datastores.list_tables(caller, name, after=after, limit=limit)


@router.get("/{name}/columns")
def list_columns(name: str, table: TableName, caller: Reader, services: ServicesDep, schema: SchemaName = None) -> TableColumns:
    """List the columns of a table or view."""
    return services.datastores.columns(caller, name, schema, table)


@router.get("/{name}/rows")
def list_rows(
    name: str,
    table: TableName,
    caller: Reader,
    services: ServicesDep,
    schema: SchemaName = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> TableRows:
    """Show some rows of a table or view, in no order."""
    return services.datastores.rows(caller, name, schema, table, limit=limit)


@router.post("/{name}/query")
def query_tables(name: str, body: TableQuery, caller: Writer, services: ServicesDep) -> TableRows:
    """Run a statement that gives rows, in a transaction that only reads and at most 30 s, and show the first of its rows."""
    return services.datastores.query(caller, name, body)
