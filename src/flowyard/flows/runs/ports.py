"""What runs on the platform need of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flowyard.data.lineage.model import EdgeRecord
from flowyard.identity.model import AuditRecord
from flowyard.wire.runs import RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run in the list of its workspace.

    `status`, `error` (problem details) and the times are its job's. Without a job, which a run has from a moment after it was made, the
    status is ``queued``.
    """

    id: str
    workspace_id: str
    name: str
    flow: str
    created_ns: int
    created_by: str
    archived: bool = False
    job_id: str | None = None
    status: RunStatus = "queued"
    error: dict[str, Any] | None = None
    started_ns: int | None = None
    ended_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """Which runs to list: newest first, those after `before_id`. None means any."""

    flow: str | None = None
    status: RunStatus | None = None
    archived: bool | None = False
    before_id: str | None = None
    limit: int = 50


class RunIndex(Protocol):
    """Keeps which runs there are. Every method is one transaction, and writes the `audit` line that it is given."""

    def add(self, record: RunRecord, audit: AuditRecord, edges: Sequence[EdgeRecord] = ()) -> None:
        """Keep a new run, and the edges from what it was made of.

        Raises:
            RunExistsError: the workspace has one of this name.
        """
        ...

    def get(self, workspace_id: str, name: str) -> RunRecord | None:
        """Return a run."""
        ...

    def by_id(self, run_id: str) -> RunRecord | None:
        """Return the run with this id."""
        ...

    def find(self, workspace_id: str, query: RunQuery) -> list[RunRecord]:
        """Return runs, newest first."""
        ...

    def all(self) -> list[RunRecord]:
        """Return all runs of all workspaces."""
        ...

    def names(self, workspace_id: str) -> list[str]:
        """Return the names of the workspace's newest thousand runs."""
        ...

    def set_job(self, run_id: str, job_id: str) -> None:
        """Note which job carries it out."""
        ...

    def set_archived(self, run_id: str, archived: bool, audit: AuditRecord) -> None:
        """Put a run away, or take it back."""
        ...

    def delete(self, run_id: str, audit: AuditRecord) -> None:
        """Forget a run."""
        ...


class SnapshotUse(Protocol):
    """What else than runs needs snapshots of flows."""

    def snapshots_in_use(self) -> tuple[set[str], int | None]:
        """Return the digests that deployments and deploys need, of all workspaces; deploys that failed may be resumed, and count.

        The second value: a deploy that takes its snapshot itself was begun then, UTC nanoseconds; what was asked for since may be its.
        """
        ...
