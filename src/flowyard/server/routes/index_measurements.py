"""Sets of questions about the documents of an index, and what it finds of them."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.index_measurements import IndexMeasurement, IndexMeasurementCreate, MeasuredDifference, MeasuredQuestion
from flowyard.wire.index_questions import QuestionGeneration
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

router = api_router("index_measurements", "/workspaces/{workspace}/indexes/{name}")
Reader = Annotated[Caller, allow("indexes:write")]
Starter = Annotated[Caller, allow("indexes:write", starts_work=True)]


@router.get("/measurements")
def list_index_measurements(name: str, caller: Reader, services: ServicesDep) -> Page[IndexMeasurement]:
    """List the measurements of an index, the newest first."""
    services.indexes.get(caller, name)
    return Page(items=services.indexes.measurements.list(caller, name))


@router.post("/measurements", status_code=202)
def create_index_measurement(name: str, body: IndexMeasurementCreate, caller: Starter, services: ServicesDep) -> Job:
    """Begin to measure what a version finds of a set of questions. The job's id is the measurement's."""
    version = services.indexes.version(caller, name, body.version)
    return services.indexes.measurements.begin(caller, name, version.version, body)


@router.get("/measurements/compare")
def compare_index_measurements(name: str, before: str, after: str, caller: Reader, services: ServicesDep) -> tuple[MeasuredDifference, ...]:
    """Compare two measurements on the same questions, question by question; the second may be of another index."""
    services.indexes.get(caller, name)
    return services.indexes.measurements.compare(caller, name, before, after)


@router.get("/measurements/{measurement}")
def get_index_measurement(name: str, measurement: str, caller: Reader, services: ServicesDep) -> IndexMeasurement:
    """Return a measurement, as far as it is."""
    services.indexes.get(caller, name)
    return services.indexes.measurements.get(caller, name, measurement)


@router.get("/measurements/{measurement}/questions")
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
    return services.indexes.measurements.rows(caller, name, measurement, offset=cursor, limit=limit)


@router.post("/questions", status_code=202)
def generate_questions(name: str, body: QuestionGeneration, caller: Starter, services: ServicesDep) -> Job:
    """Begin to make a question set of a version's documents. The job's result is a `GeneratedQuestions`; the set is a data asset."""
    version = services.indexes.version(caller, name, body.version)
    return services.indexes.question_sets.begin(caller, name, version.version, body)
