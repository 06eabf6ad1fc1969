"""Uploads in pieces: gone on with after a break, kept as a whole or not at all, within limits."""

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from flowyard import Workspace
from flowyard.client import uploads as client
from flowyard.client.errors import NoServerError
from flowyard.client.uploads import Uploads
from flowyard.data import uploads
from flowyard.foundation.codecs import decode
from flowyard.foundation.errors import RemoteError
from flowyard.wire.uploads import Upload, UploadCreate, UploadFileCreate


def begin(ws: Workspace, *files: tuple[str, int], key: str | None = None) -> Upload:
    body = UploadCreate(files=tuple(UploadFileCreate(path=path, bytes=size) for path, size in files), key=key)
    return ws.data._transport.post("uploads", Upload, body=body)


def put(ws: Workspace, upload: Upload, path: str, offset: int, data: bytes) -> Upload:
    headers = {"Content-Type": "application/octet-stream"}
    answer = ws.data._transport.request(
        "PUT", f"uploads/{upload.id}/content", body=data, params={"path": path, "offset": offset}, headers=headers
    )
    return decode(answer.data, Upload)


def refused(call: Any, *arguments: Any, **options: Any) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        call(*arguments, **options)
    return caught.value


@pytest.fixture
def incoming(services: Any) -> Path:
    folder: Path = services.settings.home / "storage/incoming"
    return folder


def test_an_upload_that_broke_off_goes_on(
    ws: Workspace, services: Any, incoming: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_PART", 1000)
    monkeypatch.setattr(client, "_WAIT_S", 0.0)
    folder = tmp_path / "set"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.csv").write_bytes(os.urandom(3500))
    (folder / "deep/b.csv").write_bytes(b"q\n1\n")
    (folder / "empty.csv").touch()
    sent: list[int] = []

    def broken(done: int, total: int) -> None:
        sent.append(done)
        if done >= 2000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ws.data.create("set", folder, on_progress=broken)
    assert sent == [0, 1000, 2000]
    went_on: list[int] = []
    made = ws.data.create("set", folder, on_progress=lambda done, total: went_on.append(done))
    assert went_on == [2000, 3000, 3500, 3504]
    assert (made.type, made.files, made.bytes) == ("uri_folder", 3, 3504)
    assert ws.data.read("set", path="a.csv") == (folder / "a.csv").read_bytes()
    assert not list(incoming.glob("*/*"))


def test_a_part_whose_answer_was_lost_is_not_sent_twice(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_PART", 10)
    monkeypatch.setattr(client, "_WAIT_S", 0.0)
    file = tmp_path / "a.txt"
    file.write_bytes(b"0123456789abcdef")
    transport = ws.data._transport
    request, lost = transport.request, [True]

    def flaky(method: str, *arguments: Any, **options: Any) -> Any:
        answer = request(method, *arguments, **options)
        if method == "PUT" and lost.pop():
            lost.append(False)
            raise NoServerError("lost")
        lost[:] = [False]
        return answer

    monkeypatch.setattr(transport, "request", flaky)
    reference = Uploads(transport).send([("a.txt", file)]).reference
    monkeypatch.undo()
    assert ws.data._transport.post("data", dict, body={"name": "a", "upload": reference})["bytes"] == 16
    assert ws.data.read("a") == b"0123456789abcdef"


def test_many_small_files_go_as_one_archive_and_are_the_same_data(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "many"
    (folder / "deep").mkdir(parents=True)
    for number in range(30):
        (folder / "deep" / f"{number}.txt").write_text(f"text {number}")
    told: list[tuple[int, int]] = []
    asked: list[str] = []
    transport, size = ws.data._transport, sum(file.stat().st_size for file in folder.rglob("*.txt"))
    request = transport.request
    monkeypatch.setattr(transport, "request", lambda method, path, **options: asked.append(path) or request(method, path, **options))
    archived = ws.data.upload(folder, on_progress=lambda done, total: told.append((done, total)))
    assert (asked, told) == (["runs/data"], [(size, size)])
    monkeypatch.setattr(client, "_MANY", 30)
    assert ws.runs.upload(folder) == archived
    assert len(asked) == 1 + 30 + 2


def test_parts_go_where_the_file_ends(ws: Workspace, incoming: Path) -> None:
    upload = begin(ws, ("a", 6), ("b/c", 2))
    assert put(ws, upload, "a", 0, b"123").received == 3
    wrong = refused(put, ws, upload, "a", 0, b"123")
    assert (wrong.remote.code, wrong.extra) == ("UploadOffset", {"received": 3})
    assert refused(put, ws, upload, "none", 0, b"1").remote.code == "InvalidInput"
    assert refused(put, ws, upload, "a", 3, b"4567").remote.code == "DataLimit"
    incomplete = refused(ws.data._transport.post, f"uploads/{upload.id}/complete", dict)
    assert "2 files are not whole, such as 'a': 3 of 6 bytes" in incomplete.message
    ws.data._transport.delete(f"uploads/{upload.id}")
    assert not list(incoming.glob("*/*"))
    assert refused(put, ws, upload, "a", 3, b"456").remote.code == "UploadNotOpen"
    assert refused(ws.data._transport.get, "uploads/..", Upload).remote.status == 404


def test_what_cannot_be_uploaded_is_said_before_it_is_sent(ws: Workspace, services: Any, incoming: Path) -> None:
    for files in ((), (("a", 1), ("a", 1)), (("a", 1), ("a/b", 1)), (("a", -1),), (("/a", 1),), (("x" * 300, 1),)):
        assert refused(begin, ws, *files).remote.code == "InvalidInput"
    assert refused(begin, ws, ("../a", 1)).remote.status == 422
    large = refused(begin, ws, ("a", uploads.MOST_BYTES + 1))
    assert (large.remote.code, str(uploads.MOST_BYTES) in large.message) == ("DataLimit", True)
    services.uploads._most = 1 << 60
    assert "disk has" in refused(begin, ws, ("a", 1 << 59)).message
    assert not list(incoming.glob("*/*"))


def test_one_that_rests_is_dropped(ws: Workspace, incoming: Path) -> None:
    begin(ws, ("a", 1), key="same")
    begin(ws, ("a", 1), key="same")
    (old,) = incoming.glob("*/*")
    past = time.time() - uploads.REST_S - 1
    os.utime(old, (past, past))
    begin(ws, ("b", 1))
    assert old not in set(incoming.glob("*/*"))


def test_one_that_ends_while_another_begins_is_no_error(ws: Workspace, incoming: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(root: Path) -> list[Path]:
        assert root == incoming
        return [root / "workspace" / ".ended-meanwhile"]

    monkeypatch.setattr(uploads, "_folders", listed)
    assert begin(ws, ("a.bin", 3)).received == 0


def test_two_writers_of_one_version_of_whom_one_wins(engine: Any, tmp_path: Path) -> None:
    from flowyard.data.errors import DataAssetExistsError
    from flowyard.data.model import DataAssetRecord
    from flowyard.foundation.ids import new_id
    from flowyard.foundation.settings import read_settings
    from flowyard.identity.audit import audit_record
    from flowyard.storage.sql.data import SqlDataAssetStore
    from flowyard.wiring.core import assemble_core

    core = assemble_core(read_settings({}, home=tmp_path / "home"), engine)
    caller = core.sign_in.by_key(core.identity.bootstrap().api_key).enter("default")
    store, outcomes = SqlDataAssetStore(engine), list[str]()
    start = threading.Barrier(4)

    def write(number: int) -> None:
        record = DataAssetRecord(
            id=new_id(), workspace_id=caller.workspace_id, name="d", version="1", type="uri_file",
            reference=f"upload:{number}", fingerprint="f",
            bytes=1, files=1, created_ns=1, created_by="a",
        )  # fmt: skip
        start.wait()
        try:
            store.add(record, audit_record(caller, "data.create", "data/d/1"))
            outcomes.append("won")
        except DataAssetExistsError as error:
            outcomes.append(str(error.remedy))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Leave the version out: the next whole number is taken."] * 3 + ["won"]
    (kept,) = store.versions(caller.workspace_id, "d")
    with pytest.raises(IntegrityError):  # of another version with the same id nobody says that it is there
        store.add(replace(kept, version="2"), audit_record(caller, "data.create", "data/d/2"))
