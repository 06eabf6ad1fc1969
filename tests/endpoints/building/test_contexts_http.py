"""``flowyard endpoint build`` against a real server."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.endpoints.online.model import DeploymentPlan
from flowyard.foundation.errors import RemoteError
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.endpoints import SqlEndpointStore
from flowyard.wire.endpoints import DeploymentCreate
from support.commands import Command


@pytest.fixture
def ws(ws: Workspace) -> Workspace:
    """A workspace with the endpoint `support`, whose `blue` serves a flow."""
    ws.endpoints.create("support")
    ws.flows.create("answers", "python")
    ws.endpoints.deploy("support", DeploymentCreate(flow="answers"))
    return ws


@pytest.fixture
def serving(ws: Workspace, server: Any, home: Path) -> Workspace:
    engine = open_engine(f"sqlite:///{home / 'metadata.db'}")
    store = SqlEndpointStore(engine)
    ((endpoint,),) = (store.find(),)
    folder = home / "workspaces" / "default" / "flows" / "answers"
    digest = ws.flows.upload(_packed(folder, home)).digest
    store.switch(endpoint.deployments[0].id, 1, DeploymentPlan(flow="answers", digest=digest), "owner")
    engine.dispose()
    return ws


def _packed(folder: Path, home: Path) -> bytes:
    target = home / "flow.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for file in folder.rglob("*"):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return target.read_bytes()


def test_the_command_writes_the_context(serving: Workspace, command: Command, tmp_path: Path) -> None:
    output = tmp_path / "dist"
    code, out, err = command("endpoint", "build", "support", "--output", str(output), "--tag", "registry.example.com/s:1", "--json")
    assert code == 0, err
    built = json.loads(out)
    assert built["output"] == str(output)
    assert set(built["files"]) == {file.relative_to(output).as_posix() for file in output.rglob("*") if file.is_file()}
    assert {"Dockerfile", "kubernetes.yaml", "requirements.txt", "flow/flow.dag.yaml"} <= set(built["files"])
    assert "image: registry.example.com/s:1" in (output / "kubernetes.yaml").read_text()
    assert "kubectl apply -f" in err
    assert command("endpoint", "build", "support", "--output", str(output), "--base", "cuda")[0] == 0
    assert "nvidia.com/gpu" in (output / "kubernetes.yaml").read_text(), "an earlier build is replaced"


def test_what_is_in_the_way_stays_and_what_never_served_is_told(serving: Workspace, command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    code, _, err = command("endpoint", "build", "support", "--output", str(tmp_path / "mine"))
    assert (code, "no build made" in err) == (2, True)
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    with pytest.raises(RemoteError) as refused:
        serving.endpoints.build("support", tmp_path / "green", deployment="green")
    assert refused.value.remote.code == "DeploymentNotFound"
    serving.endpoints.deploy("support", DeploymentCreate(name="green", flow="answers"))
    with pytest.raises(RemoteError, match="Nothing has served as support/green yet"):
        serving.endpoints.build("support", tmp_path / "green", deployment="green")
    assert not (tmp_path / "green").exists()
