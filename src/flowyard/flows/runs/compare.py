"""Runs, or the variants of one, side by side: row by row, and metric by metric with how sure a difference is."""

import math
from array import array
from bisect import bisect_left
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from flowyard.flows.runs.browse import LARGEST_PAGE, Stamp, offset_of, stamp_of
from flowyard.flows.runs.columns import columns_of, numbers_in
from flowyard.flows.runs.damage import reading
from flowyard.flows.runs.describe import describe
from flowyard.flows.runs.intervals import deviation_of, paired_interval, rows_needed
from flowyard.flows.runs.metric_parts import metric_parts, score_parts
from flowyard.flows.runs.store import LineQuery, RunStore
from flowyard.flows.runs.verdicts import sentences, usual_least
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.runs import ComparedLine, ComparedName, ComparedSide, ComparedValue, Run, RunComparison, RunLine
from flowyard.wire.shared import Money

MOST_RUNS = 10
MOST_SIDES = 20
#: So many bins a score has, unless its values are few whole numbers.
_BINS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareFilter:
    """Which rows to show side by side, and what to look for.

    Attributes:
        changed: only rows whose outputs or status differ between sides that both have them.
        least: the difference of a score that matters, in its unit, for the count of rows needed to see it; None: `usual_least`.
        cursor: what a page before this one gave.
        limit: how many rows at most.
    """

    changed: bool = False
    least: float | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(slots=True)
class _Side:
    run: Run
    variant: str
    label: str
    store: RunStore
    outcomes: dict[int, int] = field(default_factory=dict[int, int])
    scores: dict[str, dict[int, float]] = field(default_factory=dict[str, dict[int, float]])

    def read(self) -> None:
        """Go over all rows once."""
        with reading(self.store.folder):
            for some in self.store.results(LineQuery(variant=self.variant)):
                lines = [line for line, _, _ in some]
                self.outcomes.update(zip(lines, (hash((status, outputs)) for _, status, outputs in some), strict=True))
                for name, values in columns_of([outputs for _, _, outputs in some]).items():
                    if numbers := numbers_in(lines, values):
                        self.scores.setdefault(name, {}).update(numbers)

    def wire(self) -> ComparedSide:
        tally = self.store.tally(variant=self.variant)
        rows = tally.completed + tally.failed
        return ComparedSide(
            label=self.label,
            run=self.run.name,
            variant=self.variant,
            status=self.run.status,
            completed=tally.completed,
            failed=tally.failed,
            prompt_tokens=tally.prompt_tokens,
            completion_tokens=tally.completion_tokens,
            cost=None if tally.cost_micros is None else Money(micros=str(tally.cost_micros)),
            mean_duration_ms=tally.duration_ns / 1e6 / rows if rows else None,
        )


def compare(folders: Mapping[str, Path], where: CompareFilter) -> RunComparison:
    """Compare runs: every variant of every run is a side, and the first one is what the others are compared with.

    Args:
        folders: the folder of each run, by the run's name.
        where: which rows to show.

    Raises:
        InvalidInputError: there are none, or too many, or the least difference is none.
    """
    if where.least is not None and not (where.least > 0 and math.isfinite(where.least)):
        raise InvalidInputError("The least difference has to be above 0.", remedy="Say for instance 0.02: two points of a share.")
    if not 1 <= len(folders) <= MOST_RUNS:
        raise InvalidInputError(f"{len(folders)} runs cannot be compared.", remedy=f"Name 1 to {MOST_RUNS} runs.")
    paths = tuple(folders.values())
    stamps = tuple(stamp for path in paths if (stamp := stamp_of(path)) is not None)
    whole = _kept_whole(paths, stamps, where.least) if len(stamps) == len(paths) else _whole(paths, where.least)
    numbers = whole.changed if where.changed else whole.every
    start = offset_of(where.cursor)
    shown = numbers[start : start + min(max(where.limit, 1), LARGEST_PAGE)]
    following = start + len(shown)
    with _opened(paths) as sides:
        lines = tuple(_line(line, [side.store.line(line, side.variant) for side in sides]) for line in shown)
    more = str(following) if shown and following < len(numbers) else None
    return replace(whole.found, lines=lines, total=len(numbers), next_cursor=more)


@dataclass(frozen=True, slots=True)
class _Whole:
    """What all rows together show, and which rows there are: `every` one, and those that `changed`."""

    found: RunComparison
    every: Sequence[int]
    changed: Sequence[int]


def _whole(paths: tuple[Path, ...], least: float | None) -> _Whole:
    with _opened(paths) as sides:
        for side in sides:
            side.read()
        every = sorted(set[int]().union(*(side.outcomes for side in sides)))
        changed = [line for line in every if len({side.outcomes[line] for side in sides if line in side.outcomes}) > 1]
        shown, scores, metrics = tuple(side.wire() for side in sides), tuple(_scores(sides, least)), tuple(_metrics(sides))
        words = sentences(shown, scores, len(changed), len(every))
    found = RunComparison(sides=shown, metrics=metrics, scores=scores, lines=(), total=len(every), sentences=words)
    return _Whole(found, array("q", every), array("q", changed))


@lru_cache(maxsize=8)
def _kept_whole(paths: tuple[Path, ...], _: tuple[Stamp, ...], least: float | None) -> _Whole:
    """Go over all rows once: whoever scrolls through a comparison gets its pages by their numbers."""
    return _whole(paths, least)


@contextmanager
def _opened(paths: tuple[Path, ...]) -> Generator[list[_Side]]:
    with ExitStack() as stack:
        sides = [side for path in paths for side in _sides(stack.enter_context(RunStore(path)), several=len(paths) > 1)]
        if len(sides) > MOST_SIDES:
            raise InvalidInputError(f"These runs have {len(sides)} variants in all.", remedy=f"Compare at most {MOST_SIDES} at once.")
        yield sides


def _sides(store: RunStore, *, several: bool) -> list[_Side]:
    run = describe(store)
    variants = run.variants or store.variants()
    return [_Side(run, variant, f"{run.name} {variant}".strip() if several else variant or run.name, store) for variant in variants]


def _line(line: int, rows: Sequence[RunLine | None]) -> ComparedLine:
    inputs = next((row.inputs for row in rows if row is not None), dict[str, Any]())
    return ComparedLine(line=line, inputs=inputs, sides=tuple(rows))


def _metrics(sides: list[_Side]) -> list[ComparedName]:
    first, *others = (side.store.metrics().get(side.variant, {}) for side in sides)
    names = sorted(set[str](first).union(*others))
    parts = metric_parts(names)
    return [
        ComparedName(
            name=name,
            parts=parts.get(name),
            values=(ComparedValue(value=first.get(name)), *(_metric(first.get(name), metrics.get(name)) for metrics in others)),
        )
        for name in names
    ]


def _metric(first: Any, value: Any) -> ComparedValue:
    return ComparedValue(value=value, difference=value - first if _number(first) and _number(value) else None)


def _scores(sides: list[_Side], least: float | None) -> list[ComparedName]:
    names = sorted(set[str]().union(*(side.scores for side in sides)))
    parts = score_parts(names)
    return [replace(_compared(name, sides, least), parts=parts.get(name)) for name in names]


def _compared(name: str, sides: list[_Side], asked: float | None) -> ComparedName:
    ordered = [sorted(side.scores.get(name, {}).values()) for side in sides]
    low, high = min(values[0] for values in ordered if values), max(values[-1] for values in ordered if values)
    edges = _edges(low, high, whole=all(map(float.is_integer, chain.from_iterable(ordered))))
    least = asked if asked is not None else usual_least(low, high)
    found = (_score(name, sides[0], side, least) for side in sides)
    values = tuple(replace(value, counts=_counts(seen, edges)) for value, seen in zip(found, ordered, strict=True))
    return ComparedName(name=name, values=values, edges=edges, share=0 <= low <= high <= 1, least_difference=least)


def _edges(low: float, high: float, *, whole: bool) -> tuple[float, ...]:
    """Return the bounds of bins of equal width for values from `low` to `high`, which are all `whole` numbers or not."""
    if not math.isfinite(high - low):
        return ()
    if high - low < _BINS and whole:
        return tuple(low - 0.5 + step for step in range(int(high - low) + 2))
    if low == high:
        return (low, high)
    return (*(low + (high - low) * step / _BINS for step in range(_BINS)), high)


def _counts(ordered: Sequence[float], edges: tuple[float, ...]) -> tuple[int, ...]:
    """Return how many of the `ordered` values are in each bin; the last has its upper bound in it."""
    below = [bisect_left(ordered, edge) for edge in edges[:-1]]
    return tuple(end - begin for begin, end in pairwise([*below, len(ordered)]))


def _score(name: str, first: _Side, side: _Side, least: float | None) -> ComparedValue:
    mine, base = side.scores.get(name, {}), first.scores.get(name, {})
    if not mine:
        return ComparedValue()
    mean = sum(mine.values()) / len(mine)
    if side is first:
        return ComparedValue(value=mean, n=len(mine))
    differences = [value - base[line] for line, value in mine.items() if line in base]
    found = paired_interval(differences)
    if found is None:
        return ComparedValue(value=mean, n=0)
    if found.n == 1:  # which says nothing of how differences spread
        return ComparedValue(value=mean, difference=found.mean, n=1)
    is_open = least is not None and found.low <= 0 <= found.high
    return ComparedValue(
        value=mean,
        difference=found.mean,
        low=found.low,
        high=found.high,
        n=found.n,
        method=found.method,
        rows_needed=rows_needed(deviation_of(differences, found.mean), least) if is_open and least is not None else None,
    )


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
