"""Segments in an object store: the folder is a cache, what counts is there, and a store that is away costs nothing but time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
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
from flowyard.storage.telemetry.sql.runner import SubprocessRunner
from flowyard.storage.telemetry.verifying import verify_segments
from flowyard.tracing.ports import TraceFilter
from flowyard.wire.logs import LogQuery
from support.object_store import AzureServer, S3Server, azure_server, s3_server
from support.spans import START_NS, make_span, spool, trace_id

_END_NS = START_NS + 10**15


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as made:
        yield made


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureServer]:
    with azure_server(tmp_path_factory.mktemp("azurite")) as made:
        yield made


@pytest.fixture(params=["s3", pytest.param("azure", marks=pytest.mark.integration)])
def objects(request: pytest.FixtureRequest) -> ObjectStore:
    """A store with nothing in it."""
    name = f"objects-{new_id()}"
    if request.param == "s3":
        request.getfixturevalue("server").make_bucket(name)
        return ObjectStore(f"s3://{name}/some/prefix")
    request.getfixturevalue("azure").make_container(name)
    return ObjectStore(f"az://{name}/some/prefix")


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
    answer = SubprocessRunner(second.queries.reader).run("w1", LogQuery(query="SELECT count(*) FROM spans"), 0, _END_NS)
    assert (answer.rows, answer.warnings) == (((3,),), ())
    assert second.queries.get_trace("w2", trace_id(1)) == []


def test_a_roll_waits_for_the_store_and_nothing_is_lost(
    tmp_path: Path, engine: Engine, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowyard.storage.objects._RETRIES", 0)
    bucket = f"bucket-{new_id()}"
    server.make_bucket(bucket)
    machine = Machine(tmp_path, engine, ObjectStore(f"s3://{bucket}"))
    machine.take(1)
    server.stop()
    try:
        spool(machine.spools, [make_span(1, 2)], name="later")
        machine.indexer.step()
        with pytest.raises(ObjectStoreError, match="s3://"):
            machine.indexer.roll()
        assert machine.ids() == [1, 2]
        assert len(machine.here()) == 1
        assert list(machine.spools.glob("later-*"))
    finally:
        server.start()
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


def test_a_store_that_refuses_says_so(server: S3Server) -> None:
    with pytest.raises(ObjectStoreError, match=r"s3://not-there/x does not do what is asked"):
        ObjectStore("s3://not-there/x").check()
    bucket = f"bucket-{new_id()}"
    server.make_bucket(bucket)
    store = ObjectStore(f"s3://{bucket}/x")
    store.check()
    assert list(store.list("")) == []


def test_an_empty_file_and_one_of_many_parts_come_back_as_they_were(tmp_path: Path, objects: ObjectStore) -> None:
    for size in (0, 20_000_000):
        file = tmp_path / f"{size}"
        file.write_bytes(os.urandom(size))
        objects.put(f"a/{size}", file)
        objects.get(f"a/{size}", tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == file.read_bytes()
    assert [(found.name, found.bytes) for found in objects.list("a")] == [("a/0", 0), ("a/20000000", 20_000_000)]
    with pytest.raises(FileNotFoundError):
        objects.get("a/none", tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.integration
def test_azurite_ends_with_whoever_started_it(tmp_path: Path) -> None:
    start = (
        "import sys, time; from pathlib import Path; from support.object_store import AzureServer\n"
        f"print(AzureServer(Path({str(tmp_path)!r}))._process.pid, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, env=environment, text=True) as holder:
        assert holder.stdout is not None
        process = Path(f"/proc/{int(holder.stdout.readline())}/cmdline")
        assert "azurite" in process.read_text()
        holder.kill()
    until = time.monotonic() + 10
    while process.exists() and process.read_text():
        assert time.monotonic() < until, "it runs on"
        time.sleep(0.02)
