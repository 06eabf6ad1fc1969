"""Scores of traces and spans."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.scores import Score, ScoreWrite
from flowyard.wire.shared import Page

router = api_router("scores", "/workspaces/{workspace}/scores")
Reader = Annotated[Caller, allow("traces:read")]
Writer = Annotated[Caller, allow("traces:write")]


@router.get("")
def list_scores(caller: Reader, services: ServicesDep, trace_id: Annotated[str, Query(min_length=32, max_length=32)]) -> Page[Score]:
    """List the scores of a trace and its spans that count, the earliest first."""
    return Page(items=services.scores.of_trace(caller, trace_id))


@router.post("", status_code=201)
def give_score(body: ScoreWrite, caller: Writer, services: ServicesDep) -> Score:
    """Score a trace or a span. Your score of the same name for the same trace and span is replaced."""
    return services.scores.give(caller, body)


@router.delete("/{score_id}", status_code=204)
def withdraw_score(score_id: str, caller: Writer, services: ServicesDep) -> None:
    """Take a score back."""
    services.scores.withdraw(caller, score_id)
