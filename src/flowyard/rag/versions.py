"""Which version a label of an index stands for."""

from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.ports import IndexKey, VectorStore


class IndexVersions:
    """Looks versions up by their number or a label, without asking who may read the index."""

    def __init__(self, ledger: IndexLedger, vectors: VectorStore) -> None:
        self._ledger = ledger
        self._vectors = vectors

    def of(self, workspace_id: str, name: str, version: str) -> str | None:
        """Return the version that `version`, one or a label, stands for now; None: the index, or it, is not there."""
        known = [record.version for record in self._ledger.versions(workspace_id, name)]
        if not known or version in known:
            return version if known else None
        labelled = self._vectors.labels(IndexKey(workspace_id, name)).get(version)
        return labelled if labelled in known else None
