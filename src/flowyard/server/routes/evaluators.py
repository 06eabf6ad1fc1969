"""The evaluators of this installation."""

from typing import Annotated

from flowyard.evaluation.folders import evaluator_files
from flowyard.evaluation.service import summaries
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.evaluators import EvaluatorFlowCreate, EvaluatorSummary
from flowyard.wire.flows import Flow
from flowyard.wire.shared import Page

router = api_router("evaluators", "/workspaces/{workspace}/evaluators")


@router.get("")
def list_evaluators(caller: Annotated[Caller, allow("flows:read")]) -> Page[EvaluatorSummary]:
    """List the evaluators, those of installed packages included: what they need and what they measure."""
    del caller
    return Page(items=summaries())


@router.post("/{evaluator}/flows", status_code=201)
def create_flow(evaluator: str, body: EvaluatorFlowCreate, caller: Annotated[Caller, allow("flows:write")], services: ServicesDep) -> Flow:
    """Make a flow of an evaluator, so that it scores the rows of runs, and can be changed."""
    return services.flows.make(caller, body.name or evaluator, evaluator_files(evaluator), {"evaluator": evaluator})
