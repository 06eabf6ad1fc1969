"""One question for figures, and what its rows are."""

from dataclasses import dataclass

from flowyard.tracing.search.model import Search
from flowyard.wire.telemetry import Measure, Subject

Value = str | float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked over spans that began in ``[since_ns, until_ns)``; `grain_ns` None: no series. `search` is about each span itself.

    A span is grouped by its fields, or by ``score.<name>``: what the latest score of that name of its trace says, its label or its value.
    `only`: the groups that are wanted; None: those with the greatest first measure.
    """

    subject: Subject
    group_by: tuple[str, ...]
    measures: tuple[Measure, ...]
    since_ns: int
    until_ns: int
    grain_ns: int | None
    search: Search | None
    limit: int
    only: tuple[tuple[Value, ...], ...] | None = None


def cut(rows: list[tuple[Value, ...]], question: Question) -> tuple[list[tuple[Value, ...]], bool]:
    """Leave out the last group where one more came than was asked for, and say whether one did."""
    start = 0 if question.grain_ns is None else 1
    end = start + len(question.group_by)
    if not question.group_by:
        return rows, False
    groups = list(dict.fromkeys(row[start:end] for row in rows))
    if len(groups) <= question.limit:
        return rows, False
    kept = set(groups[: question.limit])
    return [row for row in rows if row[start:end] in kept], True


def nothing(question: Question, group: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    """Return the rows of a group that did not occur: one, or one a bucket."""
    values = tuple(None if name.startswith(("duration", "first_token", "error_rate")) else 0 for name in question.measures)
    grain = question.grain_ns
    if grain is None:
        return [(*group, *values)]
    buckets = range(question.since_ns // grain, (question.until_ns - 1) // grain + 1)
    return [(bucket * grain, *group, *values) for bucket in buckets]
