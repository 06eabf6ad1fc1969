"""Data assets over HTTP and from Python, on a real control plane."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.foundation.errors import RemoteError
from support.flow_folders import ECHO, python_node, write_flow

FLOW = {
    "inputs": {"text": {"type": "string"}},
    "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
    "nodes": [{**python_node("say", x="${inputs.text}"), "source": {"type": "code", "path": "say.py"}}],
}


def rows_file(folder: Path, *rows: Any, name: str = "rows.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
    return file


def refused(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(RemoteError) as caught:
        call(*arguments, **options)
    return caught.value.remote.code


def test_versions_count_up_and_never_change(ws: Workspace, tmp_path: Path) -> None:
    first = ws.data.create("questions", rows_file(tmp_path, {"q": 1}), description="what is asked", tags={"team": "a"})
    second = ws.data.create("questions", rows_file(tmp_path, {"q": 1}, {"q": 2}))
    assert (first.version, first.rows, first.type, first.reference) == ("1", 1, "uri_file", "azureml:questions:1")
    assert (first.description, first.tags, first.origin) == ("what is asked", {"team": "a"}, {"kind": "upload"})
    assert (second.version, second.rows, second.versions) == ("2", 2, 2)
    assert first.fingerprint != second.fingerprint
    assert [asset.version for asset in ws.data.versions("questions")] == ["2", "1"]
    assert [(asset.name, asset.version, asset.versions) for asset in ws.data.list()] == [("questions", "2", 2)]
    assert ws.data.get("questions").version == "2"
    assert ws.data.get("questions", "1").rows == 1
    assert refused(ws.data.create, "questions", rows_file(tmp_path, {"q": 3}), version="2") == "DataAssetExists"


def test_a_version_may_have_a_name_and_the_next_number_goes_on(ws: Workspace, tmp_path: Path) -> None:
    file = rows_file(tmp_path, {"q": 1})
    assert ws.data.create("d", file, version="7").version == "7"
    assert ws.data.create("d", file, version="2026-11.rc").version == "2026-11.rc"
    assert ws.data.create("d", file).version == "8"


@pytest.mark.parametrize(
    ("name", "version"), [("", None), ("../x", None), ("a b", None), ("x" * 101, None), ("ok", "a/b"), ("ok", "v" * 31)]
)
def test_names_that_are_none_are_refused(ws: Workspace, tmp_path: Path, name: str, version: str | None) -> None:
    assert refused(ws.data.create, name, rows_file(tmp_path, {"q": 1}), version=version) == "InvalidInput"


def test_what_is_not_there_is_said(ws: Workspace, tmp_path: Path) -> None:
    ws.data.create("d", rows_file(tmp_path, {"q": 1}))
    assert refused(ws.data.get, "nothing") == "DataAssetNotFound"
    assert refused(ws.data.get, "d", "9") == "DataAssetNotFound"
    assert refused(ws.data.archive, "nothing") == "DataAssetNotFound"
    assert refused(ws.data.preview, "nothing") == "DataAssetNotFound"


def test_a_preview_shows_rows_and_what_cannot_be_read(ws: Workspace, tmp_path: Path) -> None:
    ws.data.create("d", rows_file(tmp_path, {"q": "ä", "n": 1}, "{broken\n", {"q": "b", "extra": [1, {"x": None}]}))
    found = ws.data.preview("d", limit=3)
    assert found.columns == ("q", "n", "extra")
    assert found.rows[0].values == {"q": "ä", "n": 1}
    assert found.rows[1].error is not None
    assert "Line 2" in found.rows[1].error
    assert found.rows[2].values["extra"] == [1, {"x": None}]
    assert not found.more
    assert ws.data.preview("d", limit=1).more


def test_a_folder_is_an_asset_too(ws: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    rows_file(folder, {"q": 1}, name="a.jsonl")
    rows_file(folder, {"q": 2}, name="b.jsonl")
    made = ws.data.create("both", folder)
    assert (made.type, made.files, made.rows) == ("uri_folder", 2, 2)
    assert refused(ws.data.download, "both", tmp_path / "x") == "InvalidInput"


def test_a_file_comes_back_as_it_went_in(ws: Workspace, tmp_path: Path) -> None:
    file = rows_file(tmp_path, {"q": "ä" * 1000})
    ws.data.create("d", file)
    ws.data.download("d", tmp_path / "back.jsonl")
    assert (tmp_path / "back.jsonl").read_bytes() == file.read_bytes()


def test_an_archived_asset_is_out_of_the_list_and_goes_on_working(ws: Workspace, tmp_path: Path) -> None:
    ws.data.create("d", rows_file(tmp_path, {"q": 1}))
    ws.data.archive("d")
    assert ws.data.list() == ()
    assert [asset.name for asset in ws.data.list(archived=True)] == ["d"]
    assert ws.data.get("d").archived
    ws.data.restore("d")
    assert [asset.name for asset in ws.data.list()] == ["d"]


def test_a_run_takes_an_asset_and_keeps_its_version(ws: Workspace, tmp_path: Path) -> None:
    flow = write_flow(tmp_path / "answers", FLOW, say__py=ECHO)
    ws.data.create("d", rows_file(tmp_path, {"text": "one"}))
    run = ws.runs.create(flow=flow, data="azureml:d@latest", name="first", column_mapping={"text": "${data.text}"})
    assert run.data == "azureml:d:1"
    assert refused(ws.runs.create, flow=flow, data="azureml:none:1", column_mapping={"text": "${data.text}"}) == "DataAssetNotFound"
    assert refused(ws.runs.create, flow=flow, data="azureml:d:9", column_mapping={"text": "${data.text}"}) == "DataAssetNotFound"


def test_versions_made_at_once_are_each_there_once(ws: Workspace, tmp_path: Path) -> None:
    files = [rows_file(tmp_path, {"q": number}, name=f"{number}.jsonl") for number in range(6)]
    outcomes: list[str] = []
    threads = [threading.Thread(target=lambda file=file: outcomes.append(ws.data.create("d", file).version)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(asset.version for asset in ws.data.versions("d")) == ["1", "2", "3", "4", "5", "6"]
