"""Spans that come late, out of order, twice, without parents, from clocks that differ: the answers are those of a plain model."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from flowyard.foundation.clock import now_ns
from flowyard.storage.schema import telemetry_segments, telemetry_spools
from flowyard.storage.telemetry.asking import StoredFigures
from flowyard.storage.telemetry.compaction import Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.questions import Question
from support.spans import START_NS, make_span, spool, trace_id

SECOND, MINUTE, DAY = 10**9, 60 * 10**9, 24 * 3600 * 10**9
TRACES = (1, 2, 3)


@dataclass(frozen=True)
class Arrival:
    """What comes at one time, and what happens then."""

    spans: tuple[SpanRecord, ...]
    then: str


@st.composite
def trees(draw: st.DrawFn) -> list[SpanRecord]:
    """Spans of some traces. A span's clock may be off by minutes, so that it begins before its parent; a parent may be missing."""
    made: list[SpanRecord] = []
    for trace in TRACES:
        for number in range(1, draw(st.integers(1, 5)) + 1):
            parent = draw(st.sampled_from([None, *range(1, number), 9])) if number > 1 else draw(st.sampled_from([None, None, 9]))
            off = draw(st.sampled_from([0, 0, 0, -3 * MINUTE, 3 * MINUTE]))
            call: dict[str, Any] = {"kind": "llm", "model": draw(st.sampled_from(["m", "n"])), "prompt_tokens": number, "cost_micros": 1}
            fields: dict[str, Any] = {"kind": "http"} if number == 1 else call
            start_ns = START_NS + trace * MINUTE + number * SECOND + off
            status = draw(st.sampled_from(["ok", "ok", "error"]))
            made.append(make_span(trace, number, parent, start_ns=start_ns, duration_ns=SECOND, status=status, **fields))
    return made


@st.composite
def arrivals(draw: st.DrawFn) -> list[Arrival]:
    """The spans of trees in any order, some twice, in parts; after each part a segment is written, or those there are put together."""
    spans = draw(trees().flatmap(st.permutations))
    spans = [*spans, *draw(st.lists(st.sampled_from(spans), max_size=4))]
    found: list[Arrival] = []
    while spans:
        size = draw(st.integers(1, len(spans)))
        found.append(Arrival(tuple(spans[:size]), draw(st.sampled_from(["stay", "roll", "compact", "restart"]))))
        spans = spans[size:]
    return found


def root_of(spans: list[SpanRecord]) -> SpanRecord:
    """The earliest span whose parent is none of the trace's."""
    known = {span.span_id for span in spans}
    return min((span for span in spans if span.parent_id not in known), key=lambda span: (span.start_ns, span.span_id))


class Truth:
    """What has come, each span once."""

    def __init__(self) -> None:
        self.traces: dict[str, dict[str, SpanRecord]] = defaultdict(dict)

    def add(self, span: SpanRecord) -> None:
        self.traces[span.trace_id].setdefault(span.span_id, span)

    def spans(self, trace: int) -> list[SpanRecord]:
        return sorted(self.traces[trace_id(trace)].values(), key=lambda span: (span.start_ns, span.span_id))

    def listed(self) -> list[tuple[Any, ...]]:
        """Each trace: its root, how many spans it has, how it ended, from the first start to the last end, tokens and costs."""
        found: list[tuple[Any, ...]] = []
        for trace in TRACES:
            spans = self.spans(trace)
            if spans:
                root = root_of(spans)
                calls = [span for span in spans if span.kind == "llm"]
                tokens, cost = sum(span.prompt_tokens or 0 for span in calls), sum(span.cost_micros or 0 for span in calls)
                found.append((root.start_ns, root.trace_id, root.span_id, len(spans), tokens, cost))
        return sorted(found, key=lambda one: (-one[0], one[1]))

    def by_model(self) -> list[tuple[Any, ...]]:
        calls = [span for spans in self.traces.values() for span in spans.values() if span.kind == "llm"]
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for span in calls:
            counts = found[span.model or ""]
            counts[0] += 1
            counts[1] += span.prompt_tokens or 0
            counts[2] += span.status == "error"
        return sorted((model, *counts) for model, counts in found.items())


class Store:
    """A store that may be started again."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder, self._engine = folder, engine
        self._files = SegmentFiles(folder / "segments")
        self.start()

    def start(self) -> None:
        self.indexer = Indexer(self._engine, self._folder / "spools", self._files, default_workspace="w1")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, self._files)

    def take(self, arrival: Arrival) -> None:
        spool(self._folder / "spools", arrival.spans)
        self.indexer.step()
        if arrival.then == "stay":
            return
        if arrival.then == "restart":
            self.queries.close()
            self.start()
            self.indexer.step()
            return
        self.indexer.roll()
        if arrival.then == "compact":
            upkeep = Upkeep(self.indexer.manifest, self._files, grace_s=0)
            upkeep.compact(now_ns() + DAY)
            upkeep.clear()

    def listed(self) -> list[tuple[Any, ...]]:
        return [
            (one.root.start_ns, one.root.trace_id, one.root.span_id, one.spans, one.prompt_tokens, one.cost_micros)
            for one in self.queries.list_traces("w1", TraceFilter())
        ]

    def by_model(self) -> list[tuple[Any, ...]]:
        question = Question(
            subject="calls", group_by=("model",), measures=("count", "prompt_tokens", "errors"), grain_ns=None, search=None, limit=10,
            since_ns=START_NS - DAY, until_ns=START_NS + DAY,
        )  # fmt: skip
        return sorted(StoredFigures(self.queries.reader).figures("w1", question)[0])


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    """Yield folders, another for each example."""
    return (tmp_path / str(number) for number in range(100_000))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(coming=arrivals())
def test_answers_are_those_of_the_truth_after_every_arrival(places: Iterator[Path], sqlite: Engine, coming: list[Arrival]) -> None:
    with sqlite.begin() as connection:
        connection.execute(delete(telemetry_segments))
        connection.execute(delete(telemetry_spools))
    store, truth = Store(next(places), sqlite), Truth()
    for arrival in coming:
        store.take(arrival)
        for span in arrival.spans:
            truth.add(span)
        assert store.listed() == truth.listed()
        assert store.by_model() == truth.by_model()
        for trace in TRACES:
            assert store.queries.get_trace("w1", trace_id(trace)) == truth.spans(trace)
    store.queries.close()
