import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from flowyard.storage.schema import telemetry_segments, telemetry_spools
from flowyard.storage.telemetry import queries as queries_module
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import Place, TraceFilter, TraceSummary, place_of
from flowyard.tracing.service import summarise
from flowyard.wire.traces import TraceOrder
from support.spans import START_NS, make_span, spool, trace_id


class Store:
    """Spools, indexer and queries; `put` brings spans in, and rolls them into a segment when told to."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.spools, self.segments = folder / "spools", folder / "segments"
        self.indexer = Indexer(engine, self.spools, SegmentFiles(self.segments), default_workspace="w0")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, SegmentFiles(self.segments))

    def put(self, *records: SpanRecord, roll: bool = False) -> None:
        spool(self.spools, records)
        self.indexer.step()
        if roll:
            self.indexer.roll()

    def names(self, where: TraceFilter | None = None, **options: Any) -> list[str]:
        return [summary.root.name for summary in self.queries.list_traces("w1", where or TraceFilter(), **options)]


@pytest.fixture
def store(tmp_path: Path, sqlite: Engine) -> Iterator[Store]:
    opened = Store(tmp_path, sqlite)
    yield opened
    opened.queries.close()


def trace(number: int, **root: Any) -> list[SpanRecord]:
    """A request: http above flow above a model call."""
    return [
        make_span(number, 1, **{"name": f"t{number}", "kind": "http", "endpoint": "support", **root}),
        make_span(number, 2, 1, kind="flow", flow="f", attributes={"flowyard.input": {"question": f"Where is parcel {number}?"}}),
        make_span(number, 3, 2, kind="llm", model="m", prompt_tokens=10, completion_tokens=number, cost_micros=7),
    ]


def test_traces_come_newest_first_in_pages(store: Store) -> None:
    for number in range(1, 8):
        store.put(*trace(number), roll=number % 3 == 0)
    assert store.names() == [f"t{number}" for number in range(7, 0, -1)]
    assert store.names(limit=2) == ["t7", "t6"]
    assert store.names(limit=2, before_ns=START_NS + 6 * 10**9 + 10**6) == ["t5", "t4"]
    assert store.names(limit=0) == []


def test_traces_of_one_moment_are_on_one_page(store: Store) -> None:
    store.put(*(make_span(number, 1, name=f"t{number}", start_ns=START_NS + number // 4) for number in range(8)))
    assert sorted(store.names(limit=2)) == ["t4", "t5", "t6", "t7"]
    assert sorted(store.names(limit=2, before_ns=START_NS + 1)) == ["t0", "t1", "t2", "t3"]


def test_a_summary_is_of_the_whole_trace_wherever_its_spans_are(store: Store) -> None:
    http, flow, llm = trace(5)
    store.put(llm, roll=True)
    store.put(flow, roll=True)
    store.put(http)
    (summary,) = store.queries.list_traces("w1", TraceFilter())
    assert summary == summarise([http, flow, llm])
    assert summary.shown == flow


FILTERS = [
    (TraceFilter(status=("error",)), {2}),
    (TraceFilter(status=("ok",)), {1, 3, 4}),
    (TraceFilter(kind=("http",)), {1, 2, 4}),
    (TraceFilter(kind=("flow",)), {3}),
    (TraceFilter(model=("big",)), {4}),
    (TraceFilter(endpoint=("support",)), {1, 2}),
    (TraceFilter(flow=("f",)), {1, 2, 3, 4}),
    (TraceFilter(flow=("g",)), set()),
    (TraceFilter(text="PARCEL 2"), {2}),
    (TraceFilter(text="T4"), {4}),
    (TraceFilter(text='say "hi"'), {1}),
    (TraceFilter(text="two\nlines"), {1}),
    (TraceFilter(text="grüße"), {1}),
    (TraceFilter(text="flowyard.input"), set()),
    (TraceFilter(text="secret header"), set()),
    (TraceFilter(text="%"), set()),
    (TraceFilter(text="parcel", endpoint=("support",), status=("ok",)), {1}),
    (TraceFilter(since_ns=START_NS + 3 * 10**9), {3, 4}),
    (TraceFilter(until_ns=START_NS + 3 * 10**9), {1, 2}),
    (TraceFilter(since_ns=START_NS + 2 * 10**9, until_ns=START_NS + 3 * 10**9), {2}),
]


@pytest.mark.parametrize("later_first", [True, False])
def test_a_span_that_is_sent_again_with_another_time_is_listed_once_and_pages_end(store: Store, later_first: bool) -> None:
    for later in (later_first, not later_first):
        for number in (1, 2, 3):
            store.put(make_span(number, 1, start_ns=START_NS + number + (100 if later else 0)), roll=True)
    assert [summary.root.start_ns - START_NS for summary in store.queries.list_traces("w1", TraceFilter())] == [3, 2, 1]
    before: int | None = None
    for expected in ([3], [2], [1], []):
        page = store.queries.list_traces("w1", TraceFilter(), limit=1, before_ns=before)
        assert [summary.root.start_ns - START_NS for summary in page] == expected
        before = page[-1].root.start_ns if page else before


def test_a_trace_that_began_before_the_period_in_an_earlier_segment_is_not_in_it(store: Store) -> None:
    store.put(make_span(1, 2, start_ns=START_NS), roll=True)
    store.put(make_span(1, 1, start_ns=START_NS + 1), roll=True)
    assert store.names(TraceFilter(since_ns=START_NS + 1)) == []
    assert len(store.names(TraceFilter(since_ns=START_NS))) == 1


@pytest.mark.parametrize("rolled", [False, True])
def test_filters(store: Store, rolled: bool) -> None:
    messages = [{"role": "assistant", "content": 'say "hi"\nin two\nlines, Grüße'}]
    store.put(
        *trace(1),
        make_span(1, 9, 2, kind="llm", attributes={"gen_ai.output.messages": messages, "other": "secret header"}),
        *trace(2, status="error"),
        *trace(3, kind="flow", endpoint=None),
        *trace(4, endpoint="other"),
        make_span(4, 9, 2, kind="llm", model="big", status="error"),
        roll=rolled,
    )
    for where, expected in FILTERS:
        assert store.names(where) == [f"t{number}" for number in sorted(expected, reverse=True)], where


def test_counts_are_of_root_calls_and_all_their_tokens(store: Store) -> None:
    since = START_NS + 2 * 10**9
    store.put(*trace(1), *trace(2, status="error"), roll=True)
    store.put(*trace(3), *trace(4, kind="flow", endpoint=None), make_span(5, 1, kind="llm", model="m", prompt_tokens=1))
    counts = store.queries.count_calls("w1", since)
    assert (counts.requests, counts.errors, counts.tokens) == (3, 1, (10 + 2) + (10 + 3) + 1)
    # The request of trace 2 began before: what it called is no root call of its own.
    assert store.queries.count_calls("w1", since + 1_500_000).requests == 2
    assert store.queries.count_calls("w9", 0) == type(counts)(requests=0, errors=0, tokens=0)


def test_a_segment_that_is_missing_or_damaged_is_named_and_the_others_answer(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    for number in (1, 2, 3):
        store.put(*trace(number), roll=True)
    paths = sorted(store.segments.rglob("*.parquet"))
    paths[0].unlink()
    paths[1].write_bytes(b"PAR1 no more")
    with caplog.at_level(logging.ERROR):
        assert store.names() == ["t3"]
    assert paths[0].name in caplog.text
    assert paths[1].name in caplog.text
    assert store.queries.get_trace("w1", trace_id(1)) == []
    assert len(store.queries.get_trace("w1", trace_id(3))) == 3


def test_a_segment_whose_index_is_gone_is_read_all_the_same(store: Store) -> None:
    store.put(*trace(1), roll=True)
    for path in store.segments.rglob("*.npy"):
        path.unlink()
    assert len(store.queries.get_trace("w1", trace_id(1))) == 3


@pytest.mark.parametrize("name", ["", "x" * 32, "' OR 1=1 --", trace_id(1)[:-1], trace_id(1) + "0", "é" * 32])
def test_a_trace_id_that_is_none_finds_nothing(store: Store, name: str) -> None:
    store.put(*trace(1), roll=True)
    assert store.queries.get_trace("w1", name) == []


def test_questions_of_many_threads_do_not_mix(store: Store) -> None:
    for number in range(1, 5):
        store.put(*trace(number), *(make_span(number, 1, workspace_id="w2", name=f"other{number}"),), roll=number < 3)
    wrong: list[object] = []

    def ask(workspace: str, prefix: str) -> None:
        for _ in range(10):
            names = [summary.root.name for summary in store.queries.list_traces(workspace, TraceFilter())]
            if names != [f"{prefix}{number}" for number in (4, 3, 2, 1)]:
                wrong.append(names)

    threads = [threading.Thread(target=ask, args=args) for args in (("w1", "t"), ("w2", "other"), ("w1", "t"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


spans = st.builds(
    lambda trace, number, parent, fields: make_span(trace, number, parent, **fields),
    st.integers(1, 5),
    st.integers(1, 6),
    st.none() | st.integers(1, 6),
    st.fixed_dictionaries(
        {
            "workspace_id": st.sampled_from(["w1", "w2"]),
            "name": st.sampled_from(["alpha", "beta"]),
            "kind": st.sampled_from(["http", "flow", "llm", "node"]),
            "status": st.sampled_from(["ok", "error"]),
            "start_ns": st.integers(START_NS, START_NS + 30),
        },
        optional={
            "model": st.sampled_from(["m", "n"]),
            "endpoint": st.sampled_from(["e", "f"]),
            "prompt_tokens": st.integers(0, 9),
            "cost_micros": st.integers(0, 9),
            "currency": st.sampled_from(["USD", "EUR"]),
            "service": st.just("app"),
            "attributes": st.sampled_from([{"flowyard.input": "gamma"}, {"flowyard.output": {"x": ["delta"]}}]),
        },
    ),
)
filters = st.builds(
    TraceFilter,
    status=st.sampled_from([(), ("ok",), ("error",), ("error", "ok")]),
    kind=st.sampled_from([(), ("http",), ("llm",), ("llm", "http")]),
    model=st.sampled_from([(), ("m",), ("m", "other")]),
    endpoint=st.sampled_from([(), ("e",), ("other", "e")]),
    text=st.none() | st.sampled_from(["ALPHA", "gamma", "delta"]),
    since_ns=st.none() | st.integers(START_NS, START_NS + 30),
    until_ns=st.none() | st.integers(START_NS, START_NS + 30),
)


def expected(records: list[SpanRecord], workspace: str, where: TraceFilter) -> list[TraceSummary]:
    """What a list over all rows would be, by the definitions of the port alone."""
    traces: dict[str, dict[str, SpanRecord]] = {}
    for record in records:
        if record.workspace_id == workspace:
            traces.setdefault(record.trace_id, {}).setdefault(record.span_id, record)
    found = [summarise(list(of_trace.values())) for of_trace in traces.values() if has(list(of_trace.values()), where)]
    kept = [summary for summary in found if fits(summary.root, where)]
    return sorted(kept, key=lambda summary: (-summary.root.start_ns, summary.root.trace_id))


def has(records: list[SpanRecord], where: TraceFilter) -> bool:
    return (
        (not where.model or any(record.model in where.model for record in records))
        and (not where.endpoint or any(record.endpoint in where.endpoint for record in records))
        and (where.text is None or any(where.text.lower() in f"{record.name} {record.attributes}".lower() for record in records))
    )


def fits(root: SpanRecord, where: TraceFilter) -> bool:
    return (
        (not where.status or root.status in where.status)
        and (not where.kind or root.kind in where.kind)
        and (where.since_ns is None or root.start_ns >= where.since_ns)
        and (where.until_ns is None or root.start_ns < where.until_ns)
    )


def unique(records: list[SpanRecord]) -> list[SpanRecord]:
    """Each span of a workspace once, without circles of parents: those have no root to agree on."""
    kept = {(record.workspace_id, record.trace_id, record.span_id): record for record in records}
    return [record for record in kept.values() if record.parent_id is None or record.parent_id < record.span_id]


@pytest.mark.integration
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    batches=st.lists(st.tuples(st.lists(spans, max_size=8), st.booleans()), min_size=1, max_size=4),
    where=filters,
    window=st.sampled_from([1, 5, 200_000]),
    limit=st.integers(1, 4),
    order=st.sampled_from(get_args(TraceOrder)),
)
def test_lists_are_right_and_no_workspace_sees_another_s_rows(
    sqlite: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    batches: list[tuple[list[SpanRecord], bool]],
    where: TraceFilter,
    window: int,
    limit: int,
    order: TraceOrder,
) -> None:
    # One page's look is over few rows, so that small stores have many windows too.
    monkeypatch.setattr(queries_module, "WINDOW_ROWS", window)
    store = Store(tmp_path_factory.mktemp("store"), sqlite)
    with sqlite.begin() as connection:
        connection.execute(delete(telemetry_segments))
        connection.execute(delete(telemetry_spools))
    kept = unique([record for records, _ in batches for record in records])
    for records, roll in batches:
        store.put(*(record for record in records if any(record is one for one in kept)), roll=roll)
    for workspace in ("w1", "w2"):
        wanted = expected(kept, workspace, where)
        assert store.queries.list_traces(workspace, where, limit=100) == wanted
        in_order = sorted(wanted, key=lambda summary: place_of(summary, order))
        assert store.queries.list_ordered(workspace, where, order, limit=100) == in_order
        assert paged_in_order(store.queries, workspace, (where, order), limit) == [summary.root.trace_id for summary in in_order]
        assert paged(store.queries, workspace, where, limit) == [summary.root.trace_id for summary in wanted]
        for number in range(1, 6):
            found = store.queries.get_trace(workspace, trace_id(number))
            mine = [record for record in kept if record.workspace_id == workspace and record.trace_id == trace_id(number)]
            assert found == sorted(mine, key=lambda record: (record.start_ns, record.span_id))
    store.queries.close()


def paged(queries: DuckQueries, workspace: str, where: TraceFilter, limit: int) -> list[str]:
    found: list[str] = []
    before: int | None = None
    while True:
        page = queries.list_traces(workspace, where, limit=limit, before_ns=before)
        found += [summary.root.trace_id for summary in page]
        if len(page) < limit:
            return found
        before = page[-1].root.start_ns


def paged_in_order(queries: DuckQueries, workspace: str, asked: tuple[TraceFilter, TraceOrder], limit: int) -> list[str]:
    found: list[str] = []
    after: Place | None = None
    while True:
        page = queries.list_ordered(workspace, *asked, limit=limit, after=after)
        found += [summary.root.trace_id for summary in page]
        if len(page) < limit:
            return found
        after = place_of(page[-1], asked[1])
