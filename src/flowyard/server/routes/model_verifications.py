"""Trying models: what they do, how fast, with the evidence."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.jobs import Job
from flowyard.wire.model_verifications import ModelVerification, VerificationCreate, VerificationPlan
from flowyard.wire.shared import Page

router = api_router("model_verifications", "/workspaces/{workspace}/model-verifications")
Reader = Annotated[Caller, allow("models:read")]
Writer = Annotated[Caller, allow("models:write")]
Starter = Annotated[Caller, allow("models:write", starts_work=True)]


@router.get("")
def list_model_verifications(
    caller: Reader,
    services: ServicesDep,
    model: Annotated[str | None, Query(max_length=300, description="Only of this model.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[ModelVerification]:
    """List verifications, the newest first."""
    return Page(items=services.trials.verifications.list(caller, model=model, limit=limit))


@router.post("/plan")
def plan(body: VerificationCreate, caller: Reader, services: ServicesDep) -> VerificationPlan:
    """Say what a verification would do and cost. Nothing is called."""
    return services.trials.verifications.plan(caller, body)


@router.post("", status_code=202)
def create_model_verification(body: VerificationCreate, caller: Starter, services: ServicesDep) -> Job:
    """Begin to try a model. The job's id is the verification's; what is done so far can be read while it runs."""
    return services.trials.verifications.begin(caller, body)


@router.get("/{verification}")
def get_model_verification(verification: str, caller: Reader, services: ServicesDep) -> ModelVerification:
    """Return a verification, as far as it is."""
    return services.trials.verifications.get(caller, verification)


@router.delete("/{verification}", status_code=204)
def delete_model_verification(verification: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a verification."""
    services.trials.verifications.delete(caller, verification)
