"""What the telemetry's parts hand to one another. It needs no packages, so that the server's start does not wait for theirs."""

from dataclasses import dataclass
from typing import Any, TypeAlias

#: A ``pyarrow.Table``; Arrow has no types for Python.
Table: TypeAlias = Any

SUFFIX = ".parquet"
INDEX_SUFFIX = ".traces.npy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A row of the manifest. `path` is relative to the segments' folder; starts are UTC nanoseconds."""

    id: str
    workspace_id: str
    path: str
    rows: int
    bytes: int
    min_start_ns: int
    max_start_ns: int
    created_ns: int
