"""Work that makes versions of data assets in a job: splits, and imports of what a database answers."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSplitCreate:
    """Divide the rows of a version among new assets.

    Attributes:
        source: ``azureml:<name>:<version>`` (or with a label).
        ratios: how the rows are divided; they add up to 1.
        names: the asset of each part. None: ``<name>-train``, ``-test`` (of three ``-train``, ``-validation``, ``-test``).
        seed: the same seed gives the same parts, wherever and whenever.
        stratify: a column whose values each part has in the same proportions.
    """

    source: str
    ratios: tuple[float, ...]
    names: tuple[str, ...] | None = None
    seed: int = 0
    stratify: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSplitPart:
    """One part: the version that was made, its rows, and of each value of the stratified column how many."""

    data: str
    rows: int
    strata: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSplitResult:
    """What a split made."""

    parts: tuple[DataSplitPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataImportCreate:
    """Make a version of what a database answers, as Parquet. Give one of `query` and `table` (``name`` or ``schema.name``)."""

    name: str
    datastore: str
    query: str | None = None
    table: str | None = None
    version: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class DataScheduleCreate:
    """Import again and again. `cron`: minute, hour, day of month, month, day of week, in UTC (``0 6 * * *``: every day at six)."""

    cron: str
    request: DataImportCreate


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSchedule:
    """A schedule, by the name of the asset that it makes versions of. `next_at` is None while it is paused; `last_job` did the last."""

    name: str
    cron: str
    request: DataImportCreate
    paused: bool
    next_at: str | None
    last_at: str | None
    last_job: str | None
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataImportResult:
    """The version that an import made. `made` is False where the answer was that of the version before, which `data` names then."""

    data: str
    rows: int
    bytes: int
    made: bool = True
