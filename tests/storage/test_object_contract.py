"""What an object store promises (`flowyard.storage.objects`), held against a server of S3 and one of Azure Blob Storage."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flowyard.foundation.ids import new_id
from flowyard.storage.objects import ObjectStore, ObjectStoreError
from support.object_store import S3Server


def put(objects: ObjectStore, folder: Path, name: str, data: bytes) -> None:
    file = folder / new_id()
    file.write_bytes(data)
    objects.put(name, file)


def got(objects: ObjectStore, folder: Path, name: str) -> bytes:
    file = folder / new_id()
    objects.get(name, file)
    return file.read_bytes()


def test_what_was_put_last_is_what_is_got(tmp_path: Path, objects: ObjectStore) -> None:
    objects.check()
    assert list(objects.list("")) == []
    for data in (b"first", b"second", b""):
        put(objects, tmp_path, "a/b.parquet", data)
        assert got(objects, tmp_path, "a/b.parquet") == data


def test_what_is_not_there_says_so_and_leaves_nothing(tmp_path: Path, objects: ObjectStore) -> None:
    with pytest.raises(FileNotFoundError):
        objects.get("never", tmp_path / "deep" / "file")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    objects.delete("never")
    put(objects, tmp_path, "once", b"x")
    objects.delete("once")
    objects.delete("once")
    with pytest.raises(FileNotFoundError):
        objects.get("once", tmp_path / "file")


def test_lists_name_what_is_below_whole_parts_with_its_size(tmp_path: Path, objects: ObjectStore) -> None:
    for name, size in (("spans/w1/a", 3), ("spans/w1/b", 0), ("spans/w10/c", 5), ("logs/w1/d", 1)):
        put(objects, tmp_path, name, b"x" * size)
    listed = {prefix: sorted((one.name, one.bytes) for one in objects.list(prefix)) for prefix in ("spans/w1", "spans/", "none", "")}
    assert listed["spans/w1"] == [("spans/w1/a", 3), ("spans/w1/b", 0)]
    assert listed["spans/"] == [*listed["spans/w1"], ("spans/w10/c", 5)]
    assert listed["none"] == []
    assert len(listed[""]) == 4


def test_a_list_of_more_than_one_page_is_whole(tmp_path: Path, s3: S3Server) -> None:
    bucket = f"bucket-{new_id()}"
    s3.make_bucket(bucket)
    objects = ObjectStore(f"s3://{bucket}/x")
    file = tmp_path / "one"
    file.write_bytes(b"1")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: objects.put(f"many/{number:04}", file), range(1_005)))
    assert [one.name for one in objects.list("many")] == [f"many/{number:04}" for number in range(1_005)]


def test_readers_beside_a_writer_see_the_one_or_the_other_whole(tmp_path: Path, objects: ObjectStore) -> None:
    versions = [bytes([number]) * 300_000 for number in range(4)]
    put(objects, tmp_path, "same", versions[0])
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(lambda: [put(objects, tmp_path, "same", data) for data in versions])
        while not writing.done():
            assert got(objects, tmp_path, "same") in versions
        writing.result()
    assert got(objects, tmp_path, "same") == versions[-1]


def test_two_prefixes_of_one_bucket_know_nothing_of_each_other(tmp_path: Path, objects: ObjectStore) -> None:
    other = ObjectStore(objects.url.replace("some/prefix", "some/prefix-2"))
    put(objects, tmp_path, "a", b"1")
    assert list(other.list("")) == []
    put(other, tmp_path, "a", b"2")
    assert got(objects, tmp_path, "a") == b"1"


def test_a_store_that_refuses_says_so(s3: S3Server) -> None:
    with pytest.raises(ObjectStoreError, match=r"s3://not-there/x does not do what is asked"):
        ObjectStore("s3://not-there/x").check()
    bucket = f"bucket-{new_id()}"
    s3.make_bucket(bucket)
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
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, env=environment, text=True) as holder:
        assert holder.stdout is not None
        process = Path(f"/proc/{int(holder.stdout.readline())}/cmdline")
        assert "azurite" in process.read_text()
        holder.kill()
    until = time.monotonic() + 10
    while process.exists() and process.read_text():
        assert time.monotonic() < until, "it runs on"
        time.sleep(0.02)
