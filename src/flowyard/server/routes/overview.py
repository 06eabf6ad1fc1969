"""The home screen of a workspace."""

from typing import Annotated

from flowyard.foundation.clock import DAY_NS, now_ns
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.overview import count_endpoints, count_flows, count_models
from flowyard.server.routing import api_router
from flowyard.tracing.ports import TraceFilter
from flowyard.wire.overview import Overview

router = api_router("overview", "/workspaces/{workspace}/overview")

_RECENT = 10


@router.get("")
def get_overview(caller: Annotated[Caller, allow("overview:read")], services: ServicesDep) -> Overview:
    """Show the lifecycle's stages with their state, what ran last, and the calls of the last 24 hours."""
    counts = services.traces.counts(caller.workspace_id, now_ns() - DAY_NS)
    return Overview(
        stages=(
            count_models(services.catalog.list(caller).items),
            count_flows(services.flows.list(caller)),
            count_endpoints(services.endpoints.list(caller)),
        ),
        jobs=services.jobs.page(caller.workspace_id, limit=_RECENT).items,
        traces=services.traces.page(caller, TraceFilter(), limit=_RECENT).items,
        requests_24h=counts.requests,
        errors_24h=counts.errors,
        tokens_24h=counts.tokens,
    )
