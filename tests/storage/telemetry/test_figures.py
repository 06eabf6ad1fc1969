"""Figures are what a plain computation over the spans gives, in segments, in the tail, and across both."""

import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from flowyard.storage.schema import telemetry_segments, telemetry_spools
from flowyard.storage.telemetry.asking import StoredFigures
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.questions import Question
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.signals import Score
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.telemetry import GroupField, Measure
from support.spans import START_NS, make_span, spool, trace_id

SECOND = 10**9


class Store:
    """Spools, indexer and figures."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.spools = folder / "spools"
        self.indexer = Indexer(engine, self.spools, SegmentFiles(folder / "segments"), default_workspace="w0")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, SegmentFiles(folder / "segments"))
        self.stored = StoredFigures(self.queries.reader)

    def put(self, records: list[SpanRecord], *, roll: bool = False) -> None:
        spool(self.spools, records)
        self.indexer.step()
        if roll:
            self.indexer.roll()

    def ask(self, *measures: Measure, workspace: str = "w1", **options: Any) -> list[tuple[Any, ...]]:
        defaults: dict[str, Any] = {
            "subject": "calls", "group_by": (), "since_ns": START_NS, "until_ns": START_NS + 100 * SECOND, "grain_ns": None, "search": None,
            "limit": 100,
        }  # fmt: skip
        return self.stored.figures(workspace, Question(measures=measures, **{**defaults, **options}))[0]


@pytest.fixture
def store(tmp_path: Path, sqlite: Engine) -> Iterator[Store]:
    opened = Store(tmp_path, sqlite)
    yield opened
    opened.queries.close()


def call(trace: int, number: int = 1, **fields: Any) -> SpanRecord:
    return make_span(
        trace, number, **{"kind": "llm", "model": "m", "prompt_tokens": 10, "completion_tokens": 5, "cost_micros": 7, **fields}
    )


@pytest.mark.parametrize("rolled", [False, True], ids=["tail", "segment"])
def test_measures(store: Store, rolled: bool) -> None:
    store.put(
        [
            call(1, duration_ns=1_000_000, first_token_ns=500_000, session_id="s", user_id="u", api_key="k"),
            call(2, duration_ns=3_000_000, status="error", error_type="Timeout", cost_micros=None),
            call(3, duration_ns=2_000_000, model="n", cost_micros=None, status="error", prompt_tokens=None, completion_tokens=None),
            make_span(4, 1, kind="flow", prompt_tokens=99),
        ],
        roll=rolled,
    )
    assert store.ask("count", "errors", "tokens", "cost", "unpriced") == [(3, 2, 30, 7, 1)]
    ((rate, average, median, longest, first),) = store.ask("error_rate", "duration_avg", "duration_p50", "duration_max", "first_token_p50")
    assert (rate, average, median, longest, first) == pytest.approx((2 / 3, 2.0, 2.0, 3.0, 0.5))
    assert store.ask("count", group_by=("model",)) == [("m", 2), ("n", 1)]
    assert store.ask("cost", "unpriced", search=parse_search("status:error model:m")) == [(None, 1)], "a sum of unknown prices is unknown"
    assert store.ask("cost", "unpriced", search=parse_search("model:none")) == [(0, 0)]
    assert store.ask("count", group_by=("model",), limit=1) == [("m", 2), ("n", 1)], "one more than the limit tells that there are more"
    assert store.ask("count", group_by=("error", "user")) == [("Timeout", None, 1), (None, "u", 1), (None, None, 1)]
    assert store.ask("count", "sessions", "traces", subject="spans") == [(4, 1, 4)]
    assert store.ask("count", search=parse_search("status:error model:m")) == [(1,)]
    assert store.ask("count", search=parse_search("-status:error")) == [(1,)]
    assert store.ask("count", search=parse_search("duration>=2ms tokens>0")) == [(1,)]
    assert store.ask("count", workspace="w2") == [(0,)]
    assert store.ask("count", group_by=("model",), workspace="w2") == []


def score(number: int, trace: int, **fields: Any) -> Score:
    defaults: dict[str, Any] = {"name": "quality", "workspace_id": "w1", "at_ns": START_NS + number, "author": f"a{number}"}
    return Score(score_id=f"{number:032x}", trace_id=trace_id(trace), **{**defaults, **fields})


@pytest.mark.parametrize("rolled", [False, True], ids=["tail", "segment"])
def test_groups_by_what_scores_say(store: Store, rolled: bool) -> None:
    sink = SpoolSink(store.spools, "scores")
    for one in (
        score(1, 1, value=1.0),
        score(2, 2, value=0.25),
        # The latest of a trace counts, also a span's; one that only comments says nothing.
        score(3, 3, label="bad"),
        score(4, 3, label="good", span_id=f"{1:016x}"),
        score(5, 3, comment="hm"),
        score(6, 4, name="other", label="bad"),
        score(7, 4, label="bad", workspace_id="w2"),
        score(8, 5, label="bad", withdrawn=True),
    ):
        sink.emit_score(one)
    sink.close()
    store.put([call(1), call(1, 2), call(2), call(3, model="n"), call(4), call(5)], roll=rolled)
    assert store.ask("count", group_by=("score.quality",)) == [("1", 2), (None, 2), ("0.25", 1), ("good", 1)]
    assert store.ask("count", group_by=("score.other", "model", "score.quality"), search=parse_search("-model:n"), limit=2) == [
        (None, "m", "1", 2),
        ("bad", "m", None, 1),
        (None, "m", "0.25", 1),
    ]
    assert store.ask("count", group_by=("score.none",)) == [(None, 6)]
    series = store.ask("tokens", group_by=("score.quality",), grain_ns=2 * SECOND, until_ns=START_NS + 4 * SECOND)
    assert [row[1:] for row in series] == [("1", 30), ("1", 0), ("0.25", 0), ("0.25", 15), ("good", 0), ("good", 15)]


def test_only_some_groups(store: Store) -> None:
    store.put([call(1), call(2), call(3, model="n"), call(4, model=None, status="error")])
    asked: dict[str, Any] = {"group_by": ("model", "status")}
    assert store.ask("count", **asked, only=((None, "error"), ("m", "ok"), ("m", "error")), limit=3) == [("m", "ok", 2), (None, "error", 1)]


def test_a_series_has_its_empty_buckets(store: Store) -> None:
    store.put([call(1), call(3), call(3, 2, model="n")])
    rows = store.ask("count", "duration_p50", grain_ns=SECOND, since_ns=START_NS, until_ns=START_NS + 4 * SECOND)
    assert [(row[0] - START_NS, row[1]) for row in rows] == [(0, 0), (SECOND, 1), (2 * SECOND, 0), (3 * SECOND, 2)]
    assert rows[0][2] is None
    grouped = store.ask("count", grain_ns=2 * SECOND, group_by=("model",), since_ns=START_NS, until_ns=START_NS + 4 * SECOND)
    assert [(row[1], row[2]) for row in grouped] == [("m", 1), ("m", 1), ("n", 0), ("n", 1)]
    assert len(store.ask("count", grain_ns=SECOND, since_ns=START_NS + 50 * SECOND, until_ns=START_NS + 53 * SECOND)) == 3


def test_a_span_counts_once_wherever_it_stands_again(store: Store) -> None:
    store.put([call(1), call(2)], roll=True)
    store.put([call(2), call(3)], roll=True)
    store.put([call(3), call(3), call(4)])
    assert store.ask("count", "cost") == [(4, 28)]


def test_a_call_that_application_and_gateway_report_counts_as_the_gateway_s(store: Store) -> None:
    store.put(
        [call(1, service="app"), call(1, 2), call(2, service="app"), call(3, service="app", model="other", prompt_tokens=11), call(3, 2)]
    )
    assert store.ask("count", group_by=("model",)) == [("m", 3), ("other", 1)]


def test_sessions_and_users(store: Store) -> None:
    store.put(
        [
            make_span(1, 1, kind="flow", session_id="s1", user_id="ann", status="error"),
            call(1, 2, cost_micros=5),
            make_span(2, 1, kind="flow", session_id="s1", user_id="bob"),
            call(2, 2, cost_micros=6),
            make_span(3, 1, kind="flow", session_id="s2", user_id="ann"),
            call(3, 2, cost_micros=None),
            make_span(4, 1, kind="flow"),
        ]
    )
    sessions = store.stored.tallies("w1", "session", START_NS, START_NS + 100 * SECOND, 10)
    assert [(one.id, one.others, one.traces, one.errors, one.prompt_tokens, one.cost_micros) for one in sessions] == [
        ("s2", ("ann",), 1, 0, 10, None),
        ("s1", ("ann", "bob"), 2, 1, 20, 11),
    ]
    users = store.stored.tallies("w1", "user", START_NS, START_NS + 100 * SECOND, 1)
    assert [(one.id, one.others, one.traces) for one in users] == [("ann", ("s1", "s2"), 2)]
    assert store.stored.tallies("w2", "user", START_NS, START_NS + 100 * SECOND, 10) == []


def known_cost(records: list[SpanRecord]) -> int | None:
    """The sum of the known prices; None where a call has none and no other has one."""
    priced = [record.cost_micros for record in records if record.cost_micros is not None]
    unknown = [
        record for record in records if record.cost_micros is None and not (record.status == "error" and record.prompt_tokens is None)
    ]
    return None if unknown and not priced else sum(priced)


spans = st.builds(
    lambda trace, number, fields: make_span(trace, number, **fields),
    st.integers(1, 3),
    st.integers(1, 3),
    st.fixed_dictionaries(
        {
            "workspace_id": st.sampled_from(["w1", "w2"]),
            "kind": st.sampled_from(["llm", "flow"]),
            "status": st.sampled_from(["ok", "error"]),
            "start_ns": st.integers(START_NS, START_NS + 5),
            "duration_ns": st.integers(0, 9),
        },
        optional={
            "model": st.sampled_from(["m", "n"]),
            "user_id": st.sampled_from(["a", "b"]),
            "prompt_tokens": st.integers(0, 9),
            "cost_micros": st.integers(0, 9),
        },
    ),
)


@pytest.mark.integration
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    batches=st.lists(st.tuples(st.lists(spans, max_size=6), st.booleans()), min_size=1, max_size=4),
    by=st.sampled_from([(), ("model",), ("user", "status")]),
    since=st.integers(0, 3),
    length=st.integers(1, 4),
)
def test_figures_are_those_of_a_plain_computation(
    sqlite: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[tuple[list[SpanRecord], bool]],
    by: tuple[GroupField, ...],
    since: int,
    length: int,
) -> None:
    store = Store(tmp_path_factory.mktemp("store"), sqlite)
    with sqlite.begin() as connection:
        connection.execute(delete(telemetry_segments))
        connection.execute(delete(telemetry_spools))
    first: dict[tuple[str, str, str], SpanRecord] = {}
    for records, roll in batches:
        # What comes again is the same span: senders repeat themselves, they do not change their mind.
        same = [first.setdefault((record.workspace_id, record.trace_id, record.span_id), record) for record in records]
        store.put(same, roll=roll)
    period = {"since_ns": START_NS + since, "until_ns": START_NS + since + length}
    for workspace in ("w1", "w2"):
        groups: dict[tuple[str | None, ...], list[SpanRecord]] = defaultdict(list)
        for record in first.values():
            if record.workspace_id == workspace and record.kind == "llm" and period["since_ns"] <= record.start_ns < period["until_ns"]:
                groups[tuple({"model": record.model, "user": record.user_id, "status": record.status}[name] for name in by)].append(record)
        wanted = {
            group: (
                len(records),
                sum(record.status == "error" for record in records),
                sum(record.prompt_tokens or 0 for record in records),
                known_cost(records),
                max(record.duration_ns for record in records) / 1e6,
            )
            for group, records in groups.items()
        }
        rows = store.ask("count", "errors", "tokens", "cost", "duration_max", workspace=workspace, group_by=by, **period)
        if not by and not wanted:
            assert rows == [(0, 0, 0, 0, None)]
            continue
        assert {row[: len(by)] for row in rows} == set(wanted)
        assert len(rows) == len(wanted)
        assert all(all(a == b or math.isclose(a, b) for a, b in zip(row[len(by) :], wanted[row[: len(by)]], strict=True)) for row in rows)
        assert [row[len(by)] for row in rows] == sorted((row[len(by)] for row in rows), reverse=True)
    store.queries.close()
