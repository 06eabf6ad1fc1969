"""Steps as they are carried out, and what is passed between processes."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from flowyard.data.transforms.errors import TransformError
from flowyard.foundation.errors import Location, Problem
from flowyard.wire.transforms import (
    DeduplicateStep,
    FilterLanguageStep,
    FilterLengthStep,
    MapColumnsStep,
    NormalizeStep,
    OnError,
    PythonStep,
    RedactStep,
    SqlStep,
    TransformStep,
    TransformStepResult,
)

Step: TypeAlias = (
    NormalizeStep | FilterLengthStep | FilterLanguageStep | DeduplicateStep | RedactStep | MapColumnsStep | SqlStep | PythonStep
)
KINDS = tuple(TransformStep.__dataclass_fields__)
#: In files between steps: the row of the source (from 1) that a row was; None: not known.
ROW = "__row"
#: The step before the first: reading the source.
READ = "read"
SegmentKind = Literal["rows", "near", "sql", "python"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedStep:
    """A step with its place, from 1, and its one kind set."""

    number: int
    step: TransformStep

    @property
    def kind(self) -> str:
        """Which one it is."""
        return kind_of(self.step)

    @property
    def body(self) -> Step:
        """What it says."""
        body: Step = getattr(self.step, self.kind)
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Steps that one process carries out in one go over a file."""

    kind: SegmentKind
    steps: tuple[NumberedStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a process is to do: `steps` over `source`, into `target` (JSON lines).

    Attributes:
        original: `source` is data as it was given, a file or folder; else JSON lines of a step before.
        keep_row: write `ROW` with each row.
        inputs: files of further tables, by name; those of JSON lines, or Parquet.
        code: the folder with the code.
        limit: take so many rows at most; None: all.
        trace: tell of every row that is dropped.
        memory_mib: what it may take beyond what it has at the start.
        cpu_s: seconds of processor time.
        scratch: a folder for files of its own.
    """

    kind: SegmentKind
    steps: tuple[NumberedStep, ...]
    source: str
    target: str
    original: bool
    keep_row: bool
    inputs: dict[str, str] = field(default_factory=dict[str, str])
    code: str | None = None
    on_error: OnError = "fail"
    limit: int | None = None
    trace: bool = False
    memory_mib: int = 1024
    cpu_s: int = 3600
    scratch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A row that was dropped: the row of the source, the step, and why."""

    row: int | None
    step: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line that a process writes: how many rows it has taken, a line for the log, or at its end what it did or what is wrong."""

    progress: int | None = None
    log: str | None = None
    steps: tuple[TransformStepResult, ...] | None = None
    drops: tuple[Drop, ...] = ()
    problem: Problem | None = None


@dataclass(slots=True)
class Tally:
    """What a step has done so far."""

    number: int
    kind: str
    rows_in: int = 0
    rows_out: int = 0
    changed: int | None = 0
    dropped: dict[str, int] = field(default_factory=dict[str, int])

    def result(self) -> TransformStepResult:
        """Return it as it is told."""
        return TransformStepResult(
            number=self.number,
            kind=self.kind,
            rows_in=self.rows_in,
            rows_out=self.rows_out,
            changed=self.changed,
            dropped=dict(sorted(self.dropped.items())),
        )


def kind_of(step: TransformStep) -> str:
    """Return which of its kinds a step is.

    Raises:
        TransformError: none, or several.
    """
    named = [kind for kind in KINDS if getattr(step, kind) is not None]
    if len(named) != 1:
        raise TransformError(
            f"A step is exactly one of {', '.join(KINDS)}; this one has {', '.join(named) or 'none of them'}.",
            remedy="Write each as an entry of its own.",
        )
    return named[0]


def segments(steps: tuple[NumberedStep, ...]) -> list[Segment]:
    """Return steps in the groups that processes carry out: what goes row by row together, each other step alone."""
    found: list[Segment] = []
    for step in steps:
        kind = _segment_kind(step.body)
        if kind == "rows" and found and found[-1].kind == "rows":
            found[-1] = Segment(kind="rows", steps=(*found[-1].steps, step))
        else:
            found.append(Segment(kind=kind, steps=(step,)))
    return found


def _segment_kind(step: Step) -> SegmentKind:
    match step:
        case SqlStep():
            return "sql"
        case PythonStep():
            return "python"
        case DeduplicateStep(near=near) if near is not None:
            return "near"
        case _:
            return "rows"


def pointer(step: int, *parts: Any) -> Location:
    """Return where a step (from 1) stands in a request."""
    return Location(pointer="/".join(["/steps", str(step - 1), *map(str, parts)]))
