"""Figures over telemetry: groups, series, comparisons; sessions and users."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.tracing.figures import Asked
from flowyard.wire.shared import Page
from flowyard.wire.telemetry import Conversation, Figures, Grain, GroupField, Measure, ScoreField, Subject, TelemetryUser, Verification

router = api_router("telemetry", "/workspaces/{workspace}/telemetry")
Reader = Annotated[Caller, allow("traces:read")]
# It reads every file of the workspace, and says where they lie.
Owner = Annotated[Caller, allow("workspaces:write")]
Since = Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago; without it 24 hours before until.")]
Until = Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago; without it now.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureQuery:
    """A question, as query parameters."""

    of: Annotated[Subject, Query(description="What is counted: calls of models, requests (first spans), or all spans.")] = "calls"
    group_by: Annotated[
        list[GroupField | ScoreField] | None, Query(description="At most three, also score.NAME; may be given several times.")
    ] = None
    measure: Annotated[list[Measure] | None, Query(description="May be given several times; groups are ordered by the first.")] = None
    grain: Annotated[Grain, Query(description="The length of a bucket; none: no series.")] = "none"
    q: Annotated[str | None, Query(max_length=2000, description="A search, about each span itself.")] = None
    since: Since = None
    until: Until = None
    compare: Annotated[bool, Query(description="With the rows of the period of the same length before.")] = False
    compare_from: Annotated[
        str | None, Query(max_length=40, description="With the rows of the period from then: RFC 3339, or 30d ago.")
    ] = None
    compare_to: Annotated[str | None, Query(max_length=40, description="Its end; without it as long as the period asked for.")] = None
    limit: Annotated[
        int, Query(ge=1, le=1000, description="How many groups at most, those with the most of the first measure; of each period compared.")
    ] = 100

    def asked(self) -> Asked:
        """Return the question."""
        return Asked(
            of=self.of,
            group_by=self.group_by or (),
            measure=self.measure or ["count"],
            grain=self.grain,
            q=self.q,
            since=self.since,
            until=self.until,
            compare=self.compare,
            compare_from=self.compare_from,
            compare_to=self.compare_to,
            limit=self.limit,
        )


@router.get("/figures")
def get_figures(caller: Reader, services: ServicesDep, query: Annotated[FigureQuery, Depends()]) -> Figures:
    """Count, sum and take percentiles over spans, by groups and over time."""
    return services.figures.ask(caller, query.asked())


@router.get("/sessions")
def list_sessions(
    caller: Reader, services: ServicesDep, since: Since = None, until: Until = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Page[Conversation]:
    """List the sessions with a trace in the period, the latest first. Their traces: GET /traces?q=session:ID."""
    return Page(items=services.figures.sessions(caller, since=since, until=until, limit=limit))


@router.get("/users")
def list_users(
    caller: Reader, services: ServicesDep, since: Since = None, until: Until = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> Page[TelemetryUser]:
    """List the users of the applications with a trace in the period, the latest first."""
    return Page(items=services.figures.users(caller, since=since, until=until, limit=limit))


@router.get("/verify")
def verify(caller: Owner, services: ServicesDep) -> Verification:
    """Read every segment of the workspace's telemetry and say what is missing, damaged or left over. Nothing is changed."""
    return services.telemetry.queries.verify(caller.workspace_id)
