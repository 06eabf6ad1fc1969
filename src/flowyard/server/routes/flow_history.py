"""The history of flows: their versions, what each changed, and bringing one back."""

from typing import Annotated

from fastapi import Path, Query

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.flow_history import FlowDiff, FlowVersion, FlowVersionName
from flowyard.wire.shared import Page

router = api_router("flow_history", "/workspaces/{workspace}/flows/{flow}/history")
Reader = Annotated[Caller, allow("flows:read")]
Writer = Annotated[Caller, allow("flows:write")]
Version = Annotated[str, Path(max_length=64, description="A version's id, or current: what is there now.")]
Against = Annotated[str, Query(max_length=64, description="previous: the one before; current: what is there now; or a version's id.")]


@router.get("")
def list_flow_history(flow: str, caller: Reader, services: ServicesDep) -> Page[FlowVersion]:
    """List a flow's versions, the newest first, with who changed which files. The first is what is there now."""
    return Page(items=services.flows.versions.list(caller, flow))


@router.get("/{version}/diff")
def diff_flow_history(flow: str, version: Version, caller: Reader, services: ServicesDep, against: Against = "previous") -> FlowDiff:
    """Show what differs between a version and another, file by file."""
    return services.flows.versions.diff(caller, flow, version, against)


@router.post("/{version}/restore")
def restore_flow_history(flow: str, version: Version, caller: Writer, services: ServicesDep) -> FlowVersion:
    """Bring a version's files back, as a new version. What is there now stays in the history."""
    return services.flows.versions.restore(caller, flow, version)


@router.put("/{version}/name")
def name_flow_history(flow: str, version: Version, body: FlowVersionName, caller: Writer, services: ServicesDep) -> FlowVersion:
    """Name a version, so that it is kept for good; null takes the name away."""
    return services.flows.versions.name(caller, flow, version, body.name)
