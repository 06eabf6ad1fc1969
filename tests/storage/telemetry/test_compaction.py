import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard.foundation.clock import now_ns
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.compaction import HOUR_NS, Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.ports import TraceFilter
from support.spans import START_NS, make_span, spool, trace_id

LONG_AGO = 3600 * 24


class Opened:
    def __init__(self, folder: Path, home: Path) -> None:
        self.engine = open_engine(f"sqlite:///{home / 'metadata.db'}")
        self.spools, self.segments = folder / "spools", folder / "segments"
        self.indexer = Indexer(self.engine, self.spools, SegmentFiles(self.segments), default_workspace="w1")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, SegmentFiles(self.segments))
        self.upkeep = Upkeep(self.indexer.manifest, SegmentFiles(self.segments))

    def put(self, trace: int, number: int, **fields: object) -> None:
        spool(self.spools, [make_span(trace, number, **fields)])
        self.indexer.step()
        self.indexer.roll()


@pytest.fixture
def opened(tmp_path: Path, home: Path) -> Iterator[Opened]:
    place = Opened(tmp_path, home)
    yield place
    place.queries.close()
    place.engine.dispose()


def test_small_segments_of_an_hour_become_one_without_doubles(opened: Opened) -> None:
    for number in (1, 2, 3, 1):
        opened.put(1, number)
    opened.put(1, 1, workspace_id="w2")
    opened.put(2, 1, start_ns=START_NS + 2 * HOUR_NS)
    before = opened.queries.list_traces("w1", TraceFilter())
    assert opened.upkeep.compact(now_ns() + HOUR_NS) == 1
    assert sorted(segment.rows for segment in opened.indexer.manifest.all_segments()) == [1, 1, 3]
    assert opened.queries.list_traces("w1", TraceFilter()) == before
    assert [span.name for span in opened.queries.get_trace("w1", trace_id(1))] == ["s1", "s2", "s3"]
    assert opened.upkeep.compact(now_ns() + HOUR_NS) == 0


def test_what_is_not_an_hour_old_stays_as_it_is(opened: Opened) -> None:
    for number in (1, 2):
        opened.put(1, number)
    assert opened.upkeep.compact(now_ns() - HOUR_NS) == 0


def test_replaced_files_stay_for_those_who_read_them_and_go_after_the_grace(opened: Opened) -> None:
    for number in (1, 2):
        opened.put(1, number)
    old = opened.indexer.manifest.segments("w1")
    opened.upkeep.compact(now_ns())
    opened.upkeep.clear()
    assert all((opened.segments / segment.path).exists() for segment in old)
    stale = time.time() - LONG_AGO
    for path in opened.segments.rglob("*.*"):
        os.utime(path, (stale, stale))
    opened.upkeep.clear()
    assert not any((opened.segments / segment.path).exists() for segment in old)
    assert len(opened.queries.get_trace("w1", trace_id(1))) == 2


def test_a_damaged_segment_is_left_alone(opened: Opened) -> None:
    for number in (1, 2):
        opened.put(1, number)
    (opened.segments / opened.indexer.manifest.segments("w1")[0].path).write_bytes(b"nothing")
    assert opened.upkeep.compact(now_ns()) == 0
    assert len(opened.indexer.manifest.segments("w1")) == 2


def test_two_that_compact_at_once_do_not_double_anything(opened: Opened) -> None:
    for number in (1, 2):
        opened.put(1, number)
    segments = opened.indexer.manifest.segments("w1")
    opened.upkeep.compact(now_ns())
    assert not opened.indexer.manifest.replace(segments, None)
    assert [segment.rows for segment in opened.indexer.manifest.segments("w1")] == [2]
