"""What the data room needs from others."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from flowyard.data.lineage.model import EdgeRecord
from flowyard.data.model import DataAssetRecord
from flowyard.identity.model import AuditRecord
from flowyard.wire.runs import DataUpload


class IncomingFile(Protocol):
    """A file that is being written."""

    def write(self, part: bytes) -> None:
        """Add bytes."""
        ...

    def keep_file(self, name: str) -> DataUpload:
        """Keep what was written, durably, as one file of that name."""
        ...


class DataFiles(Protocol):
    """Keeps files by the hash of their names and contents, for each workspace; what is kept never changes."""

    def begin(self, workspace_id: str) -> AbstractContextManager[IncomingFile]:
        """Return a file that is still coming in; what is not kept when the block ends is deleted."""
        ...

    def keep_folder(self, workspace_id: str, folder: Path) -> DataUpload:
        """Keep all files below a folder of this machine, which is moved away, durably.

        Raises:
            InvalidInputError: it has no files.
        """
        ...

    def path(self, workspace_id: str, reference: str) -> Path:
        """Return the file or folder that ``upload:<digest>`` names.

        Raises:
            UploadNotFoundError: the workspace has no such upload.
        """
        ...


class DataAssetStore(Protocol):
    """Keeps versions of data assets."""

    def add(self, record: DataAssetRecord, audit: AuditRecord, edges: Sequence[EdgeRecord] = ()) -> None:
        """Add a version, and the edges from what it was made of.

        Raises:
            DataAssetExistsError: it is there.
        """
        ...

    def versions(self, workspace_id: str, name: str | None = None) -> Sequence[DataAssetRecord]:
        """Return all versions of one asset, or of all, the latest first."""
        ...

    def archive(self, workspace_id: str, name: str, *, archived: bool, audit: AuditRecord) -> int:
        """Archive or restore all versions of an asset; return how many there are."""
        ...
