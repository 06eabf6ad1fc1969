"""Answers questions about traces: lists, single ones, counts."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from flowyard.foundation.clock import HOUR_NS
from flowyard.storage.telemetry import statements
from flowyard.storage.telemetry.columns import of_trace, time_range
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.finding import Finding
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Segment
from flowyard.storage.telemetry.payloads import digest_of, make_whole
from flowyard.storage.telemetry.reading import FEW_ROWS, NARROW_ROWS, Reader, Row, Source
from flowyard.storage.telemetry.searching import about_root, uses_scores
from flowyard.storage.telemetry.segments import TraceKeys, trace_keys
from flowyard.storage.telemetry.tail import Tail
from flowyard.tracing.beginnings import LARGE_BYTES, short_attributes, short_events
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import CallCounts, Place, TraceFilter, TraceSummary
from flowyard.tracing.rows import COLUMNS, decode_row
from flowyard.tracing.search.model import Text
from flowyard.wire.traces import TraceOrder

# The first look of a list goes over about this many of the newest spans, each further one over as many times more.
WINDOW_ROWS = 5_000
_LEAST_GROWTH, _MOST_GROWTH, _SPARE = 4, 16, 1.3
END_NS = (1 << 63) - 1
# Bytes of a character in UTF-8, at most.
_WIDEST = 4
_TRACE_ID = re.compile(r"[0-9a-f]{32}")


class DuckQueries:
    """Implements `tracing.ports.TelemetryQueries`. Safe to use from many threads."""

    def __init__(self, manifest: Manifest, tail: Tail, files: SegmentFiles) -> None:
        self.reader = Reader(manifest, tail, files)

    def list_traces(self, workspace_id: str, where: TraceFilter, *, limit: int = 50, before_ns: int | None = None) -> list[TraceSummary]:
        """Return traces, newest start first, that began before `before_ns`; those that began when the last one did come with it."""
        since_ns = None if where.since_ns is None else max(-END_NS, where.since_ns)
        upper = min(END_NS if bound is None else bound - 1 for bound in (before_ns, where.until_ns))
        if limit < 1 or upper < -END_NS or (since_ns is not None and since_ns > upper):
            return []
        lowest = -END_NS if since_ns is None else since_ns - 1
        # A trace that began before the period is told by a root that stands in an earlier segment.
        source = self.reader.source(workspace_id, None if since_ns is None else since_ns - HOUR_NS)
        if uses_scores(where.whole()):
            source = replace(source, scores=self.reader.source(workspace_id, signal="scores"))
        within = [segment for segment in segments_near(source.segments, where, upper) if segment.max_start_ns > lowest]
        listed: list[TraceSummary] = []
        finding = Finding(self.reader, where.whole(), upper + margin(where))
        rare = finding.is_rare(source.only(within), lowest)
        looks = [(within, lowest)] if rare else windows(source.only(within), upper, lowest, lambda: len(listed) / limit)
        columns = statements.PLACES if all(isinstance(search, Text) for search in where.whole()) else None
        for segments, floor in looks:
            window = finding.within(source.only(segments), floor, columns)
            if window is not None:
                listed.extend(self._in_window(window, source, where, finding.names, (floor, upper), limit - len(listed)))
            if len(listed) >= limit:
                break
            upper = min(upper, floor)
        return listed

    def list_ordered(
        self, workspace_id: str, where: TraceFilter, order: TraceOrder, *, limit: int = 50, after: Place | None = None
    ) -> list[TraceSummary]:
        """Return traces in `order`, those that come after a place. It looks at all traces of the period: give one."""
        floor = -END_NS if where.since_ns is None else max(-END_NS, where.since_ns - 1)
        upper = END_NS if where.until_ns is None else min(END_NS, where.until_ns - 1)
        if limit < 1 or upper <= floor:
            return []
        # A trace that began before the period is told by a root that stands in an earlier segment.
        source = self.reader.source(workspace_id, None if where.since_ns is None else where.since_ns - HOUR_NS)
        if uses_scores(where.whole()):
            source = replace(source, scores=self.reader.source(workspace_id, signal="scores"))
        finding = Finding(self.reader, where.whole(), min(END_NS, upper + margin(where)))
        looked_up = finding.within(source, floor)
        if looked_up is None:
            return []
        query, parameters = statements.ordered(where, order, finding.names)
        place, name = after or (-END_NS - 1, "")
        parameters |= {"floor": floor, "upper": upper, "latest": min(END_NS, upper + margin(where)), "count": limit}
        rows = self.reader.fetch(looked_up, query, {**parameters, "place": place, "after": name})
        return self._summaries(source, rows) if rows else []

    def get_trace(self, workspace_id: str, trace_id: str, *, whole: bool = True) -> list[SpanRecord]:
        """Return all spans of a trace, earliest first; empty when there is none. Twice-delivered spans appear once."""
        if not _TRACE_ID.fullmatch(trace_id):
            return []
        source = self.reader.source(workspace_id)
        keys = trace_keys([trace_id])
        names, rows = self._of_trace(source, keys, trace_id)
        if not whole:
            return list(_records((names, [_short(names, row) for row in rows])).values())
        found = _records((names, rows))
        self._make_whole(source, keys, found.values())
        return list(found.values())

    def get_span(self, workspace_id: str, trace_id: str, span_id: str) -> SpanRecord | None:
        """Return a span with the whole of its large values; None: there is none."""
        if not _TRACE_ID.fullmatch(trace_id):
            return None
        source = self.reader.source(workspace_id)
        keys = trace_keys([trace_id])
        names, rows = self._of_trace(source, keys, trace_id)
        place = names.index("span_id")
        found = list(_records((names, [row for row in rows if row[place] == span_id])).values())
        self._make_whole(source, keys, found)
        return found[0] if found else None

    def _of_trace(self, source: Source, keys: TraceKeys, trace_id: str) -> tuple[list[str], list[Row]]:
        near = self.reader.of_traces(replace(source, tail=of_trace(source.tail, trace_id)), keys, COLUMNS)
        if near.segments:
            return self.reader.run(near, statements.TRACE, {"id": trace_id})
        # Its rows are here already: no query is as fast as that.
        rows = of_trace(near.tail, trace_id).sort_by([("start_ns", "ascending"), ("span_id", "ascending")])
        return rows.column_names, list(zip(*(column.to_pylist() for column in rows.columns), strict=True))

    def get_traces(self, workspace_id: str, trace_ids: Sequence[str]) -> dict[str, list[SpanRecord]]:
        """Return the spans of several traces, as `get_trace` does for one; those that are not there are left out."""
        valid = [trace_id for trace_id in trace_ids if _TRACE_ID.fullmatch(trace_id)]
        if not valid:
            return {}
        source, keys = self.reader.source(workspace_id), trace_keys(valid)
        near = source.only(self.reader.indexes.holding(source.segments, keys))
        records = _records(self.reader.run(near, statements.TRACES, {"ids": valid}))
        self._make_whole(near, keys, records.values())
        found: dict[str, list[SpanRecord]] = {}
        for (trace_id, _), record in records.items():
            found.setdefault(trace_id, []).append(record)
        return found

    def count_calls(self, workspace_id: str, since_ns: int) -> CallCounts:
        """Return the counts since then."""
        before_ns = since_ns - HOUR_NS
        source = self.reader.source(workspace_id, before_ns)
        (row,) = self.reader.fetch(source, statements.COUNTS, {"since_ns": since_ns, "before_ns": before_ns})
        return CallCounts(requests=row[0], errors=row[1], tokens=row[2])

    def close(self) -> None:
        """Let the database go; a later question opens it again."""
        self.reader.close()

    def _make_whole(self, source: Source, keys: TraceKeys, records: Iterable[SpanRecord]) -> None:
        make_whole(self.reader.files, lambda: self.reader.indexes.holding(source.segments, keys), records)

    def _in_window(
        self, window: Source, source: Source, where: TraceFilter, names: Mapping[Text, str], bounds: tuple[int, int], wanted: int
    ) -> list[TraceSummary]:
        query, parameters = statements.candidates(where, names)
        count = wanted * 2 + 10
        parameters |= {"floor": bounds[0], "upper": bounds[1], "latest": bounds[1] + margin(where), "count": count}
        found: list[TraceSummary] = []
        skip = 0
        while True:
            rows = self.reader.fetch(window, query, {**parameters, "skip": skip})
            found.extend(self._confirm(source, where, dict(rows)))
            skip += count
            if len(rows) < count or len(found) > wanted:
                return _cut(found, wanted)

    def _confirm(self, source: Source, where: TraceFilter, starts: dict[str, int]) -> list[TraceSummary]:
        """Return the summaries of those traces that match as a whole and begin where the window says they do."""
        if not starts:
            return []
        earliest = min(starts.values()) - HOUR_NS
        near = [segment for segment in source.segments if segment.max_start_ns >= earliest]
        columns, most_rows = (COLUMNS, FEW_ROWS) if about_root(where.whole()) else (statements.NARROW, NARROW_ROWS)
        holding = self.reader.of_traces(source.only(near), trace_keys(starts), columns, most_rows=most_rows)
        query, parameters = statements.summaries(where)
        rows = self.reader.fetch(holding, query, {**parameters, "ids": list(starts)})
        rows = sorted((row for row in rows if starts[row[0]] == row[2]), key=lambda row: (-row[2], row[0]))
        return self._summaries(source.only(near), rows) if rows else []

    def _summaries(self, source: Source, rows: list[Row]) -> list[TraceSummary]:
        """Return the summaries of rows, with the records of their roots and what is shown of them."""
        source = self.reader.of_traces(source, trace_keys([row[0] for row in rows]), COLUMNS)
        ids: statements.Parameters = {
            "ids": [row[0] for row in rows],
            "span_ids": [span_id for row in rows for span_id in (row[1], row[12]) if span_id],
        }
        records = _records(self.reader.run(source, statements.RECORDS, ids))
        return [_summary(row, records) for row in rows]


def margin(where: TraceFilter) -> int:
    """Return how long after a trace's start a span of it can be of interest, in nanoseconds.

    With conditions that any span may fulfil that is a day, otherwise an hour (for clocks that differ).
    """
    return (24 if where.whole() else 1) * HOUR_NS


def segments_near(segments: list[Segment], where: TraceFilter, upper: int) -> list[Segment]:
    """Leave out segments that begin so long after `upper` that no trace of interest can have a span there."""
    latest = upper + margin(where)
    return [segment for segment in segments if segment.min_start_ns <= latest]


def windows(
    source: Source, upper: int, lowest: int, share: Callable[[], float], first_rows: int | None = None
) -> Iterator[tuple[list[Segment], int]]:
    """Yield ever more of the newest segments, each time with a floor: every span that began after it is in them, or in the tail.

    The first look goes over about `first_rows` of the newest spans.
    `share` tells how much of what is wanted was found so far: by that the next look is wide enough for all of it.
    Where a look would take in many more spans than it wants, as if they had come evenly over time the floor is put higher.
    """
    segments = source.segments
    extents = [(segment.rows, segment.min_start_ns, segment.max_start_ns) for segment in segments]
    rows, oldest, newest = (source.tail.num_rows, *time_range(source.tail)) if source.tail.num_rows else (0, END_NS, -END_NS)
    wanted, taken = first_rows or WINDOW_ROWS, 0
    while True:
        while taken < len(segments) and rows < wanted:
            rows, oldest, newest = rows + extents[taken][0], min(oldest, extents[taken][1]), max(newest, extents[taken][2])
            taken += 1
        floor = max(segments[taken].max_start_ns, lowest) if taken < len(segments) else lowest
        top, bottom = min(upper, newest), max(oldest - 1, floor)
        guess = top - (top - bottom) * wanted // rows if rows > 2 * wanted else floor
        yield segments[:taken], max(guess, floor)
        if guess <= floor and taken == len(segments):
            return
        found = share()
        wanted = int(wanted * min(max(_LEAST_GROWTH, _SPARE / found), _MOST_GROWTH)) if found else wanted * _MOST_GROWTH


def _cut(found: list[TraceSummary], wanted: int) -> list[TraceSummary]:
    """Cut after `wanted`, but never between traces that began at the same moment: the next page begins before that moment."""
    end = wanted
    while 0 < end < len(found) and found[end].root.start_ns == found[end - 1].root.start_ns:
        end += 1
    return found[:end]


def _short(names: list[str], row: Row) -> Row:
    """Return a row of the tail as it will stand in a segment: with the beginnings of large values."""
    values = list(row)
    for name, shorten in (("attributes", short_attributes), ("events", short_events)):
        place = names.index(name)
        if row[place] is not None and len(row[place]) > LARGE_BYTES // _WIDEST:
            values[place] = shorten(row[place].encode(), digest_of)
    return tuple(values)


def _records(answer: tuple[list[str], list[Row]]) -> dict[tuple[str, str], SpanRecord]:
    """Return each span once, by its trace and its id, in the order of the rows."""
    names, rows = answer
    found: dict[tuple[str, str], SpanRecord] = {}
    for row in rows:
        values = dict(zip(names, row, strict=True))
        key = (values["trace_id"], values["span_id"])
        if key not in found:
            found[key] = decode_row(values)
    return found


def _summary(row: Row, records: dict[tuple[str, str], SpanRecord]) -> TraceSummary:
    trace_id, span_id, _, duration_ns, status, spans, prompt_tokens, completion_tokens, cost, unpriced, currencies, models, shown = row
    money: Iterable[str] = currencies or ["USD"]
    return TraceSummary(
        root=records[trace_id, span_id],
        spans=spans,
        status=status,
        duration_ns=duration_ns,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        cost_micros=None if unpriced or len(list(money)) > 1 else cost,
        currency=next(iter(money)),
        models=tuple(models or ()),
        shown=records.get((trace_id, shown)),
    )
