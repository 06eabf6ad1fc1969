"""Figures out of roll-ups are those of a scan, whatever stands where; only percentiles are off, by at most half a percent."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from flowyard.foundation.clock import now_ns
from flowyard.storage.schema import telemetry_segments, telemetry_spools
from flowyard.storage.telemetry.asking import StoredFigures
from flowyard.storage.telemetry.compaction import HOUR_NS, Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.summing import from_rollups
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.questions import Question, Value
from flowyard.tracing.search.parse import parse_search
from flowyard.wire.telemetry import GroupField, Measure, Subject
from support.spans import START_NS, make_span, spool

FIRST_HOUR = START_NS // HOUR_NS * HOUR_NS
MEASURES: tuple[Measure, ...] = tuple(name for name in get_args(Measure) if name not in {"sessions", "users", "traces"})


class Both:
    """One store, asked through its roll-ups wherever they can tell, and by scans only."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.spools, self.files = folder / "spools", SegmentFiles(folder / "segments")
        self.indexer = Indexer(engine, self.spools, self.files, default_workspace="w1")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, self.files)
        self.rolled = StoredFigures(self.queries.reader, few_rows=-1)
        self.scanned = StoredFigures(self.queries.reader, few_rows=1 << 60)

    def put(self, records: list[SpanRecord], *, roll: bool = True) -> None:
        spool(self.spools, records)
        self.indexer.step()
        if roll:
            self.indexer.roll()

    def answers(self, question: Question) -> bool:
        """Whether the roll-ups answer it."""
        source = self.queries.reader.source("w1", question.since_ns, question.until_ns)
        return from_rollups(self.queries.reader, source, question, few_rows=-1) is not None

    def digests(self) -> list[Path]:
        return sorted(self.files.folder.rglob("*.digest.npz"))


@pytest.fixture
def both(tmp_path: Path, sqlite: Engine) -> Iterator[Both]:
    opened = Both(tmp_path, sqlite)
    yield opened
    opened.queries.close()


def question(**options: Any) -> Question:
    defaults: dict[str, Any] = {
        "subject": "calls", "group_by": ("model",), "measures": MEASURES, "since_ns": FIRST_HOUR, "until_ns": FIRST_HOUR + 10 * HOUR_NS,
        "grain_ns": HOUR_NS, "search": None, "limit": 100,
    }  # fmt: skip
    return Question(**{**defaults, **options})


def same(rolled: list[tuple[Value, ...]], scanned: list[tuple[Value, ...]], asked: Question) -> bool:
    """Whether the two answers are the same, in the same order, but for percentiles."""
    keys = len(asked.group_by) + (asked.grain_ns is not None)
    return [row[:keys] for row in rolled] == [row[:keys] for row in scanned] and all(
        is_close(name, one, other)
        for row, wanted in zip(rolled, scanned, strict=True)
        for name, one, other in zip(asked.measures, row[keys:], wanted[keys:], strict=True)
    )


def is_close(measure: Measure, one: Value, other: Value) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        percentile = measure.rpartition("_p")[2].isdigit()
        return math.isclose(one, other, rel_tol=0.005 if percentile else 1e-12)
    return one == other and type(one) is type(other)


def call(trace: int, number: int = 1, **fields: Any) -> SpanRecord:
    return make_span(trace, number, **{"kind": "llm", "model": "m", "prompt_tokens": 10, "cost_micros": 7, "currency": "USD", **fields})


def test_percentiles_are_within_half_a_percent(both: Both) -> None:
    for part in range(3):
        both.put([call(trace, part + 1, duration_ns=int(1.3**trace), first_token_ns=trace**3) for trace in range(1, 80)])
    asked = question(grain_ns=None)
    rolled, scanned = both.rolled.figures("w1", asked)[0], both.scanned.figures("w1", asked)[0]
    assert both.answers(asked)
    assert same(rolled, scanned, asked)
    assert rolled != scanned, "or this tried nothing"


def test_segments_are_not_opened(both: Both) -> None:
    both.put([call(1), call(2)])
    both.put([call(2, 2), call(3)])
    for path in both.files.folder.rglob("*.parquet"):
        path.write_bytes(b"")
    assert both.rolled.figures("w1", question(measures=("count",), grain_ns=None))[0] == [("m", 4)]


def test_what_roll_ups_do_not_know_is_scanned(both: Both) -> None:
    both.put([call(1), call(2, user_id="u")])
    for options in (
        {"group_by": ("user",)},
        {"grain_ns": HOUR_NS // 4},
        {"measures": ("count", "traces")},
        {"search": parse_search("duration>1ms")},
        {"search": parse_search("tokens>1")},
        {"search": parse_search('text:"x"')},
        {"search": parse_search("-(model:m OR attr.x=1)")},
        {"group_by": ("score.feedback",)},
    ):
        assert not both.answers(question(**options)), options
        assert both.rolled.figures("w1", question(**options)) == both.scanned.figures("w1", question(**options))
    both.put([call(3, service="app")])
    assert not both.answers(question()), "a call may have been reported twice"
    assert both.answers(question(subject="spans"))


@pytest.mark.parametrize("harm", ["gone", "cut", "changed"])
def test_without_a_sound_digest_the_answer_is_the_same_and_upkeep_makes_it_again(both: Both, harm: str) -> None:
    both.put([call(1), call(2)])
    both.put([call(2), call(3)])
    for path in both.digests():
        content = path.read_bytes()
        path.unlink()
        if harm != "gone":
            path.write_bytes(content[: len(content) // 2] if harm == "cut" else content.replace(b"llm", b"lll").replace(b"\0\1", b"\1\0"))
    asked = question(measures=("count", "tokens", "cost"))
    assert both.rolled.figures("w1", asked) == both.scanned.figures("w1", asked)
    assert both.rolled.figures("w1", question(measures=("count",), grain_ns=None))[0] == [("m", 3)]
    both.put([call(9, start_ns=START_NS + 5 * HOUR_NS)])
    both.digests()[-1].unlink()
    Upkeep(both.indexer.manifest, both.files).compact(now_ns() + 10 * HOUR_NS)
    segments = both.indexer.manifest.segments("w1")
    assert len(segments) == 2
    assert all(both.queries.reader.digests.rollup(segment) and both.queries.reader.digests.places(segment) for segment in segments)
    assert both.rolled.figures("w1", question(measures=("count",), grain_ns=None))[0] == [("m", 4)]


spans = st.builds(
    lambda trace, number, fields: make_span(trace, number, **fields),
    st.integers(1, 4),
    st.integers(1, 3),
    st.fixed_dictionaries(
        {
            "workspace_id": st.sampled_from(["w1", "w1", "w2"]),
            "kind": st.sampled_from(["llm", "flow", "http"]),
            "status": st.sampled_from(["ok", "error"]),
            "start_ns": st.integers(FIRST_HOUR - 2, FIRST_HOUR + 2) | st.integers(FIRST_HOUR, FIRST_HOUR + 3 * HOUR_NS),
            "duration_ns": st.integers(0, 9) | st.integers(10**6, 10**12),
        },
        optional={
            "model": st.sampled_from(["m", "n", "ü"]),
            "endpoint": st.sampled_from(["e", "f"]),
            "service": st.sampled_from(["app"]),
            "prompt_tokens": st.integers(0, 9),
            "cost_micros": st.integers(0, 9),
            "currency": st.sampled_from(["USD", "EUR"]),
            "first_token_ns": st.integers(0, 10**9),
        },
    ),
)


@pytest.mark.integration
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    batches=st.lists(st.tuples(st.lists(spans, max_size=8), st.booleans()), min_size=1, max_size=4),
    subject=st.sampled_from(get_args(Subject)),
    by=st.sampled_from([(), ("model",), ("endpoint", "status", "service")]),
    grain=st.sampled_from([None, HOUR_NS, 6 * HOUR_NS]),
    since=st.sampled_from([-5, 0, 1, HOUR_NS]),
    search=st.sampled_from([None, "-status:error", "model:m OR endpoint:*", "model!=m"]),
)
def test_roll_ups_tell_what_a_scan_tells(
    sqlite: Engine,
    tmp_path_factory: pytest.TempPathFactory,
    batches: list[tuple[list[SpanRecord], bool]],
    subject: Subject,
    by: tuple[GroupField, ...],
    grain: int | None,
    since: int,
    search: str | None,
) -> None:
    both = Both(tmp_path_factory.mktemp("store"), sqlite)
    with sqlite.begin() as connection:
        connection.execute(delete(telemetry_segments))
        connection.execute(delete(telemetry_spools))
    first: dict[tuple[str, str, str], SpanRecord] = {}
    for records, roll in batches:
        # What comes again is the same span: senders repeat themselves, they do not change their mind.
        both.put([first.setdefault((record.workspace_id, record.trace_id, record.span_id), record) for record in records], roll=roll)
    asked = question(
        subject=subject, group_by=by, grain_ns=grain, since_ns=FIRST_HOUR + since, until_ns=FIRST_HOUR + 2 * HOUR_NS + 7, limit=2,
        search=None if search is None else parse_search(search),
    )  # fmt: skip
    rolled, scanned = both.rolled.figures("w1", asked), both.scanned.figures("w1", asked)
    both.queries.close()
    assert rolled[1] == scanned[1]
    assert same(rolled[0], scanned[0], asked)
