"""SQL over telemetry."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.logs import LogAnswer, LogFormat, LogQuery, SavedQuery, SavedQueryWrite, SqlTable
from flowyard.wire.shared import Page

router = api_router("logs", "/workspaces/{workspace}/logs")
_MEDIA_TYPES: dict[LogFormat, str] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": {kind: {} for kind in _MEDIA_TYPES.values()}}}
Reader = Annotated[Caller, allow("traces:read")]


@router.post("/query")
def query_logs(body: LogQuery, caller: Reader, services: ServicesDep) -> LogAnswer:
    """Run one SELECT over the workspace's telemetry."""
    return services.sql.query(caller, body)


@router.post("/export", response_class=Response, responses=_FILE)
def export_logs(
    body: LogQuery, caller: Reader, services: ServicesDep, form: Annotated[LogFormat, Query(alias="format", description="CSV or Parquet.")]
) -> Response:
    """Run one SELECT and return its answer as a file; the header flowyard-truncated says true where there are more rows."""
    data, truncated = services.sql.export(caller, body, form)
    headers = {"Content-Disposition": f'attachment; filename="answer.{form}"', "Flowyard-Truncated": str(truncated).lower()}
    return Response(data, media_type=_MEDIA_TYPES[form], headers=headers)


@router.get("/schema")
def list_tables(caller: Reader, services: ServicesDep) -> Page[SqlTable]:
    """List the tables that a query can ask, with their columns."""
    del caller
    return Page(items=services.sql.tables())


@router.get("/saved")
def list_saved(caller: Reader, services: ServicesDep) -> Page[SavedQuery]:
    """List the queries that the caller has saved, and those that others share in the workspace."""
    return Page(items=services.saved_queries.list(caller))


@router.put("/saved/{name:path}")
def save(name: str, body: SavedQueryWrite, caller: Reader, services: ServicesDep) -> SavedQuery:
    """Keep a query under a name, in the place of the caller's one of that name."""
    return services.saved_queries.save(caller, name, body)


@router.delete("/saved/{name:path}", status_code=204)
def delete_saved(name: str, caller: Reader, services: ServicesDep) -> None:
    """Delete one of the caller's saved queries."""
    services.saved_queries.delete(caller, name)
