"""Figures out of roll-ups: segments that lie wholly within the period and share no span are not opened; of the others the rows count."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
import pyarrow.parquet
from numpy.typing import NDArray

from flowyard.foundation.clock import HOUR_NS
from flowyard.storage.objects import ObjectStoreError
from flowyard.storage.telemetry.columns import hexadecimal, join_tables
from flowyard.storage.telemetry.figures import COLUMNS, matching
from flowyard.storage.telemetry.model import Segment, Table
from flowyard.storage.telemetry.reading import Reader, Source
from flowyard.storage.telemetry.rollups import DIMENSIONS, NEEDED, Integers, Rollup, joined, quantiles, roll_up
from flowyard.tracing.questions import Question, Value
from flowyard.tracing.search.model import FIELDS, All, Not, Outside, Search, Term, Text
from flowyard.tracing.search.model import Any as AnyOf

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_pq: Any = pyarrow.parquet

#: Up to so many spans a period is scanned, and its percentiles are exact.
FEW_ROWS = 200_000
#: So many may be looked at one by one beside the roll-ups.
_MOST_LOOKED_AT = 1_000_000
_SHARES = {
    "duration_p50": 0.5,
    "duration_p90": 0.9,
    "duration_p95": 0.95,
    "duration_p99": 0.99,
    "first_token_p50": 0.5,
    "first_token_p95": 0.95,
}
_SUMS = {"count": "spans", "prompt_tokens": "prompt_tokens", "completion_tokens": "completion_tokens", "unpriced": "unpriced"}
_OTHERS = {"errors", "error_rate", "duration_avg", "duration_max", "tokens", "cost"}
_END_NS = (1 << 63) - 1
_CALLS = _pa.array(["llm", "embedding"])


def from_rollups(reader: Reader, source: Source, question: Question, *, few_rows: int) -> list[tuple[Value, ...]] | None:
    """Return the rows of the answer, as `FigureQueries.figures`; None: only the spans themselves can tell.

    Percentiles are at most 0.5 % off; all else is exact.
    """
    if sum(segment.rows for segment in source.segments) <= few_rows or not _answers(question):
        return None
    rollup = _rolled(reader, source, question)
    if rollup is None:
        return None
    rows = rollup.rows
    calls = _pc.is_in(rows["kind"], _CALLS)
    wanted = {"calls": calls, "requests": rows["request"], "spans": _pc.is_valid(rows["hour"])}[question.subject]
    if question.subject == "calls" and _pc.count_distinct(_pc.is_null(rows["service"].filter(calls))).as_py() > 1:
        return None  # some calls may have been reported twice, by the gateway and by the application
    mask = wanted.to_numpy(zero_copy_only=False)
    if question.search is not None:
        places = _pa.array(np.arange(rows.num_rows))
        condition, parameters = matching(question.search)
        found = reader.over(rows.append_column("place", places), f"SELECT place FROM given AS s WHERE {condition}", parameters)  # noqa: S608
        mask &= np.isin(places, found["place"])
    return _Answer(rollup, question, mask).rows()


def _answers(question: Question) -> bool:
    grain = question.grain_ns
    return (
        (grain is None or grain % HOUR_NS == 0)
        and all(COLUMNS.get(name) in DIMENSIONS for name in question.group_by)
        and all(name in _SHARES or name in _SUMS or name in _OTHERS for name in question.measures)
        and (question.search is None or _within_dimensions(question.search))
    )


def _within_dimensions(search: Search) -> bool:
    match search:
        case Term():
            field = FIELDS.get(search.field)
            return field is not None and field.scope != "trace" and field.column in DIMENSIONS
        case Text() | Outside():
            return False
        case Not():
            return _within_dimensions(search.what)
        case All() | AnyOf():
            return all(_within_dimensions(one) for one in search.of)


def _rolled(reader: Reader, source: Source, question: Question) -> Rollup | None:
    doubled = reader.sharing.doubled(source.segments, source.tail)
    if doubled is None:
        return None
    known: list[Rollup] = []
    cut: list[Segment] = []
    for segment in source.segments:
        whole = segment.min_start_ns >= question.since_ns and segment.max_start_ns < question.until_ns
        rollup = reader.digests.rollup(segment) if whole and segment.id not in doubled else None
        if rollup is not None:
            known.append(rollup)
        elif segment.id not in doubled:
            cut.append(segment)
    shared = [segment for segment in source.segments if segment.id in doubled]
    if sum(segment.rows for segment in (*cut, *shared)) > _MOST_LOOKED_AT:
        return None
    try:
        tables = [_within(_read(reader, segment, NEEDED[2:]), question) for segment in cut]
        tables.append(_once(_within(join_tables([source.tail, *(_read(reader, segment, NEEDED) for segment in shared)]), question)))
    except (OSError, ValueError, ObjectStoreError):
        return None  # a scan names what is missing or damaged
    rest = [rollup for table in tables if (rollup := roll_up(table)) is not None]
    return joined([*known, *rest]) if len(rest) == len(tables) else None


def _read(reader: Reader, segment: Segment, columns: Sequence[str]) -> Table:
    return join_tables([_pq.ParquetFile(reader.files.file(segment)).read(columns=list(columns))])


def _within(table: Table, question: Question) -> Table:
    """Return the spans of the period."""
    start = table["start_ns"]
    return table.filter(_pc.and_(_pc.greater_equal(start, question.since_ns), _pc.less(start, min(question.until_ns, _END_NS))))


def _once(table: Table) -> Table:
    """Return each span one time: the earlier of two."""
    traces, spans = table["trace_id"].combine_chunks(), table["span_id"].combine_chunks()
    halves = [hexadecimal(_pc.utf8_slice_codeunits(traces, start, start + 16)) for start in (0, 16)]
    keys = [*halves, hexadecimal(spans)]
    order = np.lexsort((table["start_ns"].to_numpy(), *keys))
    first = np.ones(len(order), np.bool_)
    first[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    return table if first.all() else table.take(_pa.array(order[first]))


class _Answer:
    """Computes the rows of an answer from those rows of a roll-up that `mask` chooses."""

    def __init__(self, rollup: Rollup, question: Question, mask: NDArray[np.bool_]) -> None:
        self._rollup = rollup
        self._question = question
        self._chosen = np.flatnonzero(mask)
        self._kept = rollup.rows.take(_pa.array(self._chosen))
        self._names = [self._kept[COLUMNS[name]].to_pylist() for name in question.group_by]

    def rows(self) -> list[tuple[Value, ...]]:
        """Return them in their order."""
        question = self._question
        hours: list[int] = self._kept["hour"].to_pylist()
        grain = question.grain_ns
        buckets: list[list[Value]] = [] if grain is None else [[hour // grain * grain for hour in hours]]
        if not question.group_by:
            found = self._table(buckets, question.measures)
            return [(*key, *values) for key, values in sorted(found.items(), key=lambda one: _ascending(one[0]))]
        top = {key: values[0] for key, values in self._table(self._names, question.measures[:1]).items()}
        if question.only is not None:
            top = {key: value for key, value in top.items() if key in set(question.only)}
        best = sorted(top, key=lambda key: (_descending(top[key]), _ascending(key)))[: question.limit + 1]
        place = {key: number for number, key in enumerate(best)}
        found = self._table([*buckets, *self._names], question.measures)
        rows = [(*key, *values) for key, values in found.items() if key[len(buckets) :] in place]
        end = len(buckets) + len(self._names)
        return sorted(rows, key=lambda row: (place[row[len(buckets) : end]], row[0] if buckets else 0))

    def _table(self, columns: Sequence[Sequence[Value]], measures: Sequence[str]) -> dict[tuple[Value, ...], tuple[Value, ...]]:
        """Return the measures by the values of `columns`; without any there is one group, even of no rows."""
        numbers: dict[tuple[Value, ...], int] = {} if columns else {(): 0}
        each = zip(*columns, strict=True) if columns else [()] * len(self._chosen)
        groups = np.array([numbers.setdefault(key, len(numbers)) for key in each], np.int64)
        values = [self._measure(name, groups, len(numbers)) for name in measures]
        return dict(zip(numbers, zip(*values, strict=True), strict=True))

    def _measure(self, name: str, groups: Integers, count: int) -> list[Value]:
        def total(column: str, only: NDArray[np.bool_] | None = None) -> list[int]:
            values = self._kept[column].to_numpy()
            return [int(value) for value in np.bincount(groups, weights=values if only is None else values * only, minlength=count)]

        if name in _SUMS:
            return [*total(_SUMS[name])]
        if name in _SHARES:
            of = np.full(self._rollup.rows.num_rows, -1)
            of[self._chosen] = groups
            marks = self._rollup.first_tokens if name.startswith("first_token") else self._rollup.durations
            return [None if value is None else value / 1e6 for value in quantiles(marks, of, count, _SHARES[name])]
        return self._other(name, groups, count, total)

    def _other(self, name: str, groups: Integers, count: int, total: Callable[..., list[int]]) -> list[Value]:
        spans = total("spans")
        if name == "tokens":
            return [a + b for a, b in zip(total("prompt_tokens"), total("completion_tokens"), strict=True)]
        if name == "cost":
            each = zip(total("cost_micros"), total("priced"), total("unpriced"), strict=True)
            return [None if unpriced and not priced else cost for cost, priced, unpriced in each]
        if name == "duration_max":
            longest = np.full(count, np.iinfo(np.int64).min)
            np.maximum.at(longest, groups, self._kept["longest"].to_numpy())
            return [int(value) / 1e6 if number else None for value, number in zip(longest, spans, strict=True)]
        if name == "duration_avg":
            return [value / number / 1e6 if number else None for value, number in zip(total("duration"), spans, strict=True)]
        errors = total("spans", _pc.fill_null(_pc.equal(self._kept["status"], "error"), False).to_numpy(zero_copy_only=False))
        if name == "errors":
            return [*errors]
        return [value / number if number else None for value, number in zip(errors, spans, strict=True)]


def _ascending(key: tuple[Value, ...]) -> tuple[tuple[bool, Value], ...]:
    """Return what sorts groups as the database does: nulls last."""
    return tuple((value is None, "" if value is None else value) for value in key)


def _descending(value: Value) -> tuple[bool, float]:
    return (True, 0.0) if value is None else (False, -float(value))
