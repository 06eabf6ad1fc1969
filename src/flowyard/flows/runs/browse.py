"""Looking into a run's folder: its rows, one row with its nodes, metrics, log."""

from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from flowyard.flows.runs import judged
from flowyard.flows.runs.damage import reading
from flowyard.flows.runs.errors import RowNotFoundError
from flowyard.flows.runs.store import FILE, LineQuery, RunStore
from flowyard.flows.runs.withheld import Opens
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.runs import LineStatus, RunLineCounts, RunLineDetail, RunLinePage, RunLog, RunMetrics, Verdict

LARGEST_PAGE = 1000
#: The words by which rows are sorted, besides ``inputs.<name>`` and ``outputs.<name>``, and the column of each.
SORTS = {
    "line": "line", "variant": "variant", "status": "status", "duration": "duration_ns", "prompt_tokens": "prompt_tokens",
    "completion_tokens": "completion_tokens", "cost": "cost_micros",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which rows to show.

    Attributes:
        status: only these.
        verdict: only rows that passed, that did not, or of which nobody knows.
        score: the verdict on this score counts; None: that on the row, which its worst score decides.
        variant: only of this variant.
        text: only those in which this text occurs, whatever its case.
        sort: a word of `SORTS`, ``inputs.<name>`` or ``outputs.<name>``; with a hyphen before it, the largest first.
        cursor: what a page before this one gave.
        limit: how many at most.
    """

    status: LineStatus | None = None
    verdict: Verdict | None = None
    score: str | None = None
    variant: str | None = None
    text: str | None = None
    sort: str = "line"
    cursor: str | None = None
    limit: int = 100

    def query(self) -> LineQuery:
        """Return it in the store's terms.

        Raises:
            InvalidInputError: the sort or the cursor is none.
        """
        by = self.sort.removeprefix("-")
        if by not in SORTS and not by.startswith(("inputs.", "outputs.")):
            raise InvalidInputError(
                f"Rows cannot be sorted by {by!r}.",
                remedy=f"Sort by {', '.join(SORTS)}, inputs.<name> or outputs.<name>; -… the other way.",
            )
        return LineQuery(
            status=self.status,
            verdict=self.verdict,
            score=self.score,
            variant=self.variant,
            text=self.text,
            by=SORTS.get(by, by),
            descending=self.sort.startswith("-"),
            offset=offset_of(self.cursor),
            limit=min(max(self.limit, 1), LARGEST_PAGE),
        )


def offset_of(cursor: str | None) -> int:
    """Return where a page begins.

    Raises:
        InvalidInputError: the cursor is none of ours.
    """
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 12:
        raise InvalidInputError(f"{cursor[:100]!r} is no cursor.", remedy="Send the next_cursor of the page before.")
    return int(cursor)


def page_of_lines(folder: Path, where: LineFilter, opens: Opens = RunStore) -> RunLinePage:
    """Return rows of the run in `folder`.

    Raises:
        InvalidInputError: `where` asks for what there is not.
    """
    query = where.query()
    stamp = stamp_of(folder) if opens is RunStore else None
    with opens(folder) as store:
        withheld = store.withheld
        if stamp is None:
            items, total = tuple(store.lines(query)), store.count(query)
        else:
            found = _found(folder, stamp, replace(query, offset=0, limit=0))
            shown = found.keys(query.offset, query.limit)
            items, total = tuple(row for key in shown if (row := store.line(*key))), len(found.lines)
    following = query.offset + len(items)
    more = str(following) if items and following < total else None
    return RunLinePage(items=items, total=total, next_cursor=more, withheld=withheld)


def line_counts(folder: Path, variant: str | None = None, text: str | None = None, opens: Opens = RunStore) -> RunLineCounts:
    """Return how many rows of the run in `folder` completed, failed, and passed on each score."""
    query, stamp = LineQuery(variant=variant, text=text), stamp_of(folder) if opens is RunStore else None
    return _count(folder, query, opens) if stamp is None else _kept_count(folder, stamp, query)


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows that fit a query, in its order: lines, and for each the place of its variant in `variants`."""

    lines: Sequence[int]
    places: Sequence[int]
    variants: tuple[str, ...]

    def keys(self, offset: int, limit: int) -> list[tuple[int, str]]:
        part = slice(offset, offset + limit)
        return [(line, self.variants[place]) for line, place in zip(self.lines[part], self.places[part], strict=True)]


Stamp = tuple[int, int, int]
"""Of a run's file: its number on the disk, when it was changed, its size."""


def stamp_of(folder: Path) -> Stamp | None:
    """Return what tells the run's file from what it was before; None while it is written, or was and nobody tidied up."""
    if (folder / f"{FILE}-wal").exists():
        return None
    with suppress(FileNotFoundError):
        now = (folder / FILE).stat()
        return now.st_ino, now.st_mtime_ns, now.st_size
    return None


@lru_cache(maxsize=16)
def _found(folder: Path, _: Stamp, query: LineQuery) -> _Found:
    """Look for rows once: whoever scrolls through what was found gets its pages by their keys."""
    with RunStore(folder) as store:
        keys = store.keys(query)
    places = {variant: place for place, variant in enumerate(dict.fromkeys(variant for _, variant in keys))}
    with reading(folder):
        return _Found(array("q", (line for line, _ in keys)), array("H", (places[variant] for _, variant in keys)), tuple(places))


def _count(folder: Path, query: LineQuery, opens: Opens = RunStore) -> RunLineCounts:
    with opens(folder) as store, reading(folder):
        return judged.counted(store.results(query))


@lru_cache(maxsize=64)
def _kept_count(folder: Path, _: Stamp, query: LineQuery) -> RunLineCounts:
    return _count(folder, query)


def line_detail(folder: Path, line: int, variant: str = "", opens: Opens = RunStore) -> RunLineDetail:
    """Return one row with what each node did.

    Raises:
        RowNotFoundError: that row has not run.
    """
    with opens(folder) as store:
        row = store.line(line, variant)
        if row is None:
            of = f" of variant {variant!r}" if variant else ""
            raise RowNotFoundError(f"The run has no row {line}{of}.", remedy="Rows count from 0; a row is there once it has ended.")
        return RunLineDetail(row=row, nodes=tuple(record.result() for record in store.nodes(line, variant)))


def metrics_of(folder: Path) -> RunMetrics:
    """Return what the aggregation gave, for each variant."""
    with RunStore(folder) as store:
        return RunMetrics(variants=store.metrics())


def logs_of(folder: Path, tail: int = 200) -> tuple[RunLog, ...]:
    """Return the last lines of the run's log."""
    with RunStore(folder) as store:
        return tuple(store.logs(tail=tail))
