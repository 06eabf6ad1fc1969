"""Where runs of the platform are, and what they are made of."""

from dataclasses import dataclass
from pathlib import Path

from flowyard.data.errors import DataError
from flowyard.flows.authoring import FlowStore
from flowyard.flows.folders import inside
from flowyard.flows.runs.uploads import PREFIX, UploadStore
from flowyard.flows.snapshots import SnapshotStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlaces:
    """Where runs and what they are made of are: `root` has a folder for each run, named by its id."""

    root: Path
    uploads: UploadStore
    flows: FlowStore
    snapshots: SnapshotStore


def flow_path(snapshot: Path, file: str | None) -> Path:
    """Return the flow in a snapshot: its folder, or the file that is named.

    Raises:
        UnsafePathError: the file's path leaves the snapshot.
    """
    return inside(snapshot, file) if file else snapshot


def uploaded(uploads: UploadStore, workspace_id: str, data: str) -> Path:
    """Return the uploaded data that a run of the platform names.

    Raises:
        DataError: it names something else; files of the server's machine are not for its callers.
        UploadNotFoundError: there is no such upload.
    """
    if not data.startswith(PREFIX):
        raise DataError(
            f"The data {data[:200]!r} is no upload, and this version reads no other addresses.",
            remedy="Upload it: POST /runs/data, or `flowyard run create --data FILE`, which does that.",
        )
    return uploads.path(workspace_id, data)
