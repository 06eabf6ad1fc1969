"""Searches over stored traces find what their definition says, in segments, in the tail, and across both."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from flowyard.storage.schema import telemetry_segments, telemetry_spools
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.scores import counting
from flowyard.tracing.search.model import All, Not, Search, Term, Text
from flowyard.tracing.search.model import Any as AnyOf
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.service import summarise
from flowyard.tracing.signals import Score
from flowyard.tracing.spool import SpoolSink
from support.spans import START_NS, make_span, spool, trace_id


class Store:
    """Spools, indexer and queries."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.spools = folder / "spools"
        self.indexer = Indexer(engine, self.spools, SegmentFiles(folder / "segments"), default_workspace="w0")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, SegmentFiles(folder / "segments"))

    def put(self, records: list[SpanRecord], scores: list[Score] | None = None, *, roll: bool = False) -> None:
        spool(self.spools, records)
        sink = SpoolSink(self.spools, "scores")
        for score in scores or ():
            sink.emit_score(score)
        sink.close()
        self.indexer.step()
        if roll:
            self.indexer.roll()

    def found(self, q: str, workspace: str = "w1") -> set[int]:
        listed = self.queries.list_traces(workspace, TraceFilter(search=parse_search(q)), limit=100)
        return {int(summary.root.trace_id, 16) for summary in listed}


def score(number: int, trace: int, name: str = "helpful", **fields: Any) -> Score:
    return Score(
        **{
            "score_id": f"s{number}",
            "at_ns": START_NS + number,
            "trace_id": trace_id(trace),
            "name": name,
            "workspace_id": "w1",
            "author": "ann",
            **fields,
        }
    )


TRACES: list[SpanRecord] = [
    make_span(1, 1, name="GET /a", kind="http", status="error", duration_ns=3_000_000_000, endpoint="support", error_type="Timeout"),
    make_span(
        1, 2, 1, name="chat gpt-4o", kind="llm", model="gpt-4o", prompt_tokens=900, completion_tokens=100, cost_micros=20_000, user_id="bob"
    ),
    make_span(
        2,
        1,
        name="answer",
        kind="flow",
        duration_ns=200_000_000,
        flow="answer",
        attributes={"flowyard.input": {"q": "Where is my refund?"}},
    ),
    make_span(2, 2, 1, name="chat smol", kind="llm", model="smol", prompt_tokens=10, completion_tokens=5, cost_micros=0, status="error"),
    make_span(
        3,
        1,
        name="100%_job",
        kind="internal",
        session_id="s-1",
        attributes={"http.response.status_code": 503, "deployment.environment": "prod"},
    ),
]
SCORES = [
    score(1, 1, value=0.0, label="bad"),
    score(2, 2, value=1.0),
    score(3, 2, value=0.2),
    score(4, 3, value=0.9),
    score(5, 3, withdrawn=True),
    score(6, 1, value=1.0, workspace_id="w2"),
]


@pytest.mark.parametrize("rolled", [False, True], ids=["tail", "segment"])
@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("status:error", {1}),
        ("-status:error", {2, 3}),
        ("status!=error", {2, 3}),
        ("duration>2s", {1}),
        ("duration<=200ms", {2, 3}),
        ("cost>0.01", {1}),
        ("cost<=0", {2, 3}),
        ("tokens>=15 tokens<1000", {2}),
        ("prompt_tokens:900", {1}),
        ("model:gpt-4o", {1}),
        ("model:gpt*", {1}),
        ("model:GPT-4O", set()),
        ("-model:gpt*", {2, 3}),
        ("model!=gpt-4o", {2, 3}),
        ("name:100%_*", {3}),
        ("name:100x*", set()),
        ("root.name:answer", {2}),
        ("root.kind:flow", {2}),
        ("kind:llm", {1, 2}),
        ("refund", {2}),
        ('"my REFUND"', {2}),
        ("refund OR status:error", {1, 2}),
        ("(refund OR status:error) model:smol", {2}),
        ("session:s-1", {3}),
        ("user:bob error:Time*", {1}),
        ("attr.http.response.status_code:503", {3}),
        ("attr.http.response.status_code>=500", {3}),
        ("attr.deployment.environment:prod", {3}),
        ("attr.nothing:x", set()),
        ("score.helpful<0.5", {1, 2}),
        ("score.helpful:bad", {1}),
        ("score.helpful:0.2", {2}),
        ("score.helpful>=0.5", set()),
        ("score.other>0", set()),
        ("score.helpful<0.5 -model:smol", {1}),
    ],
)
def test_fields(tmp_path: Path, sqlite: Engine, q: str, expected: set[int], rolled: bool) -> None:
    store = Store(tmp_path, sqlite)
    store.put(TRACES, SCORES, roll=rolled)
    assert store.found(q) == expected
    assert store.found(q, "w2") == set()
    store.queries.close()


def test_scores_that_count_are_the_latest_of_each_author() -> None:
    assert [one.score_id for one in counting(SCORES)] == ["s3", "s6"]
    assert [one.score_id for one in counting([*SCORES[:1], score(9, 1, value=1.0, author="bob")])] == ["s1", "s9"]


# The definition, in Python, against the store.

spans = st.builds(
    lambda trace, number, parent, fields: make_span(trace, number, parent, **fields),
    st.integers(1, 4),
    st.integers(1, 3),
    st.none() | st.integers(1, 2),
    st.fixed_dictionaries(
        {
            "workspace_id": st.sampled_from(["w1", "w2"]),
            "name": st.sampled_from(["alpha", "beta"]),
            "kind": st.sampled_from(["flow", "llm"]),
            "status": st.sampled_from(["ok", "error"]),
            "start_ns": st.integers(START_NS, START_NS + 20),
            "duration_ns": st.sampled_from([1_000_000, 5_000_000_000]),
        },
        optional={"model": st.sampled_from(["m", "n"]), "prompt_tokens": st.integers(0, 9), "cost_micros": st.integers(0, 3)},
    ),
)
leaves = st.sampled_from(
    [
        Term("status", "=", "error"),
        Term("status", "!=", "error"),
        Term("duration", ">", 2_000_000_000),
        Term("root.name", "=", "alpha"),
        Term("model", "=", "m"),
        Term("model", "!=", "m"),
        Term("name", "=", "al*"),
        Term("tokens", ">", 5),
        Term("cost", "<=", 2),
        Text("BETA"),
    ]
)
searches = st.recursive(
    leaves,
    lambda inner: (
        inner.map(Not) | st.lists(inner, min_size=2, max_size=3).map(tuple).flatmap(lambda of: st.sampled_from([All(of), AnyOf(of)]))
    ),
    max_leaves=4,
)


def holds(search: Search, records: list[SpanRecord]) -> bool:
    root = summarise(records).root
    calls = [record for record in records if record.kind == "llm"]
    match search:
        case Not(what):
            return not holds(what, records)
        case All(of):
            return all(holds(one, records) for one in of)
        case AnyOf(of):
            return any(holds(one, records) for one in of)
        case Text(text):
            return any(text.lower() in record.name for record in records)
        case Term("status", operator, value):
            return (root.status == value) == (operator == "=")
        case Term("duration", _, value):
            return root.duration_ns > value
        case Term("root.name", _, value):
            return root.name == value
        case Term("model", operator, value):
            return any(record.model == value for record in records) == (operator == "=")
        case Term("name", _, _):
            return any(record.name.startswith("al") for record in records)
        case Term("tokens", _, value):
            return sum(record.prompt_tokens or 0 for record in calls) > value
        case Term("cost", _, value):
            return sum(record.cost_micros or 0 for record in calls) <= value
        case _:
            raise AssertionError(search)


@pytest.mark.integration
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(batches=st.lists(st.tuples(st.lists(spans, max_size=6), st.booleans()), min_size=1, max_size=3), search=searches)
def test_a_search_finds_what_its_definition_says(
    sqlite: Engine, tmp_path_factory: pytest.TempPathFactory, batches: list[tuple[list[SpanRecord], bool]], search: Search
) -> None:
    store = Store(tmp_path_factory.mktemp("store"), sqlite)
    with sqlite.begin() as connection:
        connection.execute(delete(telemetry_segments))
        connection.execute(delete(telemetry_spools))
    kept: dict[tuple[str, str, str], SpanRecord] = {}
    for records, roll in batches:
        fresh: list[SpanRecord] = []
        for record in records:
            key = (record.workspace_id, record.trace_id, record.span_id)
            # Each span once, without circles of parents: those have no root to agree on.
            if key not in kept and (record.parent_id is None or record.parent_id < record.span_id):
                kept[key] = record
                fresh.append(record)
        store.put(fresh, roll=roll)
    for workspace in ("w1", "w2"):
        traces: dict[str, list[SpanRecord]] = {}
        for record in kept.values():
            if record.workspace_id == workspace:
                traces.setdefault(record.trace_id, []).append(record)
        wanted = {trace for trace, records in traces.items() if holds(search, records)}
        listed = store.queries.list_traces(workspace, TraceFilter(search=search), limit=100)
        assert {summary.root.trace_id for summary in listed} == wanted
    store.queries.close()
