"""``flowyard data`` against a real server: previews, statistics, splits, imports and their schedules."""

import json
from pathlib import Path

import pytest

from flowyard import Workspace
from support.commands import Command

pytestmark = pytest.mark.integration


def test_what_is_in_data_is_shown_with_its_findings(command: Command, ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"name,n\nOne,1\n2,3,4\nK\xf6ln,5\n")
    assert command("data", "create", "d", str(tmp_path / "a.csv"))[0] == 0
    code, out, err = command("data", "preview", "d", "--rows", "2")
    assert (code, "csv, " in out, "columns: name (string), n (int64)" in out, "One" in out) == (0, True, True, True)
    assert "error: a.csv:3: Line 3 cannot be read: 3 values for 2 columns." in err
    code, out, _ = command("data", "preview", "d:1", "--json", "--offset", "2")
    assert json.loads(out)["rows"] == [{"line": 3, "values": {"name": "Köln", "n": 5}, "error": None}]
    code, out, err = command("data", "statistics", "d", "--sample", "0")
    assert (code, "name" in out, "Over 1 row, which are all" in err) == (0, True, True)
    ws.datastores.write("workspaceblobstore", "in/notes.md", b"# Notes\n")
    code, out, _ = command("data", "preview", "azureml://datastores/workspaceblobstore/paths/in/notes.md")
    assert (code, out) == (0, "md, 8 bytes\n# Notes\n")
    code, out, _ = command("data", "preview", "azureml://datastores/workspaceblobstore/paths/in")
    assert "folder: 1 file (1 x .md)" in out


def test_a_value_of_several_lines_is_one_line_of_the_table_and_whole_in_json(command: Command, tmp_path: Path) -> None:
    text = "one\n\ttwo\n" + "three " * 30
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text, "score": 0.1234567, "tags": ["x"]}) + "\n")
    assert command("data", "create", "d", str(tmp_path / "a.jsonl"))[0] == 0
    for verb in ("show", "preview"):
        line = command("data", verb, "d")[1].splitlines()[-1]
        assert line.startswith("one two three three")
        assert line.split("…")[1].split() == ["0.123457", '["x"]']
        told = json.loads(command("data", verb, "d", "--json")[1])
        assert told.get("preview", told)["rows"][0]["values"]["text"] == text


def test_work_of_jobs_is_queued_or_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n{"a": 2}\n')
    assert command("data", "create", "d", str(tmp_path / "a.jsonl"), "--json")[0] == 0
    code, out, _ = command("data", "split", "d", "--ratios", "0.5,0.5", "--no-wait", "--json")
    assert (code, json.loads(out)["kind"], json.loads(out)["status"]) == (0, "data_split", "queued")
    code, _, err = command("data", "split", "d", "--ratios", "half")
    assert (code, "are no ratios" in err) == (2, True)
    code, _, err = command("data", "import", "x", "--datastore", "none", "--query", "SELECT 1")
    assert (code, "no datastore 'none'" in err) == (1, True)
    code, _, err = command("data", "import", "x", "--datastore", "none", "--query", "SELECT 1", "--schedule", "61 * * * *")
    assert (code, "'61' is no minute of a schedule" in err) == (1, True)
    code, _, err = command("data", "schedule", "list")
    assert (code, "No schedules" in err) == (0, True)
    assert command("data", "schedule", "list", "--json")[1] == "[]\n"
    code, _, err = command("data", "schedule", "pause", "d")
    assert (code, "No schedule makes versions of 'd'" in err) == (1, True)
