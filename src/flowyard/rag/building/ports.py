"""What builds need of others."""

from collections.abc import Sequence
from typing import Protocol

from flowyard.data.lineage.model import EdgeRecord
from flowyard.identity.model import AuditRecord
from flowyard.rag.building.model import LedgerEntry, VersionRecord


class IndexLedger(Protocol):
    """Keeps versions of indexes and what each has of its files; the chunks are in a `VectorStore`."""

    def add(self, record: VersionRecord, entries: Sequence[LedgerEntry], audit: AuditRecord, edges: Sequence[EdgeRecord] = ()) -> None:
        """Add a version with its entries and the edges from what it was made of, all or nothing.

        Raises:
            IndexConflictError: the version is there.
        """
        ...

    def versions(self, workspace_id: str, name: str | None = None) -> list[VersionRecord]:
        """Return all versions of one index, or of all, the newest first."""
        ...

    def entries(
        self, version_id: str, *, after: int = -1, limit: int | None = None, unread: bool | None = None
    ) -> list[tuple[int, LedgerEntry]]:
        """Return what a version has of files, each with its number, in the order of their keys; those behind number `after`.

        Args:
            version_id: the version's id.
            after: -1: from the first.
            limit: how many at most; None: all.
            unread: True: only files that could not be read; False: only others.
        """
        ...

    def titles(self, version_id: str, keys: Sequence[str]) -> dict[str, str]:
        """Return the titles of some documents of a version, by key."""
        ...

    def made_by(self, workspace_id: str, job_id: str) -> VersionRecord | None:
        """Return the version that a job made."""
        ...

    def drop(self, workspace_id: str, name: str, audit: AuditRecord) -> int:
        """Forget an index with all versions; return how many there were."""
        ...
