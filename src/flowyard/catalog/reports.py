"""What trials found, kept: verifications and comparisons of models, measurements of indexes, and the rows of these."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

ReportKind = Literal["verification", "comparison", "comparison_rows", "index", "index_rows", "index_tuning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecord:
    """A report as it is kept. `id` is that of the job that makes it; `document` is what the API shows, as plain values."""

    id: str
    workspace_id: str
    kind: ReportKind
    target: str
    completed: bool
    created_ns: int
    document: dict[str, Any]


class ReportStore(Protocol):
    """Keeps reports. Every method is one transaction."""

    def put(self, record: ReportRecord) -> None:
        """Keep a report, in place of what there is of its id."""
        ...

    def get(self, workspace_id: str, kind: ReportKind, report_id: str) -> ReportRecord | None:
        """Return a report."""
        ...

    def find(self, workspace_id: str, kind: ReportKind, *, target: str | None = None, limit: int = 50) -> list[ReportRecord]:
        """Return reports, the newest first."""
        ...

    def newest(self, workspace_id: str, kind: ReportKind) -> dict[str, ReportRecord]:
        """Return the newest completed report of each target."""
        ...

    def delete(self, workspace_id: str, kind: ReportKind, report_id: str) -> bool:
        """Delete a report; whether there was one."""
        ...
