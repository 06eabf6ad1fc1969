"""What is older than its workspace keeps it goes: out of the answers at once, from the disk after the grace."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import IntegrityError

from flowyard.foundation.clock import now_ns
from flowyard.storage.engine import writing
from flowyard.storage.guards_table import trace_guards
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.guards import SqlGuardStore
from flowyard.storage.telemetry.compaction import DAY_NS, GRACE_S, Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.tracing.guarding import TraceGuards, conversation_key
from flowyard.tracing.policy import PolicyRecord
from flowyard.tracing.signals import LogRecord, MetricPoint, Score
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.telemetry_policy import RetentionDays
from support.spans import START_NS, make_span, spool, trace_id

TESTS = Path(__file__).parents[2]
NAMES = ("spans", "logs", "metrics", "scores")


@dataclass
class Place:
    folder: Path
    indexer: Indexer
    policies: dict[str, PolicyRecord]

    @property
    def files(self) -> SegmentFiles:
        return SegmentFiles(self.folder / "segments")

    def upkeep(self, *, grace_s: float = GRACE_S) -> Upkeep:
        return Upkeep(self.indexer.manifest, self.files, policies=lambda: self.policies, grace_s=grace_s)

    def put(self, at_ns: int, workspace_id: str = "w1", number: int = 1) -> None:
        """Keep a segment of each signal, with one row of that time."""
        sink = SpoolSink(self.folder / "spools", "test")
        sink.emit(make_span(1, number, start_ns=at_ns, workspace_id=workspace_id))
        sink.emit_log(LogRecord(log_id=f"l{at_ns}", at_ns=at_ns, workspace_id=workspace_id))
        sink.emit_metric(MetricPoint(point_id=f"p{at_ns}", name="m", at_ns=at_ns, workspace_id=workspace_id))
        sink.emit_score(Score(score_id=f"s{at_ns}", at_ns=at_ns, trace_id=trace_id(1), name="feedback", workspace_id=workspace_id))
        sink.close()
        self.indexer.step()
        self.indexer.roll()

    def kept(self) -> list[tuple[str, str]]:
        return sorted((segment.workspace_id, segment.signal) for segment in self.indexer.manifest.all_segments())


@pytest.fixture
def place(tmp_path: Path, engine: Engine) -> Place:
    indexer = Indexer(engine, tmp_path / "spools", SegmentFiles(tmp_path / "segments"), default_workspace="w1")
    return Place(tmp_path, indexer, {})


def days(**given: int | None) -> PolicyRecord:
    return PolicyRecord(retention_days=RetentionDays(**given))


def test_each_signal_of_each_workspace_has_its_own_days(place: Place) -> None:
    for name in ("w1", "w2", "w3"):
        place.put(START_NS, name)
    place.policies = {"w1": days(spans=10, logs=1, metrics=None, scores=9), "w2": days(spans=None, logs=None, metrics=None, scores=None)}
    assert place.upkeep().expire(START_NS + 10 * DAY_NS) == 2
    assert [signal for name, signal in place.kept() if name == "w1"] == ["metrics", "spans"]
    # w3 has set nothing: 90, 30, 30 and 365 days.
    assert place.upkeep().expire(START_NS + 91 * DAY_NS) == 4
    assert place.kept() == [("w1", "metrics"), *(("w2", signal) for signal in sorted(NAMES)), ("w3", "scores")]


def test_a_segment_goes_when_its_youngest_row_is_too_old_and_not_before(place: Place) -> None:
    spool(place.folder / "spools", [make_span(1, number, start_ns=START_NS + number * DAY_NS) for number in (0, 5)])
    place.indexer.step()
    place.indexer.roll()
    place.policies = {"w1": days(spans=3)}
    assert place.upkeep().expire(START_NS + 8 * DAY_NS) == 0
    assert place.upkeep().expire(START_NS + 8 * DAY_NS + 1) == 1


def test_what_claims_to_be_from_the_future_is_as_old_as_its_file(place: Place) -> None:
    place.put(now_ns() + 1000 * DAY_NS)
    assert place.upkeep().expire(now_ns() + 29 * DAY_NS) == 0
    assert place.upkeep().expire(now_ns() + 31 * DAY_NS) == 2


def test_files_stay_for_the_grace_and_then_go(place: Place) -> None:
    place.put(START_NS)
    assert place.upkeep().expire(START_NS + 1000 * DAY_NS) == len(NAMES)
    place.upkeep().clear()
    assert len(list((place.folder / "segments").rglob("*.parquet"))) == len(NAMES)
    place.upkeep(grace_s=-1).clear()
    assert [path for path in (place.folder / "segments").rglob("*") if path.is_file()] == []


def test_upkeep_without_policies_drops_nothing(place: Place) -> None:
    place.put(START_NS)
    assert Upkeep(place.indexer.manifest, place.files).expire(START_NS + 10_000 * DAY_NS) == 0
    assert len(place.kept()) == len(NAMES)


def test_guards_go_when_no_text_can_be_there_any_more_and_conversations_that_go_on_stay(place: Place, engine: Engine) -> None:
    store = SqlGuardStore(engine)
    guards, began = TraceGuards(store, cast("Any", None)), now_ns()
    with pytest.raises(IntegrityError):
        guards.note("nowhere", trace_id(1), [["hr"]])
    with writing(engine) as connection:
        for name in ("w1", "w2", "w3"):
            connection.execute(insert(workspaces).values(id=name, name=name, display_name=name, created_ns=1))
    for name in ("w1", "w2", "w3"):
        guards.note(name, trace_id(1), [["hr"]])
    guards.hand_on("w1", [(trace_id(1), trace_id(2))], for_good=True)
    place.policies = {"w1": days(spans=10, logs=1, scores=5), "w2": days(spans=None)}
    upkeep = Upkeep(place.indexer.manifest, place.files, policies=lambda: place.policies, guards=store)
    assert upkeep.forget(began + 16 * DAY_NS) == 0
    assert upkeep.forget(now_ns() + 16 * DAY_NS) == 1
    assert [guards.guarded(name, [trace_id(1), trace_id(2)]) for name in ("w1", "w2")] == [{trace_id(2)}, {trace_id(1)}]

    old = now_ns() - 400 * DAY_NS
    with writing(engine) as connection:
        connection.execute(update(trace_guards).values(noted_ns=old).where(trace_guards.c.workspace_id == "w3"))
        connection.execute(update(trace_guards).values(trace_id=conversation_key("talk")).where(trace_guards.c.workspace_id == "w3"))
    guards.converse("w3", trace_id(5), "talk")
    assert upkeep.forget(began + 90 * DAY_NS) == 0
    assert guards.guarded("w3", [trace_id(5), conversation_key("talk")]) == {trace_id(5), conversation_key("talk")}
