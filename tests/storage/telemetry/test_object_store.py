"""Segments in an object store: the folder is a cache, what counts is there, and a store that is away costs nothing but time."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flowyard.foundation.clock import now_ns
from flowyard.foundation.ids import new_id
from flowyard.storage.objects import ObjectStore, ObjectStoreError
from flowyard.storage.telemetry.compaction import Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.segments import add_digest
from flowyard.storage.telemetry.sql.runner import SubprocessRunner
from flowyard.storage.telemetry.verifying import verify_segments
from flowyard.tracing.ports import TraceFilter
from flowyard.wire.logs import LogQuery
from support.object_store import S3Server
from support.spans import START_NS, make_span, spool, trace_id

_END_NS = START_NS + 10**15


class Machine:
    """An installation whose segments are in an object store; others see the same through another folder."""

    def __init__(self, folder: Path, engine: Engine, objects: ObjectStore, **cache: float) -> None:
        self.folder = folder / "segments"
        self.spools = folder / "spools"
        self.spools.mkdir(parents=True)
        self.files = SegmentFiles(self.folder, objects, **{name: int(value) for name, value in cache.items()})
        self.indexer = Indexer(engine, self.spools, self.files, default_workspace="w1")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, self.files)
        self.upkeep = Upkeep(self.indexer.manifest, self.files, grace_s=0)

    def take(self, *ids: int) -> None:
        """Index spans as a segment."""
        spool(self.spools, [make_span(1, span) for span in ids], name=f"s{ids[0]}")
        self.indexer.step()
        self.indexer.roll()

    def ids(self) -> list[int]:
        """Which spans of the trace there are."""
        return sorted(int(span.span_id, 16) for span in self.queries.get_trace("w1", trace_id(1)))

    def here(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.parquet"))


def rows_of(objects: ObjectStore) -> list[str]:
    return sorted(found.name for found in objects.list("") if found.name.endswith(".parquet"))


def test_another_machine_answers_every_kind_of_question_from_the_store(tmp_path: Path, engine: Engine, objects: ObjectStore) -> None:
    first = Machine(tmp_path / "a", engine, objects)
    first.take(1, 2)
    first.take(3)
    assert rows_of(objects) == first.here()
    assert len(first.here()) == 2
    second = Machine(tmp_path / "b", engine, objects)
    assert second.here() == []
    assert second.ids() == [1, 2, 3]
    assert second.here() == first.here()
    assert [one.spans for one in second.queries.list_traces("w1", TraceFilter())] == [3]
    answer = SubprocessRunner(second.queries.reader).run("w1", LogQuery(query="SELECT count(*) FROM spans"), 0, _END_NS, frozenset())
    assert (answer.rows, answer.warnings) == (((3,),), ())
    assert second.queries.get_trace("w2", trace_id(1)) == []


def test_a_roll_waits_for_the_store_and_nothing_is_lost(
    tmp_path: Path, engine: Engine, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowyard.storage.objects._RETRIES", 0)
    bucket = f"bucket-{new_id()}"
    s3.make_bucket(bucket)
    machine = Machine(tmp_path, engine, ObjectStore(f"s3://{bucket}"))
    machine.take(1)
    s3.stop()
    try:
        spool(machine.spools, [make_span(1, 2)], name="later")
        machine.indexer.step()
        with pytest.raises(ObjectStoreError, match="s3://"):
            machine.indexer.roll()
        assert machine.ids() == [1, 2]
        assert len(machine.here()) == 1
        assert list(machine.spools.glob("later-*"))
    finally:
        s3.start()
    machine.indexer.roll()
    machine.indexer.step()
    assert not list(machine.spools.glob("later-*"))
    assert Machine(tmp_path / "b", engine, ObjectStore(f"s3://{bucket}")).ids() == [1, 2]


def test_what_a_merge_replaced_leaves_the_store_after_its_grace(tmp_path: Path, engine: Engine, objects: ObjectStore) -> None:
    machine = Machine(tmp_path, engine, objects)
    machine.take(1)
    machine.take(2)
    before = rows_of(objects)
    assert machine.upkeep.compact(now_ns()) == 1
    assert set(rows_of(objects)) > set(before)
    machine.upkeep.clear()
    time.sleep(0.01)
    machine.upkeep.clear()
    assert rows_of(objects) == machine.here()
    assert not set(rows_of(objects)) & set(before)
    assert machine.ids() == [1, 2]


def test_the_cache_is_bounded_and_what_it_lacks_comes_back(tmp_path: Path, engine: Engine, objects: ObjectStore) -> None:
    machine = Machine(tmp_path, engine, objects, cache_bytes=0, rest_s=0)
    machine.take(1)
    machine.upkeep.clear()
    assert machine.here() == []
    assert machine.ids() == [1]
    resting = Machine(tmp_path / "b", engine, objects, cache_bytes=0, rest_s=60)
    assert resting.ids() == [1]
    resting.upkeep.clear()
    assert resting.here() == rows_of(objects)


def test_what_stands_in_the_folder_alone_is_never_evicted(tmp_path: Path, engine: Engine, objects: ObjectStore) -> None:
    machine = Machine(tmp_path, engine, objects, cache_bytes=0, rest_s=0)
    machine.take(1)
    machine.take(2)
    alone, stored = machine.here()
    objects.delete(alone)
    machine.upkeep.clear()
    assert machine.here() == [alone]
    assert machine.ids() == [1, 2]
    assert machine.here() == [alone, stored]


def test_a_damaged_copy_is_fetched_again(tmp_path: Path, engine: Engine, objects: ObjectStore) -> None:
    machine = Machine(tmp_path, engine, objects)
    machine.take(1)
    (name,) = machine.here()
    (machine.folder / name).write_bytes(b"PAR1 no more")
    assert machine.ids() == [1]


def test_verify_looks_at_the_store_not_at_the_cache(tmp_path: Path, engine: Engine, objects: ObjectStore) -> None:
    machine = Machine(tmp_path, engine, objects)
    for span in (1, 2, 3):
        machine.take(span)
    damaged, gone, _ = machine.here()
    broken = tmp_path / "broken"
    broken.write_bytes(b"PAR1 no more")
    objects.put(damaged, broken)
    objects.put("spans/w1/2026-01-01/left.parquet", broken)
    objects.delete(gone)
    machine.upkeep.clear()  # sees what is left over; its grace begins
    found = verify_segments(machine.indexer.manifest, machine.files, "w1", grace_s=-1)
    assert {(one.path, one.trouble) for one in found.findings} == {
        (damaged, "damaged"),
        (gone, "missing"),
        ("spans/w1/2026-01-01/left.parquet", "orphaned"),
    }
    assert not list(machine.folder.rglob("*.part"))


def test_large_values_leave_the_cache_and_what_is_damaged_here_never_gets_to_the_store(
    tmp_path: Path, engine: Engine, objects: ObjectStore
) -> None:
    here = Machine(tmp_path / "a", engine, objects, cache_bytes=0, rest_s=0)
    large = {"flowyard.input": " ".join(map(str, range(10_000)))}
    spool(here.spools, [make_span(1, 1, attributes=large)])
    here.indexer.step()
    here.indexer.roll()
    (segment,) = here.indexer.manifest.all_segments()
    packed, digest = here.files.payloads(segment), here.files.digest(segment)
    # A digest is made again: it alone is put into the store.
    digest.unlink()
    objects.delete(digest.relative_to(here.folder.resolve()).as_posix())
    packed.write_bytes(b"damaged")
    assert add_digest(here.files, segment)
    assert verify_segments(here.indexer.manifest, here.files, "w1", grace_s=-1).findings == ()
    here.files.evict()
    assert not packed.exists()
    assert [span.attributes for span in here.queries.get_trace("w1", trace_id(1))] == [large]
