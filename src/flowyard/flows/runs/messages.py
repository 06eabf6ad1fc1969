"""What a run and its row processes tell one another."""

from typing import Any, Literal

import msgspec

from flowyard.flows.runtime.cache_spec import CacheSpec
from flowyard.foundation.errors import Problem


class GatewayAccess(msgspec.Struct, frozen=True, kw_only=True):
    """Where LLM nodes find their models: an installation's gateway, and a key for it."""

    url: str
    api_key: str


class WorkerSetup(msgspec.Struct, frozen=True, kw_only=True):
    """A row process's first message.

    `sides` are what the run compares, in the order in which rows number them; `variants` the flow's variant of each (empty: as it is).
    """

    run: str
    flow: str
    flow_name: str
    sides: tuple[str, ...]
    variants: tuple[str, ...]
    overrides: dict[str, dict[str, str]]
    environment_variables: dict[str, str]
    init: dict[str, Any]
    connections: dict[str, dict[str, Any]]
    concurrency: int
    line_timeout_s: float
    gateway: GatewayAccess | None = None
    spools: str | None = None
    workspace_id: str = ""
    data_folder: str | None = None
    cache: CacheSpec | None = None
    replay: bool = False


class RowWork(msgspec.Struct, array_like=True, gc=False):
    """A row on its way to a process: its line, the number of its side, the mapped inputs, and the data's columns.

    An input that is not mapped takes its default, and where it has none the column of its name. `trace_id`: of the trace that it must run
    in; empty: one of its own.
    """

    line: int
    side: int
    mapped: dict[str, Any]
    data: dict[str, Any]
    trace_id: str = ""


class RowResult(msgspec.Struct, array_like=True, gc=False):
    """One row as a row map brings it; JSON texts are encoded where the row ran.

    `usage` has connection, model, prompt and completion tokens of each call; `reduce` is what the aggregation needs (msgpack).
    """

    line: int
    variant: str
    status: Literal["completed", "failed"]
    inputs: bytes
    outputs: bytes
    error: bytes | None
    start_ns: int
    duration_ns: int
    trace_id: str | None
    usage: list[tuple[str, str, int, int]] = []
    reduce: bytes | None = None


class Chunk(msgspec.Struct, array_like=True):
    """Rows that ended about the same time, and what their nodes did: compressed, one list of records a row."""

    rows: list[RowResult]
    nodes: bytes


class ReduceStart(msgspec.Struct, array_like=True):
    """The first part of an aggregation: of which side. With `ask` it is the only one: the answer says whether there is one to run.

    `trace_id`: of the trace that it must run in; empty: one of its own.
    """

    side: int
    ask: bool = False
    trace_id: str = ""


class ReduceRows(msgspec.Struct, array_like=True):
    """Some rows for the aggregation: inputs as JSON, and what the row kept for it."""

    rows: list[tuple[bytes, bytes | None]]


class Reduced(msgspec.Struct, array_like=True):
    """What an aggregation gave. `nodes` are packed as rows' are."""

    metrics: dict[str, Any]
    nodes: bytes
    error: Problem | None
    warnings: list[str]
