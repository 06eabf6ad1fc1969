"""What the telemetry's parts hand to one another. It needs no packages, so that the server's start does not wait for theirs."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from flowyard.tracing.signals import Signal

#: A ``pyarrow.Table``; Arrow has no types for Python.
Table: TypeAlias = Any

SUFFIX = ".parquet"
INDEX_SUFFIX = ".traces.npy"
DIGEST_SUFFIX = ".digest.npz"
PAYLOADS_SUFFIX = ".payloads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A row of the manifest. `path` is relative to the segments' folder; times (of spans: starts) are UTC nanoseconds.

    `checksum` is the CRC32 of the Parquet file; None of one that an earlier version wrote.
    """

    id: str
    workspace_id: str
    path: str
    rows: int
    bytes: int
    min_start_ns: int
    max_start_ns: int
    created_ns: int
    signal: Signal = "spans"
    checksum: int | None = None
