"""What indexes find of a set of questions."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.index_measurements import IndexMeasurement, IndexMeasurementCreate, MeasuredDifference, MeasuredQuestion
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

router = api_router("index_measurements", "/workspaces/{workspace}/indexes/{name}/measurements")
Reader = Annotated[Caller, allow("indexes:write")]
Starter = Annotated[Caller, allow("indexes:write", starts_work=True)]


@router.get("")
def list_index_measurements(name: str, caller: Reader, services: ServicesDep) -> Page[IndexMeasurement]:
    """List the measurements of an index, the newest first."""
    services.indexes.get(caller, name)
    return Page(items=services.indexes.measurements.list(caller, name))


@router.post("", status_code=202)
def create_index_measurement(name: str, body: IndexMeasurementCreate, caller: Starter, services: ServicesDep) -> Job:
    """Begin to measure what a version finds of a set of questions. The job's id is the measurement's."""
    version = services.indexes.version(caller, name, body.version)
    return services.indexes.measurements.begin(caller, name, version.version, body)


@router.get("/compare")
def compare_index_measurements(name: str, before: str, after: str, caller: Reader, services: ServicesDep) -> tuple[MeasuredDifference, ...]:
    """Compare two measurements on the same questions, question by question; the second may be of another index."""
    services.indexes.get(caller, name)
    return services.indexes.measurements.compare(caller, before, after)


@router.get("/{measurement}")
def get_index_measurement(name: str, measurement: str, caller: Reader, services: ServicesDep) -> IndexMeasurement:
    """Return a measurement, as far as it is."""
    services.indexes.get(caller, name)
    return services.indexes.measurements.get(caller, measurement)


@router.get("/{measurement}/questions")
def list_measured_questions(
    name: str,
    measurement: str,
    caller: Reader,
    services: ServicesDep,
    cursor: Annotated[int, Query(ge=0, description="What `next_cursor` said.")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page[MeasuredQuestion]:
    """List the questions with what each kind of search found."""
    services.indexes.get(caller, name)
    return services.indexes.measurements.rows(caller, measurement, offset=cursor, limit=limit)
