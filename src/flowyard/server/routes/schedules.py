"""Schedules of imports."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.data_jobs import DataSchedule, DataScheduleCreate
from flowyard.wire.shared import Page

router = api_router("schedules", "/workspaces/{workspace}/data/schedules")
Reader = Annotated[Caller, allow("data:read")]
Writer = Annotated[Caller, allow("data:write")]


@router.get("")
def list_schedules(caller: Reader, services: ServicesDep) -> Page[DataSchedule]:
    """List the schedules of imports, by the names of their assets."""
    return Page(items=services.schedules.list(caller))


@router.post("", status_code=201)
def create_schedule(body: DataScheduleCreate, caller: Writer, services: ServicesDep) -> DataSchedule:
    """Import again and again, at the times of a cron expression in UTC. An answer that is that of the latest version makes no other one."""
    return services.schedules.create(caller, body)


@router.post("/{name}/pause")
def pause_schedule(name: str, caller: Writer, services: ServicesDep) -> DataSchedule:
    """Pause a schedule."""
    return services.schedules.set_paused(caller, name, paused=True)


@router.post("/{name}/resume")
def resume_schedule(name: str, caller: Writer, services: ServicesDep) -> DataSchedule:
    """Let a schedule go on, with the next time from now."""
    return services.schedules.set_paused(caller, name, paused=False)


@router.delete("/{name}", status_code=204)
def delete_schedule(name: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a schedule. The versions that it made stay."""
    services.schedules.delete(caller, name)
