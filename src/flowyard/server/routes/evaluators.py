"""The evaluators of this installation."""

from typing import Annotated

from flowyard.evaluation.service import summaries
from flowyard.identity.model import Caller
from flowyard.server.deps import allow
from flowyard.server.routing import api_router
from flowyard.wire.evaluators import EvaluatorSummary
from flowyard.wire.shared import Page

router = api_router("evaluators", "/workspaces/{workspace}/evaluators")


@router.get("")
def list_evaluators(caller: Annotated[Caller, allow("flows:read")]) -> Page[EvaluatorSummary]:
    """List the evaluators, those of installed packages included: what they need and what they measure."""
    del caller
    return Page(items=summaries())
