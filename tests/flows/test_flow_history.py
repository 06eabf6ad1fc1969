"""Versions of flows over HTTP: who changed what, on disk too; compared, named, brought back; flows cloned, packed and unpacked."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import history as module
from flowyard.flows.history import FlowHistory


@pytest.fixture
def flows(client: Any, owner: dict[str, str]) -> Any:
    """Calls the routes of the workspace's flows in process."""

    def call(method: str, path: str = "", *, headers: dict[str, str] | None = None, **options: Any) -> Any:
        return client.request(method, f"/api/v1/workspaces/default/flows{path}", headers=owner | (headers or {}), **options)

    return call


@pytest.fixture
def folder(flows: Any, services: Any) -> Path:
    assert flows("POST", json={"name": "words", "template": "python"}).status_code == 201
    return services.settings.home / "workspaces" / "default" / "flows" / "words"


def _write(flows: Any, path: str, content: str) -> None:
    assert flows("PUT", f"/words/files/{path}", json={"content": content}, headers={"If-Match": "*"}).status_code == 200


def _history(flows: Any) -> list[Any]:
    return flows("GET", "/words/history").json()["items"]


def _changes(version: Any) -> dict[str, str]:
    return {change["path"]: change["change"] for change in version["changes"]}


def test_edits_of_one_author_are_one_version_and_those_on_disk_another(flows: Any, folder: Path) -> None:
    (first,) = _history(flows)
    assert _changes(first) == {"count.py": "added", "flow.dag.yaml": "added", "split.py": "added"}
    author = first["author"]
    assert author
    flows("PUT", f"/words/history/{first['id']}/name", json={"name": "as it began"})
    _write(flows, "split.py", "one\n")
    _write(flows, "split.py", "two\n")
    folder.joinpath("notes.md").write_text("written by an editor\n")
    folder.joinpath("count.py").unlink()
    _write(flows, "split.py", "three\n")
    newest, on_disk, edits, named = _history(flows)
    assert (newest["author"], _changes(newest)) == (author, {"split.py": "changed"})
    assert (on_disk["author"], _changes(on_disk)) == (None, {"count.py": "removed", "notes.md": "added"})
    assert (edits["author"], _changes(edits)) == (author, {"split.py": "changed"})
    assert (named["name"], named["id"]) == ("as it began", first["id"])
    diff = flows("GET", f"/words/history/{edits['id']}/diff").json()
    assert [(file["path"], file["change"], file["after"]) for file in diff["files"]] == [("split.py", "changed", "two\n")]
    both = flows("GET", f"/words/history/{first['id']}/diff", params={"against": "current"}).json()
    assert {file["path"]: file["change"] for file in both["files"]} == {"count.py": "removed", "notes.md": "added", "split.py": "changed"}


def test_a_version_comes_back_byte_for_byte_and_so_does_what_was_there_before(flows: Any, folder: Path) -> None:
    began = {file.name: file.read_bytes() for file in folder.iterdir()}
    (first,) = _history(flows)
    assert flows("PUT", "/words/history/current/name", json={"name": " "}).status_code == 422
    _write(flows, "split.py", "broken\n")
    folder.joinpath("raw.bin").write_bytes(bytes(range(256)))
    after = {file.name: file.read_bytes() for file in folder.iterdir()}
    before_restore = _history(flows)[0]
    restored = flows("POST", f"/words/history/{first['id']}/restore").json()
    assert (restored["restored_from"], _changes(restored)) == (first["id"], {"raw.bin": "removed", "split.py": "changed"})
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == began
    flows("POST", f"/words/history/{before_restore['id']}/restore")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == after
    assert flows("POST", "/words/history/0197/restore").status_code == 404
    assert flows("GET", "/words/history/..%2f..%2fx/diff").status_code == 404


def test_an_edit_that_is_taken_back_at_once_is_no_version(flows: Any, folder: Path) -> None:
    text = folder.joinpath("split.py").read_text()
    (first,) = _history(flows)
    _write(flows, "split.py", "x\n")
    assert len(_history(flows)) == 2
    _write(flows, "split.py", text)
    assert _history(flows) == [first]


def test_old_versions_without_a_name_go_and_so_do_their_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VERSIONS", 30)
    monkeypatch.setattr(module, "TOGETHER_NS", 0)
    folder = tmp_path / "default" / "flows" / "words"
    folder.mkdir(parents=True)
    history = FlowHistory(tmp_path)
    file = folder / "a.txt"
    file.write_text("the first")
    history.name(folder, history.take(folder, "ada").id, "kept")
    for number in range(80):
        file.write_text(f"{number}")
        history.take(folder, "ada" if number % 2 else None)
    versions = history.versions(folder)
    assert versions[-1].name == "kept"
    assert 31 <= len(versions) <= 51
    objects = list((tmp_path / "default" / "history" / "words" / "objects").iterdir())
    assert len(objects) == len(versions)
    assert history.contents(folder, history.get(folder, versions[-1].id)) == {"a.txt": b"the first"}


def test_flows_are_cloned_packed_and_unpacked(flows: Any, folder: Path) -> None:
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert flows("POST", "/words/clone", json={"name": "other"}).status_code == 201
    assert {file.name: file.read_bytes() for file in folder.with_name("other").iterdir()} == files
    assert flows("POST", "/words/clone", json={"name": "other"}).status_code == 409
    assert flows("POST", "/words/clone", json={"name": "../x"}).status_code == 422
    packed = flows("GET", "/words/archive")
    assert packed.headers["content-disposition"] == 'attachment; filename="words.zip"'
    made = flows("POST", "/import", params={"name": "again"}, content=packed.content, headers={"Content-Type": "application/zip"})
    assert (made.status_code, made.json()["nodes"]) == (201, 2)
    assert {file.name: file.read_bytes() for file in folder.with_name("again").iterdir()} == files
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.md", "no flow")
    refused = flows("POST", "/import", params={"name": "none"}, content=target.getvalue(), headers={"Content-Type": "application/zip"})
    assert (refused.status_code, "readme.md" in refused.json()["detail"]) == (422, True)


def test_a_large_file_is_listed_and_left_alone(flows: Any, folder: Path) -> None:
    (first,) = _history(flows)
    flows("PUT", "/words/history/current/name", json={"name": "begun"})
    folder.joinpath("data.jsonl").write_text("x" * (4 * 1024 * 1024 + 1))
    assert flows("GET", "/words/files/data.jsonl").json()["content"] is None
    newest = _history(flows)[0]
    assert _changes(newest) == {"data.jsonl": "added"}
    assert flows("GET", f"/words/history/{newest['id']}/diff").json()["files"][0]["after"] is None
    assert flows("POST", f"/words/history/{first['id']}/restore").status_code == 200
    assert folder.joinpath("data.jsonl").is_file()
