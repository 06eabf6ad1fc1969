"""What builds need of others."""

from collections.abc import Sequence
from typing import Protocol

from flowyard.data.lineage.model import EdgeRecord
from flowyard.identity.model import AuditRecord
from flowyard.rag.building.model import DocumentHead, LedgerEntry, SeenCounts, SeenRules, VersionRecord
from flowyard.wire.index_builds import IndexBuildSamples


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
        self, version_id: str, *, after: int = -1, limit: int | None = None, unread: bool | None = None, seen: SeenRules = ()
    ) -> list[tuple[int, LedgerEntry]]:
        """Return what a version has of files, each with its number, in the order of their keys; those behind number `after`.

        Args:
            version_id: the version's id.
            after: -1: from the first.
            limit: how many at most; None: all.
            unread: True: only files that could not be read; False: only others.
            seen: only what is seen so.
        """
        ...

    def counts(self, version_id: str, seen: SeenRules) -> SeenCounts:
        """Return how much of a version is seen so."""
        ...

    def heads(self, version_id: str, keys: Sequence[str]) -> dict[str, DocumentHead]:
        """Return titles and pages of some documents of a version, by key."""
        ...

    def claim(self, workspace_id: str, name: str, job_id: str) -> None:
        """Let a job build an index from here on; once more is no error.

        Raises:
            IndexBusyError: another job that has not ended builds it.
            IndexConflictError: another job took the index over since this one did.
        """
        ...

    def check_claim(self, workspace_id: str, name: str, job_id: str) -> None:
        """Look whether the index is still this job's to build.

        Raises:
            IndexConflictError: another job took it over since, or it was deleted.
        """
        ...

    def keep_samples(self, samples: IndexBuildSamples) -> None:
        """Keep what is to be shown of a build that has claimed its index, in place of what was kept before."""
        ...

    def samples(self, workspace_id: str, name: str, job_id: str) -> IndexBuildSamples | None:
        """Return what is shown of a build of an index: None when there is no such build."""
        ...

    def version(self, workspace_id: str, name: str, version: str) -> VersionRecord | None:
        """Return one version of an index, by its number; None: it is not there."""
        ...

    def made_by(self, workspace_id: str, job_id: str) -> VersionRecord | None:
        """Return the version that a job made."""
        ...

    def drop(self, workspace_id: str, name: str, audit: AuditRecord) -> int:
        """Forget an index with all versions and what was measured of them; return how many versions there were."""
        ...
