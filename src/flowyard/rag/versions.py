"""Which version a label of an index stands for."""

from flowyard.rag.building.model import VersionRecord
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.ports import IndexKey, VectorStore


class IndexVersions:
    """Looks versions up by their number or a label, without asking who may read the index."""

    def __init__(self, ledger: IndexLedger, vectors: VectorStore) -> None:
        self._ledger = ledger
        self._vectors = vectors

    def of(self, workspace_id: str, name: str, version: str) -> str | None:
        """Return the version that `version`, one or a label, stands for now; None: the index, or it, is not there."""
        record = self.record(workspace_id, name, version)
        return None if record is None else record.version

    def record(self, workspace_id: str, name: str, version: str) -> VersionRecord | None:
        """Return what is kept of the version that `version`, one or a label, stands for now; None: the index, or it, is not there."""
        # No label is a number.
        number = version if version.isdecimal() else self._vectors.labels(IndexKey(workspace_id, name)).get(version)
        return None if number is None else self._ledger.version(workspace_id, name, number)
