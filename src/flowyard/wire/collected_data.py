"""Data that deployments collected of their requests."""

from dataclasses import dataclass, field
from typing import Literal

#: Each collected row as an object, several collections joined by their request; or each record as Azure ML writes it.
CollectedForm = Literal["rows", "events"]
CollectedFormat = Literal["jsonl", "parquet"]
#: Lists are of this time where none is given.
LAST_DAY = "24h"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedData:
    """What one collection of a deployment holds: records (one a request and `Collector.collect`), their rows, and when they came.

    `dropped` counts what was not kept, by reason: ``too_large``, ``unfit``, ``queue_full``.
    """

    deployment: str
    collection: str
    records: int
    rows: int
    first_at: str
    last_at: str
    dropped: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedAsset:
    """Make a version of a data asset, JSON lines, of what was collected.

    `name` None: what the deployment's file calls the first collection's data, else ``<endpoint>-<collection>``.
    """

    collections: tuple[str, ...] = ("model_inputs", "model_outputs")
    deployment: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int = 10_000
    form: CollectedForm = "rows"
    name: str | None = None
    version: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
