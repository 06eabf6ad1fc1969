import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from flowyard.foundation.ids import new_id
from flowyard.storage.telemetry import spools
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.spools import UNREADABLE
from flowyard.storage.telemetry.store import TelemetryStore
from flowyard.tracing.frames import FrameKind, batch, frame, new_marker, prologue
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.otlp.spools import Backlog
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.rows import encode_row
from flowyard.tracing.spool import SpoolFile
from support.otlp import request
from support.spans import make_span, spool, trace_id


class Place:
    """A home's folders, with indexers over them as one process after another would open them."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.spools = folder / "spools"
        self.segments = folder / "segments"
        self.engine = engine
        self.spools.mkdir(exist_ok=True)

    def indexer(self, **options: Any) -> Indexer:
        return Indexer(self.engine, self.spools, SegmentFiles(self.segments), **{"default_workspace": "w0", **options})

    def queries(self, indexer: Indexer) -> DuckQueries:
        return DuckQueries(indexer.manifest, indexer.tail, SegmentFiles(self.segments))

    def files(self) -> list[Path]:
        return sorted(self.segments.rglob("*.parquet"))


@pytest.fixture
def place(tmp_path: Path, engine: Engine) -> Place:
    return Place(tmp_path, engine)


@pytest.fixture
def sqlite_place(tmp_path: Path, sqlite: Engine) -> Place:
    return Place(tmp_path, sqlite)


def spans_of(queries: DuckQueries, workspace: str, trace: int) -> list[str]:
    return [record.name for record in queries.get_trace(workspace, trace_id(trace))]


def test_spans_show_from_the_tail_and_from_the_segment_and_after_a_restart(place: Place) -> None:
    spool(place.spools, [make_span(1, 2, 1), make_span(1, 1), make_span(2, 1)])
    first = place.indexer()
    queries = place.queries(first)
    assert spans_of(queries, "w1", 1) == []
    first.step()
    assert first.tail.rows == 3
    assert spans_of(queries, "w1", 1) == ["s1", "s2"]
    first.roll()
    assert first.tail.rows == 0
    assert spans_of(queries, "w1", 1) == ["s1", "s2"]
    again = place.indexer()
    again.step()
    assert again.tail.rows == 0
    assert spans_of(place.queries(again), "w1", 2) == ["s1"]


def test_a_record_comes_back_whole(place: Place) -> None:
    one = make_span(
        1,
        1,
        kind="llm",
        status="error",
        status_message="429",
        model="m",
        provider="openai",
        line=0,
        cost_micros=2**40,
        attributes={"gen_ai.input.messages": [{"role": "user", "content": 'ünï \u0000 "q"'}], "n": None},
    )
    spool(place.spools, [one])
    indexer = place.indexer()
    for step in (indexer.step, indexer.roll):
        step()
        assert place.queries(indexer).get_trace("w1", trace_id(1)) == [one]


def test_spools_are_deleted_when_their_writer_ended_and_all_is_in_segments(place: Place) -> None:
    spool(place.spools, [make_span(1, 1)])
    open_sink = spool(place.spools, [make_span(2, 1)], name="open", close=False)
    indexer = place.indexer()
    indexer.step()
    assert len(list(place.spools.iterdir())) == 2
    indexer.roll()
    indexer.step()
    (left,) = place.spools.iterdir()
    assert left.name.startswith("open-")
    assert list(indexer.manifest.positions()) == [left.name]
    open_sink.close()
    indexer.step()
    indexer.roll()
    indexer.step()
    assert list(place.spools.iterdir()) == []
    assert indexer.manifest.positions() == {}
    assert spans_of(place.queries(indexer), "w1", 2) == ["s1"]


def test_spans_without_a_workspace_belong_to_the_installation_s_first(place: Place) -> None:
    indexer = Indexer(place.engine, place.spools, SegmentFiles(place.segments))
    spool(place.spools, [make_span(1, 1, workspace_id="")])
    indexer.step()
    assert indexer.tail.rows == 0
    first, second = new_id(), new_id()
    with place.engine.begin() as connection:
        for created, name in ((1, first), (2, second)):
            connection.execute(
                text("INSERT INTO workspaces (id, name, display_name, created_ns) VALUES (:id, :name, 'x', :at)"),
                {"id": name, "name": f"w{created}", "at": created},
            )
    indexer.step()
    queries = place.queries(indexer)
    assert spans_of(queries, first, 1) == ["s1"]
    assert spans_of(queries, second, 1) == []


def test_a_workspace_s_own_folder_decides_whose_its_spans_are(sqlite_place: Place) -> None:
    spool(sqlite_place.spools / "w2", [make_span(1, 1, workspace_id="w1"), make_span(1, 2, workspace_id="")])
    indexer = sqlite_place.indexer()
    indexer.step()
    queries = sqlite_place.queries(indexer)
    assert spans_of(queries, "w1", 1) == []
    assert spans_of(queries, "w2", 1) == ["s1", "s2"]
    indexer.roll()
    indexer.step()
    assert list((sqlite_place.spools / "w2").iterdir()) == []


def test_segments_are_rolled_by_size_and_by_age(sqlite_place: Place) -> None:
    spool(sqlite_place.spools, [make_span(number, 1) for number in range(50)])
    by_size = sqlite_place.indexer(roll_rows=50)
    by_size.step()
    assert by_size.tail.rows == 0
    assert [segment.rows for segment in by_size.manifest.segments("w1")] == [50]
    spool(sqlite_place.spools, [make_span(1000, 1)])
    by_age = sqlite_place.indexer(roll_age_s=0.05)
    by_age.step()
    assert by_age.tail.rows == 1
    time.sleep(0.06)
    by_age.step()
    assert by_age.tail.rows == 0


def test_rows_that_no_query_could_read_are_refused_and_the_others_kept(sqlite_place: Place, caplog: pytest.LogCaptureFixture) -> None:
    good = make_span(1, 1)
    odd: list[SpanRecord] = [
        make_span(1, 2, workspace_id="../../etc"),
        SpanRecord(trace_id="XYZ", span_id="1" * 16, name="n", kind="node", start_ns=1, duration_ns=1),
        make_span(1, 3, start_ns="yesterday"),
        make_span(1, 4, start_ns=2**64),
        make_span(1, 5, name=None),
    ]
    unknown_kind = make_span(1, 6, kind="quantum", status="wobbly")
    spool(sqlite_place.spools, [good, *odd, unknown_kind])
    indexer = sqlite_place.indexer()
    with caplog.at_level(logging.WARNING):
        indexer.step()
    assert "5 spans were refused" in caplog.text
    found = sqlite_place.queries(indexer).get_trace("w1", trace_id(1))
    assert [(record.name, record.kind, record.status) for record in found] == [("s1", "node", "ok"), ("s6", "internal", "unset")]


def write_frames(path: Path, *frames: Callable[[bytes], bytes]) -> None:
    marker = new_marker()
    path.write_bytes(prologue(marker) + b"".join(make(marker) for make in frames))


def spans_frame(*records: SpanRecord) -> Callable[[bytes], bytes]:
    return lambda marker: frame(marker, FrameKind.SPANS, batch([encode_row(record) for record in records]))


def test_damage_is_named_in_the_log_and_costs_only_itself(sqlite_place: Place, caplog: pytest.LogCaptureFixture) -> None:
    path = sqlite_place.spools / "x.spool"
    write_frames(
        path,
        spans_frame(make_span(1, 1)),
        lambda _: b"\xff" * 40,
        lambda marker: frame(marker, FrameKind.SPANS, b"no msgpack array"),
        spans_frame(make_span(1, 2)),
    )
    indexer = sqlite_place.indexer()
    with caplog.at_level(logging.ERROR):
        indexer.step()
    assert spans_of(sqlite_place.queries(indexer), "w1", 1) == ["s1", "s2"]
    assert "40 bytes" in caplog.text
    assert str(path) in caplog.text
    assert "cannot be read" in caplog.text


def test_the_same_span_from_two_spools_and_two_segments_shows_once(sqlite_place: Place) -> None:
    indexer = sqlite_place.indexer()
    twice = [make_span(1, 1, kind="llm", prompt_tokens=5, model="m", cost_micros=1, endpoint="e")]
    for _ in range(3):
        spool(sqlite_place.spools, twice * 2)
        indexer.step()
        indexer.roll()
    spool(sqlite_place.spools, twice)
    indexer.step()
    queries = sqlite_place.queries(indexer)
    assert spans_of(queries, "w1", 1) == ["s1"]
    (summary,) = queries.list_traces("w1", TraceFilter())
    assert (summary.spans, summary.prompt_tokens, summary.cost_micros) == (1, 5, 1)
    counts = queries.count_calls("w1", 0)
    assert (counts.requests, counts.tokens) == (1, 5)


def test_a_database_that_fails_loses_nothing_and_shows_nothing_twice(sqlite_place: Place) -> None:
    spool(sqlite_place.spools, [make_span(1, 1)])
    indexer = sqlite_place.indexer()
    indexer.step()
    with sqlite_place.engine.begin() as connection:
        connection.execute(text("ALTER TABLE telemetry_spools RENAME TO away"))
    with pytest.raises(SQLAlchemyError):
        indexer.roll()
    written = sqlite_place.files()
    assert len(written) == 1
    assert spans_of(sqlite_place.queries(indexer), "w1", 1) == ["s1"]
    with sqlite_place.engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO telemetry_spools"))
    indexer.step()
    assert sqlite_place.files() == written
    assert [segment.rows for segment in indexer.manifest.segments("w1")] == [1]
    assert indexer.tail.rows == 0


def test_a_commit_whose_answer_was_lost_is_not_made_twice(place: Place) -> None:
    spool(place.spools, [make_span(1, 1)])
    indexer = place.indexer()
    indexer.step()
    indexer.roll()
    segments = indexer.manifest.segments("w1")
    positions = indexer.manifest.positions()
    indexer.manifest.add(segments, positions)
    assert indexer.manifest.segments("w1") == segments
    assert indexer.manifest.positions() == positions


def test_a_folder_that_cannot_be_written_keeps_the_spans_for_later(sqlite_place: Place) -> None:
    spool(sqlite_place.spools, [make_span(1, 1)])
    sqlite_place.segments.write_text("not a folder")
    indexer = sqlite_place.indexer()
    indexer.step()
    with pytest.raises(OSError, match=r"exists|directory"):
        indexer.roll()
    assert indexer.tail.rows == 1
    sqlite_place.segments.unlink()
    indexer.roll()
    assert spans_of(sqlite_place.queries(indexer), "w1", 1) == ["s1"]


@pytest.mark.integration
def test_a_flushed_span_shows_within_a_second(place: Place) -> None:
    with place.engine.begin() as connection:
        connection.execute(text("INSERT INTO workspaces (id, name, display_name, created_ns) VALUES ('w0', 'w0', 'x', 1)"))
    store = TelemetryStore(place.engine, place.spools, SegmentFiles(place.segments))
    store.start()
    try:
        waits: list[float] = []
        for number in range(1, 6):
            spool(place.spools, [make_span(number, 1)])
            began = time.monotonic()
            while not spans_of(store.queries, "w1", number) and time.monotonic() - began < 5:
                time.sleep(0.01)
            waits.append(time.monotonic() - began)
        assert sorted(waits)[len(waits) // 2] < 1.0
    finally:
        store.stop()
    assert store.indexer.tail.rows == 0
    assert len(store.indexer.manifest.segments("w1")) >= 1
    assert list(place.spools.iterdir()) == []


def test_a_frame_that_cannot_be_read_is_kept_aside_and_what_follows_is_indexed(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (place.spools / "w1").mkdir()
    poison = request({"id": 1, "name": "poison"}).SerializeToString()
    payloads = [(FrameKind.OTLP_TRACES, poison), (FrameKind.OTLP_TRACES, request({"id": 2}).SerializeToString())]
    path = place.spools / "w1" / f"otlp-{new_id()}.spool"
    file = SpoolFile(path)
    for kind, payload in [*payloads, (FrameKind.OTLP_LOGS, b"no protobuf")]:
        file.append_frame(kind, payload)
    file.finish()
    from flowyard.tracing.otlp import decode

    def broken(message: Any, *given: Any) -> Iterator[SpanRecord]:
        if message.resource_spans[0].scope_spans[0].spans[0].name == "poison":
            raise RecursionError("a defect of the decoder")
        return spans_of_request(message, *given)

    spans_of_request = decode.spans_of
    monkeypatch.setattr(decode, "spans_of", broken)
    indexer = place.indexer()
    indexer.step()
    assert spans_of(place.queries(indexer), "w1", 1) == ["s2"]
    indexer.roll()
    indexer.step()
    assert not path.exists()
    kept = sorted(found.read_bytes() for found in path.parent.iterdir())
    assert kept == sorted([poison, b"no protobuf"])
    assert all(found.suffix == UNREADABLE and found.stat().st_mode & 0o777 == 0o600 for found in path.parent.iterdir())
    assert caplog.text.count("It is kept in") == 2


@pytest.mark.parametrize("ended", [False, True], ids=["goes on", "has ended"])
def test_rows_that_the_tail_does_not_take_come_again(place: Place, monkeypatch: pytest.MonkeyPatch, *, ended: bool) -> None:
    sink = spool(place.spools, [make_span(1, 1), make_span(1, 2)], close=ended)
    (path,) = place.spools.glob("*.spool")
    indexer = place.indexer()

    def full(tables: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(indexer.tail, "add", full)
        with pytest.raises(MemoryError):
            indexer.step()
        indexer.roll()
    assert path.exists()
    again = place.indexer()
    again.step()
    again.roll()
    assert spans_of(place.queries(again), "w1", 1) == ["s1", "s2"]
    sink.close()


def test_segments_are_for_their_owner_alone(place: Place) -> None:
    spool(place.spools, [make_span(1, 1)])
    indexer = place.indexer()
    indexer.step()
    indexer.roll()
    files = [found for found in place.segments.rglob("*") if found.is_file()]
    assert len(files) == 3
    assert {found.stat().st_mode & 0o777 for found in files} == {0o600}


def test_a_frame_none_of_whose_rows_can_be_stored_is_refused_as_a_whole(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    spool(place.spools, [make_span(1, 1, start_ns=1 << 70), make_span(1, 2, start_ns=1 << 70)], name="a")
    spool(place.spools, [make_span(1, 3)], name="b")
    indexer = place.indexer()
    indexer.step()
    assert spans_of(place.queries(indexer), "w1", 1) == ["s3"]
    assert "2 spans were refused" in caplog.text
    assert not list(place.spools.glob(f"*{UNREADABLE}"))


def test_the_backlog_is_told_by_workspace(sqlite_place: Place) -> None:
    sizes: dict[str, int] = {}
    for workspace, requests in (("w1", 3), ("w2", 1)):
        (sqlite_place.spools / workspace).mkdir()
        file = SpoolFile(sqlite_place.spools / workspace / f"otlp-{new_id()}.spool")
        for number in range(requests):
            sent = request({"id": number + 1, "trace": number + 1, "attributes": {"text": "x" * 400}})
            file.append_frame(FrameKind.OTLP_TRACES, sent.SerializeToString())
        file.finish()
        sizes[workspace] = file.path.stat().st_size
    indexer = sqlite_place.indexer()
    indexer._find()  # pyright: ignore[reportPrivateUsage]  (a step would read them at once)
    assert indexer.backlog("w1") == Backlog(sum(sizes.values()), sizes["w1"], 2)
    assert indexer.backlog("w2").own_bytes == sizes["w2"]
    assert indexer.backlog("w3") == Backlog(sum(sizes.values()), 0, 2)
    indexer.step()
    assert indexer.backlog("w1") == Backlog(0, 0, 0)


def test_who_has_more_than_a_share_of_too_much_waits() -> None:
    assert not Backlog(all_bytes=100, own_bytes=100, workspaces=1).is_over(100)
    assert Backlog(all_bytes=101, own_bytes=101, workspaces=1).is_over(100)
    assert Backlog(all_bytes=120, own_bytes=90, workspaces=2).is_over(100)
    assert not Backlog(all_bytes=120, own_bytes=30, workspaces=2).is_over(100)
    assert not Backlog(all_bytes=90, own_bytes=60, workspaces=2).is_over(100)


def test_a_backlog_is_read_in_parts_and_holds_up_nobody_else(sqlite_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a workspace's files one after the other; each is deleted as soon as it stands in segments, and others' spans come in between."""
    monkeypatch.setattr(spools, "READ_BYTES", 1000)
    folder = sqlite_place.spools / "w1"
    folder.mkdir()
    for file in range(3):
        backlog = SpoolFile(folder / f"otlp-{new_id()}.spool")
        for number in range(8):
            sent = request({"id": number + 1, "trace": file + 1, "attributes": {"text": "x" * 400}})
            backlog.append_frame(FrameKind.OTLP_TRACES, sent.SerializeToString())
        backlog.finish()
    spool(sqlite_place.spools, [make_span(9, 1)])
    indexer = sqlite_place.indexer(roll_rows=4)
    seen: list[tuple[int, int, bool]] = []
    rolled = indexer.roll

    def roll() -> None:
        rolled()
        other = spans_of(sqlite_place.queries(indexer), "w1", 9)
        seen.append((len(list(folder.glob("*.spool"))), indexer.backlog("w1").all_bytes, bool(other)))

    monkeypatch.setattr(indexer, "roll", roll)
    assert indexer.backlog("w1").all_bytes == 0
    indexer.step()
    rolled()
    indexer.step()
    assert indexer.backlog("w1").all_bytes == 0
    assert list(sqlite_place.spools.rglob("*.spool")) == []
    files, waiting, others = zip(*seen, strict=True)
    assert {1, 2, 3} <= set(files)
    assert sorted(waiting, reverse=True) == list(waiting)
    assert others.index(True) <= 1
    queries = sqlite_place.queries(indexer)
    assert [len(spans_of(queries, "w1", trace)) for trace in (1, 2, 3, 9)] == [8, 8, 8, 1]
