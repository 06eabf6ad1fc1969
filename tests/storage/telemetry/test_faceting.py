"""Facets count what a plain look at the traces counts, wherever their spans are; of very many, the newest."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flowyard.storage.telemetry.faceting import StoredFacets
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.facets import to_facets, wanted_fields
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import FacetWish, TraceFilter
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.signals import Score
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.facets import TraceFacets
from support.spans import START_NS, make_span, spool, trace_id

SECOND = 10**9


class Store:
    """Spools, indexer and queries."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.spools, files = folder / "spools", SegmentFiles(folder / "segments")
        self.indexer = Indexer(engine, self.spools, files, default_workspace="w0")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, files)
        self.stored = StoredFacets(self.queries.reader)

    def put(self, *records: SpanRecord, roll: bool = False) -> None:
        spool(self.spools, records)
        self.indexer.step()
        if roll:
            self.indexer.roll()

    def score(self, trace: int, name: str, **said: Any) -> None:
        sink = SpoolSink(self.spools, "scores")
        made = {"author": "a", "at_ns": START_NS, **said}
        sink.emit_score(Score(workspace_id="w1", score_id=f"{trace}{name}{made['author']}", trace_id=trace_id(trace), name=name, **made))
        sink.close()
        self.indexer.step()

    def ask(self, where: TraceFilter | None = None, *fields: str, **wish: Any) -> TraceFacets:
        names = wanted_fields(fields)
        counts = self.stored.facets("w1", where or TraceFilter(), FacetWish(**{"fields": names, "limit": 20, **wish}))
        return to_facets(counts, names)

    def counts(self, field: str, where: TraceFilter | None = None, **wish: Any) -> dict[str, int]:
        found = {facet.field: facet for facet in self.ask(where, field, **wish).facets}
        return {value.value: value.traces for value in found[field].values} if field in found else {}


@pytest.fixture
def store(tmp_path: Path, sqlite: Engine) -> Iterator[Store]:
    opened = Store(tmp_path, sqlite)
    yield opened
    opened.queries.close()


def trace(number: int, **root: Any) -> list[SpanRecord]:
    """A request, a model call below it, and a second one of the same model."""
    model = f"m{number % 3}"
    call: dict[str, Any] = {"kind": "llm", "model": model, "provider": "openai" if model == "m0" else None}
    at: dict[str, Any] = {"name": f"t{number % 2}", "kind": "http", "endpoint": "support", "user_id": f"u{number % 4}", **root}
    return [make_span(number, 1, **at), make_span(number, 2, 1, **call), make_span(number, 3, 1, **call)]


def search(text: str) -> TraceFilter:
    return TraceFilter(search=parse_search(text))


def test_traces_are_counted_once_for_each_value_of_their_spans(store: Store) -> None:
    store.put(*(span for number in range(1, 7) for span in trace(number)), roll=True)
    store.put(*(span for number in range(7, 13) for span in trace(number, status="error")))
    found = store.ask()
    assert (found.traces, found.counted_from) == (12, None)
    assert [facet.field for facet in found.facets] == ["status", "root.name", "root.kind", "endpoint", "model", "provider", "user"]
    assert store.counts("model") == {"m0": 4, "m1": 4, "m2": 4}
    assert store.counts("status") == {"ok": 6, "error": 6}
    # Only the root's name counts as that of the trace; any span's as a name.
    assert store.counts("root.name") == {"t0": 6, "t1": 6}
    assert store.counts("name") == {"t0": 6, "t1": 6, "s2": 12, "s3": 12}
    models = next(facet for facet in found.facets if facet.field == "model")
    assert {value.value: value.group for value in models.values} == {"m0": "openai", "m1": None, "m2": None}
    assert store.counts("provider") == {"openai": 4}


def test_what_a_value_says_to_search_for_finds_as_many(store: Store) -> None:
    store.put(*(span for number in range(1, 13) for span in trace(number, user_id=f'the "{number % 4}"', name="a b")))
    for number in range(1, 13):
        store.score(number, "f1", value=number / 13)
        store.score(number, "tone", label=("kind", "a bit rude")[number % 2])
        store.score(number, "feedback", value=float(number % 3 == 0))
    for facet in store.ask().facets:
        assert facet.values
        for value in facet.values:
            found = store.queries.list_traces("w1", search(value.q), limit=100)
            assert (value.q, len(found)) == (value.q, value.traces)


def test_counts_are_of_what_the_filter_finds(store: Store) -> None:
    store.put(*(span for number in range(1, 13) for span in trace(number, status="error" if number > 9 else "ok")))
    assert store.counts("model", search("status:error")) == {"m0": 1, "m1": 1, "m2": 1}
    assert store.counts("model", search("status:error -model:m0")) == {"m1": 1, "m2": 1}
    assert store.counts("status", TraceFilter(model=("m1",))) == {"ok": 3, "error": 1}
    period = TraceFilter(since_ns=START_NS + 5 * SECOND, until_ns=START_NS + 7 * SECOND)
    assert store.ask(period).traces == 2
    assert store.counts("model", TraceFilter(text="t1")) == dict(Counter(f"m{number % 3}" for number in (1, 3, 5, 7, 9, 11)))
    assert store.ask(search("nowhere")) == TraceFacets(traces=0, facets=())
    assert store.ask(TraceFilter(since_ns=5, until_ns=5)).traces == 0


def test_what_is_chosen_of_a_field_does_not_narrow_its_own_counts(store: Store) -> None:
    store.put(*(span for number in range(1, 13) for span in trace(number, status="error" if number > 9 else "ok")), roll=True)
    either = search("(model:m0 OR model:m1) status:error")
    assert len(store.queries.list_traces("w1", either, limit=100)) == store.ask(either).traces == 2
    # Traces 10, 11 and 12 failed, of m1, m2 and m0; of m0 and m1 there are eight.
    assert store.counts("model", either) == {"m0": 1, "m1": 1, "m2": 1}
    assert store.counts("status", either) == {"ok": 6, "error": 2}
    assert store.counts("user", either) == {"u0": 1, "u2": 1}
    by_option = TraceFilter(model=("m0", "m1"), status=("error",))
    assert store.ask(by_option) == store.ask(either)
    # What is left out narrows its own field, too; two terms side by side mean both, and are of the field all the same.
    assert store.counts("model", search("status:error (model:m0 OR model:m1) -model:m2")) == {"m0": 1, "m1": 1}
    both = search("model:m0 model:m1")
    assert (store.ask(both).traces, store.counts("model", both)) == (0, {"m0": 4, "m1": 4, "m2": 4})


def test_each_score_is_counted_without_what_is_chosen_of_it(store: Store) -> None:
    store.put(*(make_span(number, 1) for number in range(40)))
    for number in range(40):
        store.score(number, "f1", value=0.005 + number / 40)
        store.score(number, "tone", label=("kind", "rude")[number % 2])
    chosen = search("(score.f1>=0.2 score.f1<0.4 OR score.f1>=0.8 score.f1<1) score.tone:rude")
    found = {facet.field: {value.value: value.traces for value in facet.values} for facet in store.ask(chosen, "score", "status").facets}
    assert found == {
        "status": {"ok": 8},
        "score.f1": {"0 to 0.2": 4, "0.2 to 0.4": 4, "0.4 to 0.6": 4, "0.6 to 0.8": 4, "0.8 to 1": 4},
        "score.tone": {"kind": 8, "rude": 8},
    }


def test_a_value_that_is_chosen_comes_however_rare_it_is(store: Store) -> None:
    store.put(
        *(make_span(number, 1, user_id="rare" if number == 7 else f"user {number % 5}", attributes={"a": "b"}) for number in range(30))
    )
    rare = search('(user:rare OR user:"user 1") attr.a:b')
    assert store.counts("user", rare, limit=2) == {"user 0": 6, "user 1": 6, "rare": 1}
    assert store.counts("attr.a", rare) == {"b": 7}


def test_a_span_that_stands_twice_and_a_late_root_change_no_count(store: Store) -> None:
    root, one, other = trace(1)
    store.put(one, other, roll=True)
    assert store.counts("root.name") == {"s2": 1}
    store.put(root, roll=True)
    store.put(root, one)
    assert (store.ask().traces, store.counts("root.name"), store.counts("model")) == (1, {"t1": 1}, {"m1": 1})


def test_of_many_values_the_most_frequent_come_and_others_are_found(store: Store) -> None:
    store.put(*(make_span(number, 1, user_id="often" if number < 4 else f"user {number:02d}") for number in range(30)))
    (facet,) = store.ask(None, "user", limit=3).facets
    assert [(value.value, value.traces) for value in facet.values] == [("often", 4), ("user 04", 1), ("user 05", 1)]
    assert facet.distinct == 27
    (facet,) = store.ask(None, "user", limit=3, find="ER 2").facets
    assert (facet.distinct, facet.values[0].value) == (10, "user 20")


def test_attributes_are_counted_where_they_are_asked_for_and_not_of_what_is_withheld(store: Store) -> None:
    store.put(*(make_span(number, 1, attributes={"resource.deployment.environment": ("prod", "test")[number % 2]}) for number in range(5)))
    field = "attr.resource.deployment.environment"
    assert store.counts(field) == {"prod": 3, "test": 2}
    assert store.counts(field, withheld=(trace_id(0), trace_id(1))) == {"prod": 2, "test": 1}
    store.score(0, "tone", label="rude")
    assert store.counts("score.tone") == {"rude": 1}
    assert store.counts("score.tone", withheld=(trace_id(0),)) == {}


def test_a_score_of_many_numbers_is_counted_in_round_ranges(store: Store) -> None:
    store.put(*(make_span(number, 1) for number in range(40)))
    for number in range(40):
        store.score(number, "f1", value=0.005 + number / 40)
    ranges = store.counts("score.f1")
    assert ranges == {"0 to 0.2": 8, "0.2 to 0.4": 8, "0.4 to 0.6": 8, "0.6 to 0.8": 8, "0.8 to 1": 8}


def test_of_very_many_only_the_newest_are_counted_and_that_is_said(store: Store) -> None:
    for number in range(1, 13):
        store.put(*trace(number), roll=True)
    store.stored = StoredFacets(store.queries.reader, most_rows=9)
    found = store.ask()
    assert found.traces == 3
    assert found.counted_from is not None
    newest = store.ask(TraceFilter(since_ns=START_NS + 11 * SECOND))
    assert (newest.traces, newest.counted_from) == (2, None)
