"""``flowyard datastore`` against a real server."""

import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from flowyard.cli.app import run
from flowyard.data.datastores.model import Bounds

pytestmark = pytest.mark.integration
HOME = "azureml://datastores/workspaceblobstore/paths"


class Done(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def flowyard(server: Any, owner_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    for name, value in {"FLOWYARD_URL": server.url, "FLOWYARD_API_KEY": owner_key, "FLOWYARD_HOME": str(tmp_path / "elsewhere")}.items():
        monkeypatch.setenv(name, value)

    def command(*words: str, code: int = 0) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exited:
            run(["datastore", *words])
        done = Done(int(exited.value.code or 0), *capsys.readouterr())
        assert done.code == code, done
        return done

    return command


def test_datastores(flowyard: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "web.yaml"
    file.write_text("name: web\ntype: http\ndescription: Pages\nurl: https://192.0.2.1.invalid/\ncredentials: {token: '${env:TOKEN}'}\n")
    assert "no variable 'TOKEN'" in flowyard("create", "--file", str(file), code=2).err
    monkeypatch.setenv("TOKEN", "very-secret-token")
    assert "is not known" in flowyard("create", "--file", str(file), code=1).err
    file.write_text(file.read_text().replace("192.0.2.1.invalid", "127.0.0.1"))
    assert "no public address" in flowyard("create", "--file", str(file), code=1).err
    file.write_text(file.read_text().replace("127.0.0.1", "1.1.1.1"))
    assert json.loads(flowyard("create", "--file", str(file), "--json").out)["secrets"] == ["token"]
    assert "already" in flowyard("create", "--file", str(file), code=1).err
    table = flowyard("list").out
    assert "workspaceblobstore" in table
    assert "https://1.1.1.1/" in table
    shown = flowyard("show", "web").out
    assert "token: ******" in shown
    assert "very-secret" not in shown
    assert "cannot be listed" in flowyard("ls", "azureml://datastores/web/paths/", code=1).err
    assert "is deleted" in flowyard("delete", "web").out
    assert "flowyard datastore create" in flowyard("show", "web", code=1).err


def test_files(flowyard: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b'{"a": 1}\n' * 1_000_000)
    assert "can be read" in flowyard("test", "workspaceblobstore").out
    assert "There is nothing" in flowyard("ls", HOME).err
    assert f"{HOME}/in/rows.jsonl has 9000000 bytes" in flowyard("upload", str(file), f"{HOME}/in/").out
    assert "in/other.jsonl" in flowyard("upload", str(file), f"{HOME}/in/other.jsonl").out
    assert [item["path"] for item in json.loads(flowyard("ls", f"{HOME}/in", "--json").out)] == ["in/other.jsonl", "in/rows.jsonl"]
    assert "in/" in flowyard("ls", "datastores/workspaceblobstore").out
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=out, write=print, flush=lambda: None))
    flowyard("cat", f"{HOME}/in/rows.jsonl")
    assert out.getvalue() == file.read_bytes()
    monkeypatch.undo()


def test_what_is_no_address(flowyard: Command) -> None:
    assert "azureml://datastores/<name>/paths/<path>" in flowyard("ls", "s3://bucket", code=2).err
    assert "is no path" in flowyard("cat", f"{HOME}/a/../../b", code=1).err
    assert "flowyard datastore ls" in flowyard("cat", f"{HOME}/none", code=1).err


def test_tables(flowyard: Command, services: Any, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with sqlite3.connect(tmp_path / "data/papers.db") as connection:
        connection.execute("CREATE TABLE papers (id INTEGER NOT NULL, title TEXT)")
        connection.executemany("INSERT INTO papers VALUES (?, ?)", [(1, "[b]One"), (2, None)])
    connection.close()
    services.datastores._bounds = Bounds(roots=(tmp_path / "data",))
    file = tmp_path / "warehouse.yaml"
    file.write_text(f"name: warehouse\ntype: sqlite\npath: {tmp_path / 'data/papers.db'}\n")
    flowyard("create", "--file", str(file))
    assert "papers.db" in flowyard("list").out
    assert "papers  table" in flowyard("tables", "warehouse").out
    assert "INTEGER  false" in flowyard("tables", "warehouse", "main.papers").out
    assert [item["name"] for item in json.loads(flowyard("tables", "warehouse", "papers", "--json").out)] == ["id", "title"]
    shown = flowyard("query", "warehouse", "SELECT * FROM papers ORDER BY id", "--limit", "1")
    assert "1   [b]One" in shown.out
    assert "there are more" in shown.err
    assert json.loads(flowyard("query", "warehouse", "SELECT id FROM papers", "--json").out)["rows"] == [[1], [2]]
    assert "no rows" in flowyard("query", "warehouse", "SELECT id FROM papers WHERE id = 9").err
    assert "error: The statement does more than reading" in flowyard("query", "warehouse", "DELETE FROM papers", code=1).err
    assert "it has tables, no files" in flowyard("ls", "azureml://datastores/warehouse/paths/", code=1).err
