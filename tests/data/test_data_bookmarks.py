"""Data assets that are bookmarks of what is in a datastore: read where they are, and refused once they are others."""

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.data import bookmarks
from flowyard.data.datastores.model import BUILT_IN
from flowyard.foundation.errors import RemoteError

ROOT = f"azureml://datastores/{BUILT_IN}/paths"


@pytest.fixture
def cache(services: Any) -> Path:
    folder: Path = services.data._bookmarks._cache
    return folder


def refused(call: Any, *arguments: Any, **options: Any) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        call(*arguments, **options)
    assert caught.value.remedy
    return caught.value


def fetched(ws: Workspace, name: str) -> bytes:
    with TemporaryDirectory() as folder:
        ws.data.download(name, Path(folder) / "file")
        return (Path(folder) / "file").read_bytes()


def put(ws: Workspace, path: str, data: bytes) -> None:
    ws.datastores.write(BUILT_IN, path, data)


def test_a_file_is_read_where_it_is_until_it_changes(ws: Workspace, cache: Path) -> None:
    put(ws, "in/rows.jsonl", b'{"q": 1}\n{"q": 2}\n')
    made = ws.data.create("questions", f"{ROOT}/in/rows.jsonl", description="asked", tags={"team": "a"})
    assert (made.version, made.type, made.bytes, made.files, made.rows) == ("1", "uri_file", 18, 1, None)
    assert made.fingerprint.startswith("weak:")
    assert made.origin == {"kind": "datastore", "path": f"{ROOT}/in/rows.jsonl"}
    assert not cache.exists()
    assert [row.values for row in ws.data.preview("questions").rows] == [{"q": 1}, {"q": 2}]
    assert not cache.exists()
    assert fetched(ws, "questions") == b'{"q": 1}\n{"q": 2}\n'
    (kept,) = cache.glob("*/*")
    assert [file.name for file in kept.iterdir()] == ["rows.jsonl"]
    put(ws, "in/rows.jsonl", b'{"q": 3}\n{"q": 4}\n')
    changed = refused(ws.data.preview, "questions")
    assert (changed.remote.code, changed.remote.status) == ("DataChanged", 409)
    assert "1 differ, such as 'in/rows.jsonl'" in changed.message
    assert "found content sha256:" in changed.findings[0].detail
    assert ws.data.create("questions", f"{ROOT}/in/rows.jsonl").version == "2"
    assert [row.values for row in ws.data.preview("questions").rows] == [{"q": 3}, {"q": 4}]


def test_a_folder_with_all_that_is_below_it(ws: Workspace, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, data in {"a.csv": b"q\n1\n", "b.csv": b"q\n2\n", "deep/er/c.csv": b"q\n3\n"}.items():
        put(ws, f"set/{path}", data)
    monkeypatch.setattr(bookmarks, "_PAGE", 1)
    made = ws.data.create("set", f"{ROOT}/set/")
    assert (made.type, made.files, made.bytes) == ("uri_folder", 3, 12)
    assert [row.values for row in ws.data.preview("set").rows] == [{"q": 1}, {"q": 2}]
    assert ws.data.read("set", path="deep/er/c.csv", start=2) == b"3\n"
    assert ws.data.statistics("set", sample=0).rows == 2
    (kept,) = cache.glob("*/*")
    assert (kept / "deep/er/c.csv").read_bytes() == b"q\n3\n"
    put(ws, "set/deep/d.csv", b"q\n4\n")
    assert [finding.detail for finding in refused(ws.data.preview, "set").findings] == ["'set/deep/d.csv': is new."]
    assert ws.data.create("whole", ROOT).files == 4


def test_what_was_not_read_for_a_week_makes_room(ws: Workspace, cache: Path) -> None:
    put(ws, "one.csv", b"q\n1\n")
    ws.data.create("one", f"{ROOT}/one.csv")
    fetched(ws, "one")
    (old,) = cache.glob("*/*")
    past = time.time() - bookmarks.KEPT_S - 1
    os.utime(old, (past, past))
    fetched(ws, "one")
    assert old.stat().st_mtime > past
    os.utime(old, (past, past))
    put(ws, "two.csv", b"q\n2\n")
    ws.data.create("two", f"{ROOT}/two.csv")
    fetched(ws, "two")
    assert old not in set(cache.glob("*/*"))
    assert fetched(ws, "one") == b"q\n1\n"


def test_a_strong_fingerprint_is_of_the_contents(ws: Workspace, tmp_path: Path) -> None:
    put(ws, "in/rows.csv", b"q\n1\n")
    made = ws.data.create("strong", f"{ROOT}/in/rows.csv", fingerprint="strong")
    file = tmp_path / "rows.csv"
    file.write_bytes(b"q\n1\n")
    assert made.fingerprint == f"strong:{ws.data.create('copy', file).fingerprint}"
    put(ws, "in/rows.csv", b"q\n1\n")  # the same again: another etag, no other content
    assert fetched(ws, "strong") == b"q\n1\n"
    put(ws, "in/rows.csv", b"q\n2\n")
    (finding,) = refused(fetched, ws, "strong").findings
    assert "'in/rows.csv': expected content sha256:" in finding.detail
    put(ws, "in/rows.csv", b"q\n11\n")
    assert "expected 4 bytes, found 5 bytes" in refused(ws.data.preview, "strong").findings[0].detail


def test_a_file_that_changed_under_the_same_etag_is_found_when_it_is_read(ws: Workspace, services: Any) -> None:
    put(ws, "one.csv", b"q\n1\n")
    place = services.settings.home / "storage/files"
    (file,) = place.rglob("one.csv")
    before = file.stat()
    ws.data.create("one", f"{ROOT}/one.csv", fingerprint="strong")
    file.write_bytes(b"q\n2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "expected content sha256:" in refused(fetched, ws, "one").findings[0].detail


def test_what_cannot_be_a_bookmark(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(ws, "one.csv", b"q\n1\n")
    put(ws, "set/one.csv", b"q\n1\n")
    put(ws, "set/two.csv", b"q\n1\n")
    assert refused(ws.data.create, "a", f"{ROOT}/none.csv").remote.code == "StoredFileNotFound"
    assert refused(ws.data.create, "a", "azureml://datastores/none/paths/a").remote.code == "DatastoreNotFound"
    assert refused(ws.data.create, "a", "azureml://elsewhere/a").remote.code == "InvalidInput"
    assert refused(ws.data.create, "a", f"{ROOT}/{'x' * 500}").remote.code == "InvalidData"
    assert refused(ws.data.create, "a/b", f"{ROOT}/one.csv").remote.code == "InvalidInput"
    send = ws.data._transport.post
    for body in (
        {"name": "a"},
        {"name": "a", "upload": "upload:1", "path": "x"},
        {"name": "a", "path": f"{ROOT}/one.csv", "type": "uri_folder"},
    ):
        assert refused(send, "data", dict, body=body).remote.code == "InvalidInput"
    monkeypatch.setattr(bookmarks, "MOST_FILES", 1)
    assert "more than 1 files" in refused(ws.data.create, "a", f"{ROOT}/set").message
    monkeypatch.setattr(bookmarks, "MOST_BYTES", 3)
    assert "at most 3 are read" in refused(ws.data.create, "a", f"{ROOT}/one.csv").message
    assert ws.data.list() == ()
