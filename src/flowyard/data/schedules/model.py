"""What the schedules of imports keep, and what keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.identity.model import AuditRecord
from flowyard.wire.data_jobs import DataImportCreate


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRecord:
    """A schedule, by the name of the asset whose versions it makes. Times are UTC nanoseconds; `next_ns` is the next time it is due."""

    workspace_id: str
    name: str
    cron: str
    request: DataImportCreate
    paused: bool
    next_ns: int
    last_ns: int | None
    last_job: str | None
    created_ns: int
    created_by: str


class ScheduleStore(Protocol):
    """Keeps schedules."""

    def add(self, record: ScheduleRecord, audit: AuditRecord) -> None:
        """Add a schedule.

        Raises:
            ScheduleExistsError: the asset has one.
        """
        ...

    def in_workspace(self, workspace_id: str) -> Sequence[ScheduleRecord]:
        """Return the workspace's schedules, by name."""
        ...

    def set_paused(self, workspace_id: str, name: str, audit: AuditRecord, *, paused: bool, next_ns: int) -> bool:
        """Pause a schedule or let it go on; return whether there is one."""
        ...

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """Delete a schedule; return whether there was one."""
        ...

    def due(self, now: int) -> Sequence[ScheduleRecord]:
        """Return the schedules of all workspaces that are due at `now` and not paused."""
        ...

    def advance(self, record: ScheduleRecord, *, next_ns: int, job_id: str) -> None:
        """Note that a schedule made a job for the time that `record` says, and when it is due next. Nothing, where it was changed since."""
        ...
