"""Transforms: recorded steps that make a version of a data asset from others."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.telemetry_policy import RedactionRule

UnicodeForm = Literal["NFC", "NFKC", "none"]
ColumnType = Literal["string", "integer", "number", "boolean"]
LengthUnit = Literal["characters", "words"]
PythonMode = Literal["row", "rows", "table"]
OnError = Literal["fail", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalizeStep:
    """Write texts one way: Unicode `form`, white space (runs become one space, at most one empty line, none at the ends; control characters
    go), and lower case where wanted. Without `columns` all texts of a row.
    """

    columns: tuple[str, ...] = ()
    form: UnicodeForm = "NFKC"
    whitespace: bool = True
    lowercase: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLengthStep:
    """Keep rows whose text in `column` has `min` to `max` characters or words. A row without a text there has length 0."""

    column: str
    min: int = 1
    max: int | None = None
    unit: LengthUnit = "characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLanguageStep:
    """Keep rows whose text in `column` is in one of `languages` (ISO 639-1), with at least `confidence` (0 to 1)."""

    column: str
    languages: tuple[str, ...]
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeduplicateStep:
    """Keep the first of rows that are equal in `columns` (without them in all). With `near` (0.5 to 1: the Jaccard similarity of their sets
    of `shingle` characters in a row) those that are alike count as equal.
    """

    columns: tuple[str, ...] = ()
    near: float | None = None
    shingle: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactStep:
    """Put markers in the place of personal data and secrets, as telemetry's rules find them. Without `columns`: in all.
    Without `rules`: by all.
    """

    columns: tuple[str, ...] = ()
    rules: tuple[RedactionRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapColumnsStep:
    """Change columns, in this order: `rename` (old to new), `keep` alone or `drop`, `cast` (a value that does not fit is an error of its
    row), `add` (name to value).
    """

    rename: dict[str, str] = field(default_factory=dict[str, str])
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    cast: dict[str, ColumnType] = field(default_factory=dict[str, ColumnType])
    add: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlStep:
    """One SELECT of DuckDB over the table ``data`` (the rows so far) and the transform's inputs, by their names."""

    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonStep:
    """A function of the transform's code, ``file.py:function``, given `arguments` besides.

    `mode` ``row``: a row (dict) in; a row, several in a list, or None (dropped) out. ``rows``: an iterator of rows in, rows out.
    ``table``: a pandas DataFrame in and out.
    """

    function: str
    mode: PythonMode = "row"
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformStep:
    """One step: exactly one of these."""

    normalize: NormalizeStep | None = None
    filter_length: FilterLengthStep | None = None
    filter_language: FilterLanguageStep | None = None
    deduplicate: DeduplicateStep | None = None
    redact: RedactStep | None = None
    map_columns: MapColumnsStep | None = None
    sql: SqlStep | None = None
    python: PythonStep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformCreate:
    """Make a version of `name` from `source`, a version of a data asset (``azureml:<name>:<version>``), by `steps`, one after the other.

    Attributes:
        inputs: further assets that SQL reads, by the names that it uses.
        code: an upload (``upload:<digest>``) with the files of Python steps, and their ``requirements.txt``.
        on_error: ``fail``: a row that cannot be read, or that a step fails at, ends it; ``skip``: it is left out, and counted.
    """

    source: str
    name: str
    steps: tuple[TransformStep, ...]
    inputs: dict[str, str] = field(default_factory=dict[str, str])
    code: str | None = None
    on_error: OnError = "fail"
    version: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformPreviewCreate:
    """Try steps on the first `rows` rows of `source`; nothing is kept. The other fields are those of `TransformCreate`."""

    source: str
    steps: tuple[TransformStep, ...]
    inputs: dict[str, str] = field(default_factory=dict[str, str])
    code: str | None = None
    on_error: OnError = "fail"
    rows: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformRerunCreate:
    """Make a version again. `latest`: of the newest versions of what it was made of, not of the same ones."""

    latest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformStepResult:
    """What a step did: `number` is its place from 1, `kind` what it is, `dropped` rows by the reason, `changed` rows that became others
    (None: not known, a statement or function over all rows).
    """

    number: int
    kind: str
    rows_in: int
    rows_out: int
    changed: int | None = None
    dropped: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformedRow:
    """A row after the steps. `line` is the row (from 1) of the source that it was; None where that is not known."""

    line: int | None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedRow:
    """A row of the source (`line`, from 1; None: not known) that step `step` dropped, and why."""

    line: int | None
    step: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformPreview:
    """What steps make of the first rows: those rows (`line` from 1), what became of them, and what was dropped."""

    columns_before: tuple[str, ...]
    columns_after: tuple[str, ...]
    before: tuple[TransformedRow, ...]
    after: tuple[TransformedRow, ...]
    dropped: tuple[DroppedRow, ...]
    steps: tuple[TransformStepResult, ...]
    elapsed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformResult:
    """What a transform's job gives: `data` is the version that has the rows. `made` is False where a rerun gave the same bytes again, so
    that there is nothing new to keep.
    """

    data: str
    rows_in: int
    rows_out: int
    steps: tuple[TransformStepResult, ...]
    made: bool = True
