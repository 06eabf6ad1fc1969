"""What is in data, before all of it is read: rows, schema, text, files, statistics of columns, and what is wrong with it."""

from dataclasses import dataclass
from typing import Any, Literal

PreviewKind = Literal["rows", "text", "images", "files"]
FindingSeverity = Literal["info", "warning", "error"]
ColumnKind = Literal["number", "text", "boolean", "time", "list", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRow:
    """A row of a preview: its number (from 1, as transforms tell it), its values, or why it cannot be read."""

    line: int
    values: dict[str, Any]
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataColumn:
    """A column: its name and its type in Arrow's words (``int64``, ``double``, ``string``, ``list<string>``, ``struct``)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFinding:
    """What is odd about data. `line` is the first line of its file where it is so, `count` in how many places."""

    code: str
    severity: FindingSeverity
    message: str
    remedy: str | None = None
    file: str | None = None
    line: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DataEntry:
    """A file, or a folder with how many files are in it at any depth and their bytes. `path` is relative to what is shown."""

    path: str
    kind: Literal["file", "folder"]
    bytes: int
    files: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFileKind:
    """The files with one ending (empty: without any)."""

    extension: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFolder:
    """What is in a folder: `entries` right below it (at most 1,000), and all its files by their endings."""

    entries: tuple[DataEntry, ...]
    kinds: tuple[DataFileKind, ...]
    files: int
    bytes: int
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPreview:
    """The beginning of data, or a page of its rows.

    Attributes:
        columns: the names of the columns shown, in order.
        rows: the rows from `offset` on.
        more: there are others behind them.
        kind: what is mainly shown: ``rows``, ``text`` (`text` has its beginning), ``images`` (`images` are their paths), ``files``.
        format: how the rows or the text are written, such as ``parquet``.
        schema: all columns, those that are not shown included.
        rows_total: how many rows there are, where that is known without reading them.
        folder: what is in it, of a folder.
        findings: what is odd, with the place.
    """

    columns: tuple[str, ...]
    rows: tuple[DataRow, ...]
    more: bool
    kind: PreviewKind = "rows"
    format: str | None = None
    offset: int = 0
    schema: tuple[DataColumn, ...] = ()
    rows_total: int | None = None
    bytes: int | None = None
    text: str | None = None
    images: tuple[DataEntry, ...] = ()
    folder: DataFolder | None = None
    findings: tuple[DataFinding, ...] = ()
    elapsed_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramBin:
    """How many values are from `low` to before `high` (of the last bin: to `high`). Of times both are RFC 3339."""

    low: Any
    high: Any
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopValue:
    """A value and how often it is there."""

    value: Any
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLengths:
    """How long texts are in characters, or lists in items."""

    min: int
    mean: float
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnStatistics:
    """What the values of a column are like.

    Attributes:
        count: how many are there; `missing`: how many are not.
        distinct: how many different ones, approximately (HyperLogLog, within a few percent).
        min, max, mean, std, quantiles: of numbers; of times `min` and `max`. Quantiles are approximate (t-digest), by ``0.05`` to ``0.95``.
        histogram: 20 bins of equal width, of numbers and times.
        top: the most frequent values.
        lengths: of texts and lists.
        samples: some values as they are, cut after 200 characters.
    """

    name: str
    type: str
    kind: ColumnKind
    count: int
    missing: int
    distinct: int | None = None
    min: Any = None
    max: Any = None
    mean: float | None = None
    std: float | None = None
    quantiles: dict[str, float] | None = None
    histogram: tuple[HistogramBin, ...] = ()
    top: tuple[TopValue, ...] = ()
    lengths: DataLengths | None = None
    samples: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStatistics:
    """Statistics of columns, over `rows` rows: all of them (`whole`), or the first ones.

    `columns_total` is how many columns there are; `columns` are those from `column_offset` on, at most 200.
    """

    rows: int
    whole: bool
    columns: tuple[ColumnStatistics, ...]
    columns_total: int
    column_offset: int = 0
    findings: tuple[DataFinding, ...] = ()
    elapsed_ms: float | None = None
