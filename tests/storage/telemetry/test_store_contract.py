"""What the telemetry store promises, wherever it keeps things: segments in a folder, S3 or Azure Blob; metadata in SQLite or PostgreSQL.

The answers to every kind of question are the same out of the tail, out of segments, on another machine, and after upkeep.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.storage.objects import ObjectStore
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.telemetry_policies import SqlPolicyStore
from flowyard.storage.telemetry.compaction import DAY_NS, Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.store import TelemetryStore
from flowyard.storage.telemetry.verifying import verify_segments
from flowyard.tracing.policy import PolicyRecord
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.questions import Question
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.signals import LogRecord, MetricPoint, Score
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.logs import LogQuery
from flowyard.wire.telemetry import Measure
from flowyard.wire.telemetry_policy import RetentionDays
from support.spans import START_NS, make_span, trace_id

pytestmark = pytest.mark.integration

SECOND = 10**9
SIGNALS = ("spans", "logs", "metrics", "scores")
MEASURES: tuple[Measure, ...] = ("count", "tokens", "duration_p50")
END_NS = START_NS + 100 * SECOND
OWNER = Caller("w1", "w1", "olga", "user", "owner", "", "u1")
Answers = dict[str, Any]


class Machine:
    """A store on a machine of its own; several may share the database and the place of the segments."""

    def __init__(self, folder: Path, engine: Engine, files: SegmentFiles) -> None:
        self.spools, self.engine, self.files = folder / "spools", engine, files
        self.spools.mkdir(parents=True)
        self.store = TelemetryStore(engine, self.spools, files)

    def put(self, *traces: int, workspace: str = "w1", roll: bool = False, age_ns: int = 0) -> None:
        """Take in rows of each signal for each trace."""
        sink = SpoolSink(self.spools, "rows")
        for number in traces:
            at = START_NS + number * SECOND - age_ns
            same: dict[str, Any] = {"workspace_id": workspace, "session_id": f"c{number % 2}", "user_id": "u"}
            call: dict[str, Any] = {"kind": "llm", "model": "m", "prompt_tokens": number, "completion_tokens": 1, "cost_micros": 5}
            sink.emit(make_span(number, 1, name=f"ask {workspace}", kind="http", start_ns=at, duration_ns=SECOND, **same))
            sink.emit(
                make_span(number, 2, 1, start_ns=at + 1, attributes={"flowyard.input": f"word{number} of {workspace}"}, **same, **call)
            )
            sink.emit_log(LogRecord(log_id=f"l{number}", at_ns=at, body=f"said {number}", workspace_id=workspace))
            sink.emit_metric(MetricPoint(point_id=f"p{number}", name="requests", at_ns=at, value=float(number), workspace_id=workspace))
            score = Score(score_id=f"s{number}", at_ns=at, trace_id=trace_id(number), name="good", value=1.0, workspace_id=workspace)
            sink.emit_score(score)
        sink.close()
        self.store.indexer.step()
        if roll:
            self.store.indexer.roll()

    def answers(self, workspace: str = "w1") -> Answers:
        """Return the answer to each kind of question about a workspace."""
        queries = self.store.queries
        since = to_rfc3339(START_NS - 1000 * DAY_NS)

        def listed(**where: Any) -> list[Any]:
            return queries.list_traces(workspace, TraceFilter(**where))

        def figures(*group_by: Any, **more: Any) -> Any:
            asked: dict[str, Any] = {"grain_ns": None, "search": None, "limit": 100, **more}
            return queries.figures(
                workspace,
                Question(
                    subject="calls",
                    group_by=group_by,
                    measures=MEASURES,
                    since_ns=START_NS,
                    until_ns=END_NS,
                    **asked,
                ),
            )

        sql = " UNION ALL ".join(
            f"SELECT '{name}', to_json({name})::VARCHAR FROM {name}" for name in ("spans", "logs", "metrics", "scores")
        )
        return {
            "list": listed(),
            "period": listed(since_ns=START_NS + 2 * SECOND, until_ns=START_NS + 4 * SECOND),
            "word": listed(text="word2"),
            "search": listed(search=parse_search("model:m tokens>2 -session:c1")),
            "score": listed(search=parse_search("score.good>=1")),
            "ordered": queries.list_ordered(workspace, TraceFilter(), "tokens:desc"),
            "trace": queries.get_trace(workspace, trace_id(2)),
            "traces": queries.get_traces(workspace, [trace_id(1), trace_id(3)]),
            "counts": queries.count_calls(workspace, START_NS),
            "by model": figures("model"),
            "by time": figures(grain_ns=2 * SECOND),
            "of a word": figures("session", search=parse_search("word3")),
            "sessions": queries.tallies(workspace, "session", START_NS, END_NS, 10),
            "users": queries.tallies(workspace, "user", START_NS, END_NS, 10),
            "scores": sorted(queries.scores_of(workspace, [trace_id(number) for number in range(9)]), key=lambda score: score.score_id),
            "sql": sorted(queries.run(workspace, LogQuery(query=sql, since=since), START_NS - 1000 * DAY_NS, END_NS, frozenset()).rows),
        }

    def upkeep(self, *, grace_s: float = 0.0) -> Upkeep:
        policies = SqlPolicyStore(self.engine).all
        return Upkeep(self.store.indexer.manifest, self.files, policies=policies, grace_s=grace_s)

    def findings(self, workspace: str = "w1") -> list[tuple[str, str]]:
        found = verify_segments(self.store.indexer.manifest, self.files, workspace, grace_s=-1)
        return [(one.trouble, one.path) for one in found.findings]


@pytest.fixture
def machine(tmp_path: Path, engine: Engine, maybe_objects: ObjectStore | None) -> Iterator[Callable[[], Machine]]:
    """Start a store on one more machine: nothing is in its own folders, but for segments that are in a folder in truth."""
    with engine.begin() as connection:
        for name in ("w1", "w2"):
            connection.execute(workspaces.insert().values(id=name, name=name, display_name=name, created_ns=1))

    @contextmanager
    def one(number: int) -> Iterator[Machine]:
        folder = tmp_path / f"machine{number}"
        segments = tmp_path / "segments" if maybe_objects is None else folder / "segments"
        made = Machine(folder, engine, SegmentFiles(segments, maybe_objects))
        made.files.prepare()
        yield made
        made.store.queries.close()

    with ExitStack() as stack:
        numbers = iter(range(100))
        yield lambda: stack.enter_context(one(next(numbers)))


def test_answers_are_the_same_from_the_tail_from_segments_elsewhere_and_after_upkeep(machine: Callable[[], Machine]) -> None:
    first = machine()
    first.put(1, 2, 3, 4)
    told = first.answers()
    assert [summary.root.trace_id for summary in told["list"]] == [trace_id(number) for number in (4, 3, 2, 1)]
    assert [len(told[name]) for name in ("period", "word", "search", "score", "traces", "scores", "sql")] == [2, 1, 2, 4, 2, 4, 20]
    assert [(row[0], row[1], row[2]) for row in told["by model"][0]] == [("m", 4, 14)]
    first.store.indexer.roll()
    assert first.answers() == told
    assert machine().answers() == told
    # The same once more, as whoever got no answer sends it again; then small segments are put together.
    first.put(1, 2, 3, 4, roll=True)
    assert first.answers() == told
    before = len(first.store.indexer.manifest.all_segments())
    assert first.upkeep().compact(now_ns()) == 4
    assert first.answers() == told
    first.upkeep(grace_s=-1).clear()
    first.upkeep(grace_s=-1).clear()
    assert len(first.store.indexer.manifest.all_segments()) == before // 2 == 4
    assert first.answers() == told
    assert first.findings() == []
    assert machine().answers() == told


def test_what_is_too_old_goes_from_answers_at_once_and_from_where_it_is_kept_after_its_grace(machine: Callable[[], Machine]) -> None:
    here = machine()
    here.put(7, 8, age_ns=400 * DAY_NS, roll=True)
    here.put(1, roll=True)
    here.put(7, workspace="w2", age_ns=400 * DAY_NS, roll=True)
    others = here.answers("w2")
    days = PolicyRecord(redact=(), retention_days=RetentionDays(spans=30, logs=30, metrics=30, scores=30))
    SqlPolicyStore(here.engine).put("w1", days, audit_record(OWNER, "telemetry.set_policy", "w1"))
    forever = PolicyRecord(redact=(), retention_days=RetentionDays(spans=None, logs=None, metrics=None, scores=None))
    SqlPolicyStore(here.engine).put("w2", forever, audit_record(OWNER, "telemetry.set_policy", "w1"))
    assert here.upkeep().expire(START_NS + SECOND) == 4
    told = here.answers()
    assert [summary.root.trace_id for summary in told["list"]] == [trace_id(1)]
    assert len(told["sql"]) == 5
    cleaning = here.upkeep(grace_s=-1)
    cleaning.clear()
    assert here.findings() == []
    assert here.answers() == told
    assert machine().answers() == told
    assert machine().answers("w2") == others
    assert len(others["sql"]) == 5


def test_one_workspace_is_told_nothing_of_another_with_the_same_ids(machine: Callable[[], Machine]) -> None:
    here = machine()
    here.put(1, 2, 3, roll=True)
    alone = here.answers()
    here.put(1, 2, 3, workspace="w2", roll=True)
    assert here.answers() == alone
    there = str(machine().answers("w2"))
    assert "w2" in there
    assert "w1" not in there


def test_what_is_gone_is_named_and_the_rest_answers(machine: Callable[[], Machine], maybe_objects: ObjectStore | None) -> None:
    here = machine()
    here.put(1, roll=True)
    here.put(2, roll=True)
    lost = min((one for one in here.store.indexer.manifest.all_segments() if one.signal == "spans"), key=lambda one: one.min_start_ns)
    (here.files.folder / lost.path).unlink()
    if maybe_objects is not None:
        maybe_objects.delete(lost.path)
    assert here.findings() == [("missing", lost.path)]
    assert [summary.root.trace_id for summary in here.answers()["list"]] == [trace_id(2)]
    assert [summary.root.trace_id for summary in machine().answers()["list"]] == [trace_id(2)]


def test_large_values_are_whole_wherever_they_are_read_and_go_with_their_segment(
    machine: Callable[[], Machine], maybe_objects: ObjectStore | None
) -> None:
    here = machine()
    given = {number: f"{number} " + " ".join(f"{number}-{word}" for word in range(9000)) for number in (1, 2)}
    for number, text in given.items():
        here.put(number)
        sink = SpoolSink(here.spools, "large")
        sink.emit(make_span(number, 9, 1, kind="llm", attributes={"flowyard.input": text, "gen_ai.input.messages": text}))
        sink.close()
        here.store.indexer.step()
        assert whole(here, number) == (text, text)
        here.store.indexer.roll()
    before = {path for path in kept(here, maybe_objects) if path.endswith(".payloads")}
    assert len(before) == 2
    assert [whole(one, number) for one in (here, machine()) for number in given] == [(text, text) for text in given.values()] * 2
    assert here.upkeep().compact(now_ns()) == 4
    here.upkeep(grace_s=-1).clear()
    here.upkeep(grace_s=-1).clear()
    (merged,) = (path for path in kept(here, maybe_objects) if path.endswith(".payloads"))
    assert [whole(one, number) for one in (here, machine()) for number in given] == [(text, text) for text in given.values()] * 2
    assert here.findings() == []
    (here.files.folder / merged).unlink()
    if maybe_objects is not None:
        # It is brought again, as often as it is gone or damaged here.
        (here.files.folder / merged).write_bytes(b"damaged")
        assert whole(here, 1) == (given[1], given[1])
        (here.files.folder / merged).unlink()
        maybe_objects.delete(merged)
    assert here.findings() == [("missing", merged)]
    assert whole(here, 1) == (given[1][:4000] + "…", given[1][:4000] + "…")
    assert len(here.answers()["list"]) == 2


def whole(there: Machine, number: int) -> tuple[str, str]:
    (span,) = (span for span in there.store.queries.get_trace("w1", trace_id(number)) if span.span_id == f"{9:016x}")
    return span.attributes["flowyard.input"], span.attributes["gen_ai.input.messages"]


def kept(there: Machine, objects: ObjectStore | None) -> list[str]:
    if objects is not None:
        return [found.name for found in objects.list("")]
    return [path.relative_to(there.files.folder).as_posix() for path in there.files.folder.rglob("*") if path.is_file()]
