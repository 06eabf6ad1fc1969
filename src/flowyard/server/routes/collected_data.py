"""Data that deployments collected of their requests."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from flowyard.endpoints.collecting.ports import Wanted
from flowyard.endpoints.collecting.service import LIMIT, MEDIA_TYPES
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.tracing.times import read_time
from flowyard.wire.collected_data import LAST_DAY, CollectedAsset, CollectedData, CollectedForm, CollectedFormat
from flowyard.wire.data import DataAsset
from flowyard.wire.shared import Page

router = api_router("endpoints", "/workspaces/{workspace}/endpoints/{name}/collected-data")
Reader = Annotated[Caller, allow("traces:read")]
_FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": {kind: {} for kind in MEDIA_TYPES.values()}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedQuery:
    """Which records, as query parameters."""

    name: str
    deployment: Annotated[str | None, Query(max_length=32)] = None
    since: Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago.")] = None
    until: Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago.")] = None

    def wanted(self, collections: tuple[str, ...] = ()) -> Wanted:
        """Return what is asked for.

        Raises:
            InvalidInputError: a time cannot be read.
        """
        return Wanted(
            endpoint=self.name,
            deployment=self.deployment,
            collections=collections,
            since_ns=read_time("since", self.since),
            until_ns=read_time("until", self.until),
        )


Which = Annotated[CollectedQuery, Depends()]


@router.get("")
def list_collected_data(which: Which, caller: Reader, services: ServicesDep) -> Page[CollectedData]:
    """List what each collection of each deployment holds, and what of it was dropped; without `since`, of the last 24 hours."""
    within = which if which.since is not None or which.until is not None else replace(which, since=LAST_DAY)
    return Page(items=services.collected.list(caller, within.wanted()))


@router.get("/export", response_class=StreamingResponse, responses=_FILE)
def export_collected_data(
    which: Which,
    caller: Reader,
    services: ServicesDep,
    *,
    collection: Annotated[list[str] | None, Query(max_length=20, description="Several are joined by their requests.")] = None,
    form: Annotated[CollectedForm, Query(description="Rows as objects, or records as Azure ML writes them.")] = "rows",
    fmt: Annotated[CollectedFormat, Query(alias="format", description="JSON lines or Parquet.")] = "jsonl",
    limit: Annotated[int, Query(ge=1, le=LIMIT, description="How many records at most, the earliest first.")] = 10_000,
) -> StreamingResponse:
    """Return collected data as a file."""
    pieces = services.collected.export(caller, which.wanted(tuple(collection or ())), form, fmt, limit)
    headers = {"Content-Disposition": f'attachment; filename="collected.{fmt}"'}
    return StreamingResponse(pieces, media_type=MEDIA_TYPES[fmt], headers=headers)


@router.post("/asset", status_code=201)
def keep_collected_data(
    name: str, body: CollectedAsset, caller: Annotated[Caller, allow("data:write")], services: ServicesDep
) -> DataAsset:
    """Make a version of a data asset of collected data."""
    which = CollectedQuery(name=name, deployment=body.deployment, since=body.since, until=body.until)
    return services.collected.keep(caller, name, body, which.wanted(body.collections))
