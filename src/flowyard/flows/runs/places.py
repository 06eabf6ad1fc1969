"""Where runs of the platform are, and what they are made of."""

from dataclasses import dataclass
from pathlib import Path

from flowyard.data.service import DataService
from flowyard.flows.authoring import FlowStore
from flowyard.flows.folders import inside
from flowyard.flows.runs.uploads import UploadStore
from flowyard.flows.snapshots import SnapshotStore


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlaces:
    """Where runs and what they are made of are: `root` has a folder for each run, named by its id."""

    root: Path
    data: DataService
    uploads: UploadStore
    flows: FlowStore
    snapshots: SnapshotStore


def flow_path(snapshot: Path, file: str | None) -> Path:
    """Return the flow in a snapshot: its folder, or the file that is named.

    Raises:
        UnsafePathError: the file's path leaves the snapshot.
    """
    return inside(snapshot, file) if file else snapshot
