"""SQL over telemetry."""

from typing import Annotated

from fastapi import APIRouter

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.wire.logs import LogAnswer, LogQuery, SqlTable
from flowyard.wire.shared import Page

router = APIRouter(prefix="/workspaces/{workspace}/logs", tags=["logs"])
Reader = Annotated[Caller, allow("traces:read")]


@router.post("/query")
def query_logs(body: LogQuery, caller: Reader, services: ServicesDep) -> LogAnswer:
    """Run one SELECT over the workspace's telemetry."""
    return services.sql.query(caller, body)


@router.get("/schema")
def list_tables(caller: Reader, services: ServicesDep) -> Page[SqlTable]:
    """List the tables that a query can ask, with their columns."""
    del caller
    return Page(items=services.sql.tables())
