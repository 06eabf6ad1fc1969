"""What an endpoint did, over a period, and does now."""

from typing import Annotated

from fastapi import Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.endpoint_metrics import EndpointMetrics, MetricsBy
from flowyard.wire.telemetry import Grain

router = api_router("endpoints", "/workspaces/{workspace}/endpoints/{name}")


@router.get("/metrics")
def get_metrics(
    name: str,
    caller: Annotated[Caller, allow("endpoints:read")],
    services: ServicesDep,
    *,
    by: Annotated[list[MetricsBy] | None, Query(description="By what; may be given several times. Without: by deployment.")] = None,
    grain: Annotated[Grain, Query(description="The length of a bucket; none: no series.")] = "none",
    since: Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago; without it 24 hours before until.")] = None,
    until: Annotated[str | None, Query(max_length=40, description="RFC 3339, or 2h, 7d ago; without it now.")] = None,
) -> EndpointMetrics:
    """Tell requests, latency, errors, tokens, cost, processors and memory over a period, and what is under way and waits now."""
    return services.endpoint_metrics.ask(caller, name, by=by or ("deployment",), grain=grain, since=since, until=until)
