"""Models through routes, client, job kind and command line, on a real control plane."""

import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
import urllib3

from flowyard import Workspace
from flowyard.catalog.jobs import MODEL_PULL, ModelPullJob
from flowyard.catalog.service import Catalog
from flowyard.cli.entry import main
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import RemoteError


def test_list_and_get(ws: Workspace) -> None:
    models = ws.models.list(access="local")
    assert [model.name for model in models] == ["bge-small-en-v1.5", "ms-marco-minilm-l-12-v2", "smollm2-135m"]
    assert {model.state for model in models} == {"not_pulled"}
    assert len(ws.models.list()) > 50
    chat = ws.models.get("smollm2-135m")
    assert (chat.display_name, chat.engine_state, chat.pull_job) == ("SmolLM2-135M-Instruct", "none", None)
    assert chat.sample_input["messages"]
    with pytest.raises(RemoteError) as caught:
        ws.models.get("smollm")
    assert (caught.value.remote.code, caught.value.remote.status) == ("ModelNotFound", 404)
    assert "smollm2-135m" in (caught.value.remote.remedy or "")


def test_what_is_no_filter_is_refused(ws: Workspace) -> None:
    with pytest.raises(RemoteError) as caught:
        ws.models.search(publishers="Meta")
    assert (caught.value.remote.status, caught.value.remote.remedy) == (422, "Did you mean 'publisher'?")


def test_pull_is_one_job_while_it_runs(ws: Workspace, server: Any, owner: dict[str, str], services: Any) -> None:
    answer = urllib3.request("POST", f"{server.url}/api/v1/workspaces/default/models/smollm2-135m/pull", headers=owner)
    assert answer.status == 202
    first = from_json(answer.data)
    assert (first["kind"], first["target"], first["status"]) == (MODEL_PULL, "model/smollm2-135m", "queued")
    assert [stage["name"] for stage in first["stages"]] == ["resolve", "download", "verify", "install"]
    assert ws.models.pull("smollm2-135m").id == first["id"]
    model = ws.models.get("smollm2-135m")
    assert (model.state, model.pull_job) == ("pulling", first["id"])
    assert [model.state for model in ws.models.list(access="local")] == ["not_pulled", "not_pulled", "pulling"]
    with pytest.raises(RemoteError) as caught:
        ws.models.remove("smollm2-135m")
    assert caught.value.remote.code == "ModelInUse"
    ws.jobs.cancel(first["id"])
    assert ws.models.get("smollm2-135m").state == "not_pulled"
    assert ws.models.pull("smollm2-135m").id != first["id"]
    caller = services.sign_in.by_key(owner["Authorization"].removeprefix("Bearer ")).enter("default")
    actions = [entry.action for entry in services.audit.page(caller.workspace_id).items]
    assert actions.count("model.pull") == 2


def test_verify_and_remove(ws: Workspace) -> None:
    with pytest.raises(RemoteError) as caught:
        ws.models.verify("smollm2-135m")
    assert (caught.value.remote.code, caught.value.remote.status) == ("ModelNotPulled", 409)
    ws.models.remove("smollm2-135m")
    assert ws.models.get("smollm2-135m").state == "not_pulled"


def test_commands_ask_the_server(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    _run(["model", "list", "--where", "access=local", "--json"], 0)
    assert [model["name"] for model in from_json(capsys.readouterr().out)][-1] == "smollm2-135m"


def _run(words: list[str], code: int) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert (ended.value.code or 0) == code


def test_commands_without_a_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOWYARD_HOME", str(tmp_path))
    monkeypatch.delenv("FLOWYARD_URL", raising=False)
    _run(["model", "show", "smollm2-135m"], 0)
    assert "not pulled" in capsys.readouterr().out
    _run(["model", "show", "smolm2"], 2)
    assert "Did you mean 'smollm2-135m'" in capsys.readouterr().err
    _run(["model", "verify", "smollm2-135m", "--files"], 1)
    assert "flowyard model pull smollm2-135m" in capsys.readouterr().err
    monkeypatch.setenv("FLOWYARD_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FLOWYARD_API_KEY", "k")
    _run(["model", "list"], 1)
    assert "does not answer" in capsys.readouterr().err


@pytest.mark.integration
def test_commands_on_real_files(
    model_store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(model_store / "smollm2-135m", tmp_path / "models" / "smollm2-135m")
    monkeypatch.setenv("FLOWYARD_HOME", str(tmp_path))
    monkeypatch.delenv("FLOWYARD_URL", raising=False)
    _run(["model", "pull", "smollm2-135m", "--json"], 0)
    pulled = from_json(capsys.readouterr().out)
    assert (pulled["state"], pulled["bytes_present"]) == ("ready", pulled["bytes_total"])
    _run(["model", "verify", "smollm2-135m", "--files"], 0)
    with (tmp_path / "models" / "smollm2-135m" / "SmolLM2-135M-Instruct.Q4_1.gguf").open("r+b") as weights:
        weights.seek(5_000_000)
        weights.write(b"damage")
    _run(["model", "verify", "smollm2-135m", "--files"], 1)
    assert "is damaged" in capsys.readouterr().out
    _run(["model", "remove", "smollm2-135m"], 0)
    assert list((tmp_path / "models").glob("smollm2-135m/*")) == []


def test_the_job(files: Any, make_card: Any, tmp_path: Path) -> None:
    class Context:
        job_id = workspace_id = "1"

        def __init__(self) -> None:
            self.stages: list[str] = []

        def stage(self, name: str) -> AbstractContextManager[Any]:
            self.stages.append(name)
            return nullcontext(self)

        def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None: ...

        def detail(self, text: str) -> None: ...

        def step(self, name: str, work: Any) -> Any:
            return work()

        def log(self, message: str) -> None: ...

        def check_canceled(self) -> None: ...

    kind = ModelPullJob(Catalog(tmp_path, cards={"tiny": make_card(model=[f"{files.url}/model.bin"])}))
    context = Context()
    assert kind.run(context, {"model": "tiny"}) == {"model": "tiny", "bytes": 1_048_576}
    assert tuple(context.stages) == kind.stages
