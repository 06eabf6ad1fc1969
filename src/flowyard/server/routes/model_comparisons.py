"""Models side by side on somebody's own data."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.jobs import Job
from flowyard.wire.model_comparisons import ComparedRow, ModelComparison, ModelComparisonCreate, ModelComparisonPlan
from flowyard.wire.shared import Page

router = api_router("model_comparisons", "/workspaces/{workspace}/model-comparisons")
Reader = Annotated[Caller, allow("models:read")]
Writer = Annotated[Caller, allow("models:write")]
Starter = Annotated[Caller, allow("models:write", starts_work=True)]


@router.get("")
def list_model_comparisons(caller: Reader, services: ServicesDep, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Page[ModelComparison]:
    """List comparisons, the newest first."""
    return Page(items=services.trials.comparisons.list(caller, limit=limit))


@router.post("/plan")
def plan(body: ModelComparisonCreate, caller: Reader, services: ServicesDep) -> ModelComparisonPlan:
    """Say at most what a comparison would ask and cost. Nothing is called."""
    return services.trials.comparisons.plan(caller, body)


@router.post("", status_code=202)
def create_model_comparison(body: ModelComparisonCreate, caller: Starter, services: ServicesDep) -> Job:
    """Begin to compare models on a data asset. The job's id is the comparison's."""
    return services.trials.comparisons.begin(caller, body)


@router.get("/{comparison}")
def get_model_comparison(comparison: str, caller: Reader, services: ServicesDep) -> ModelComparison:
    """Return a comparison, as far as it is."""
    return services.trials.comparisons.get(caller, comparison)


@router.get("/{comparison}/rows")
def list_rows(
    comparison: str,
    caller: Reader,
    services: ServicesDep,
    cursor: Annotated[int, Query(ge=0, description="What `next_cursor` said.")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ComparedRow]:
    """List the rows with every model's answer and scores."""
    return services.trials.comparisons.rows(caller, comparison, offset=cursor, limit=limit)


@router.delete("/{comparison}", status_code=204)
def delete_model_comparison(comparison: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a comparison with its rows."""
    services.trials.comparisons.delete(caller, comparison)
