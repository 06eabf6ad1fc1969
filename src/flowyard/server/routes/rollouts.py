"""Rollouts: traffic moves to a deployment in steps, and back when it does worse."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.rollouts import Rollout, RolloutStart
from flowyard.wire.shared import Page

router = api_router("rollouts", "/workspaces/{workspace}/endpoints/{name}/rollouts")
Reader = Annotated[Caller, allow("endpoints:read")]
Writer = Annotated[Caller, allow("endpoints:write")]


@router.get("")
def list_rollouts(name: str, caller: Reader, services: ServicesDep) -> Page[Rollout]:
    """List an endpoint's rollouts, the newest first, with what each step saw and what that meant."""
    return Page(items=services.rollouts.list(caller, name))


@router.post("", status_code=201)
def start_rollout(name: str, body: RolloutStart, caller: Writer, services: ServicesDep) -> Rollout:
    """Begin to move traffic to a deployment in steps. The first step begins at once."""
    return services.rollouts.start(caller, name, body)


@router.post("/pause")
def pause_rollout(name: str, caller: Writer, services: ServicesDep) -> Rollout:
    """Let the rollout stay at its step; a breach still moves traffic back."""
    return services.rollouts.pause(caller, name)


@router.post("/resume")
def resume_rollout(name: str, caller: Writer, services: ServicesDep) -> Rollout:
    """Let a paused rollout go on."""
    return services.rollouts.resume(caller, name)


@router.post("/abort")
def abort_rollout(name: str, caller: Writer, services: ServicesDep) -> Rollout:
    """End the rollout; traffic becomes what it was before."""
    return services.rollouts.abort(caller, name)
