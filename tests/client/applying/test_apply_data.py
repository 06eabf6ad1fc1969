"""Azure ML's files of datastores and data assets, applied to a real server: made, changed, left, and refused by line."""

from pathlib import Path

import pytest

from flowyard import Workspace
from flowyard.client.applying.errors import ApplyFailedError, ApplyInvalidError

BLOB = """$schema: https://azuremlschemas.azureedge.net/latest/azureBlob.schema.json
name: papers
type: azure_blob
description: {about}
account_name: mystorage
container_name: papers
endpoint: https://1.1.1.1
credentials:
  account_key: ${{env:STORAGE_KEY}}
"""
DATA = "$schema: https://azuremlschemas.azureedge.net/latest/data.schema.json\nname: questions\ntype: uri_file\ndescription: asked\n"
ADDRESS = "azureml://datastores/workspaceblobstore/paths/in/rows.jsonl"


def done(ws: Workspace, *files: Path, dry_run: bool = False) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(entry.kind, entry.name, entry.action, entry.changes) for entry in ws.apply(files, dry_run=dry_run)]


def test_datastores_and_data_are_applied_in_order_and_again_change_nothing(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_KEY", "Zmlyc3Q=")
    store, data = tmp_path / "store.yml", tmp_path / "data.yml"
    store.write_text(BLOB.format(about="read"))
    data.write_text(DATA + "path: ./rows.jsonl\n")
    (tmp_path / "rows.jsonl").write_text('{"q": 1}\n')
    created = [("datastore", "papers", "created", ()), ("data", "questions", "created", ())]
    assert done(ws, data, store, dry_run=True) == created
    assert (len(ws.datastores.list()), ws.data.list()) == (1, ())
    assert done(ws, data, store) == [created[0], ("data", "questions:1", "created", ())]
    unchanged = [("datastore", "papers", "unchanged", ()), ("data", "questions:1", "unchanged", ())]
    assert done(ws, data, store, dry_run=True) == unchanged
    assert done(ws, data, store) == unchanged

    monkeypatch.setenv("STORAGE_KEY", "c2Vjb25k")
    assert done(ws, store) == [("datastore", "papers", "updated", ("credentials: other values",))]
    store.write_text(BLOB.format(about="read by many"))
    assert done(ws, store, dry_run=True) == [("datastore", "papers", "updated", ("description: read \u2192 read by many",))]
    assert ws.datastores.get("papers").description == "read"
    assert done(ws, store)[0][2] == "updated"
    assert ws.datastores.get("papers").description == "read by many"
    (tmp_path / "rows.jsonl").write_text('{"q": 2}\n')
    assert done(ws, data) == [("data", "questions:2", "created", ())]


def test_an_address_is_a_new_version_only_where_its_files_changed(ws: Workspace, tmp_path: Path) -> None:
    data = tmp_path / "data.yml"
    data.write_text(DATA + f"path: {ADDRESS}\n")
    ws.datastores.write("workspaceblobstore", "in/rows.jsonl", b'{"q": 1}\n')
    assert done(ws, data)[0][1:3] == ("questions:1", "created")
    assert done(ws, data)[0][1:3] == ("questions:1", "unchanged")
    ws.datastores.write("workspaceblobstore", "in/rows.jsonl", b'{"q": 22}\n')
    assert done(ws, data)[0][1:3] == ("questions:2", "created")
    data.write_text(DATA + f"version: 1\npath: {ADDRESS}\n")
    with pytest.raises(ApplyFailedError, match="versions never change"):
        done(ws, data)


def test_what_is_wrong_is_said_by_line_before_anything_is_done(ws: Workspace, tmp_path: Path) -> None:
    good, store, data = tmp_path / "good.yml", tmp_path / "store.yml", tmp_path / "data.yml"
    good.write_text(DATA + f"path: {ADDRESS}\n")
    store.write_text(BLOB.format(about="x").replace("azure_blob", "azure_blub"))
    data.write_text(DATA.replace("uri_file", "table") + "pth: rows.jsonl\npath: none.jsonl\n")
    with pytest.raises(ApplyInvalidError) as caught:
        done(ws, good, store, data)
    said = [(str(finding.location), finding.detail) for finding in caught.value.findings]
    assert [(place.partition(":")[0], place.split(":")[1]) for place, _ in said] == [
        ("store.yml", "3"), ("data.yml", "5"), ("data.yml", "3"), ("data.yml", "6"),
    ]  # fmt: skip
    assert ws.data.list() == ()
