"""``flowyard datastore`` against a real server."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from flowyard.cli.app import run

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
