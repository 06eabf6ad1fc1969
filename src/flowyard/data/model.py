"""What the data room keeps."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowyard.wire.data import DataAssetType


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAssetRecord:
    """One version of a data asset. It never changes; only `archived` does.

    `reference` says where its files are (``upload:<digest>``), `fingerprint` is the SHA-256 over their names and contents, `origin`
    what it was made from.
    """

    id: str
    workspace_id: str
    name: str
    version: str
    type: DataAssetType
    reference: str
    fingerprint: str
    bytes: int
    files: int
    created_ns: int
    created_by: str
    rows: int | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    origin: dict[str, Any] = field(default_factory=dict[str, Any])
    archived: bool = False


@dataclass(frozen=True, slots=True)
class KeptFiles:
    """Files that were kept: where, how many bytes and files, and where they are on this machine."""

    reference: str
    bytes: int
    files: int
    path: Path
