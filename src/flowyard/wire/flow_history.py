"""The history of flows: versions, what each changed, and bringing one back."""

from dataclasses import dataclass, field
from typing import Literal

from flowyard.wire.flows import FlowFile

FileChangeKind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFileChange:
    """What a version did to a file."""

    path: str
    change: FileChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowVersion:
    """A flow's files as they were at a time.

    `author` is None for what was changed on disk, by an editor or by Git. Edits that one author makes within five minutes are one version,
    whose last edit was at `changed_at`. `changes` are those since the version before. `restored_from`: the version that was brought back.
    """

    id: str
    created_at: str
    changed_at: str
    author: str | None
    name: str | None = None
    restored_from: str | None = None
    files: tuple[FlowFile, ...] = ()
    changes: tuple[FlowFileChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowVersionName:
    """A name for a version, which is then kept for good; None takes it away."""

    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFileDiff:
    """A file that two versions have differently. A text is None where the file is not there, no text, or was too large to be kept."""

    path: str
    change: FileChangeKind
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDiff:
    """What differs between two versions of a flow: from `base` (None: nothing yet) to `version`."""

    base: str | None
    version: str
    files: tuple[FlowFileDiff, ...] = field(default=())
