"""The registry: versions, stages, aliases, archive, promotion, license rules, and what deployments make of references."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.catalog.registry.rules import why_denied
from flowyard.cli.entry import main
from flowyard.client.applying.apply import apply
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import RemoteError
from flowyard.identity.model import Caller
from flowyard.wire.endpoints import DeploymentCreate, EndpointCreate
from flowyard.wire.identity import ApiKeyCreate
from flowyard.wire.model_registry import LicenseRules, RegisteredModelCreate

SCHEMAS = "$schema: https://azuremlschemas.azureedge.net/latest/managedOnline"
MLMODEL = "flavors:\n  python_function:\n    loader_module: x\n  sklearn: {}\n"


@pytest.fixture
def mlflow_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "prices"
    folder.mkdir()
    (folder / "MLmodel").write_text(MLMODEL)
    (folder / "requirements.txt").write_text("scikit-learn\n")
    (folder / "model.pkl").write_bytes(pickle.dumps({"a": 1}))
    return folder


@pytest.fixture
def caller(services: Any, owner_key: str) -> Caller:
    """The owner in the workspace ``default``."""
    return services.sign_in.by_key(owner_key).enter("default")


def _refused(code: str, call: Any, *words: Any, **named: Any) -> str:
    with pytest.raises(RemoteError) as caught:
        call(*words, **named)
    assert caught.value.remote.code == code
    return f"{caught.value.remote.detail} {caught.value.remote.remedy}"


def test_versions_stages_aliases_and_archive(ws: Workspace) -> None:
    registry = ws.registry
    first = registry.register("support", model="smollm2-135m", tags={"team": "a"})
    second = registry.register("support", model="qwen3-4b")
    assert (first.version, first.type, first.license, first.reference) == ("1", "catalog_model", "Apache-2.0", "azureml:support:1")
    assert (second.version, second.versions) == ("2", 2)
    assert registry.update("support", "1", stage="Production", aliases=["champion"]).stage == "Production"
    assert registry.update("support", "2", aliases=["champion", "next"], tags={"team": "b"}).aliases == ("champion", "next")
    assert registry.get("support", "1").aliases == ()
    assert registry.get("support", "champion").version == registry.get("support").version == "2"
    assert registry.get("support", "production").version == "1"
    registry.archive("support", "2")
    assert [model.version for model in registry.list()] == ["1"]
    assert registry.get("support").version == "1"
    assert registry.get("support", "2").archived
    registry.archive("support")
    assert registry.list() == ()
    assert [model.name for model in registry.list(archived=True)] == ["support"]
    registry.restore("support")
    assert [model.version for model in registry.list()] == ["2"]
    assert "It has: 2, 1" in _refused("RegisteredModelNotFound", registry.get, "support", "7")
    assert "Did you mean 'support'" in _refused("RegisteredModelNotFound", registry.get, "suport")
    same = RegisteredModelCreate(name="support", model="qwen3-4b", version="1")
    _refused("RegisteredModelExists", ws.transport.post, "registered-models", dict, body=same)
    _refused("ModelNotFound", registry.register, "x", model="no-such")
    _refused("InvalidInput", registry.register, "x")
    _refused("InvalidInput", registry.register, "a/b", model="qwen3-4b")
    _refused("InvalidInput", registry.update, "support", "1", aliases=["latest"])


def test_files_that_run_code_are_taken_only_knowingly(ws: Workspace, mlflow_folder: Path, tmp_path: Path) -> None:
    told = _refused("UnsafeModelFile", ws.registry.register, "prices", mlflow_folder)
    assert "model.pkl" in told
    assert "--allow-code" in told
    made = ws.registry.register("prices", mlflow_folder, allow_code=True, license="MIT")
    assert (made.type, made.flavors, made.runs_code, made.files) == ("mlflow_model", ("python_function", "sklearn"), True, 3)
    plain = tmp_path / "weights.onnx"
    plain.write_bytes(b"onnx")
    assert ws.registry.register("net", plain).type == "custom_model"
    _refused("UploadNotFound", ws.registry.register, "net", f"upload:{'0' * 64}")


def test_license_rules(ws: Workspace, services: Any, caller: Caller) -> None:
    rules = LicenseRules(allow=("permissive",), deny=("MIT",))
    assert why_denied(rules, "Apache-2.0") is None
    assert "deny 'MIT'" in (why_denied(rules, "MIT") or "")
    assert "allow only 'permissive'" in (why_denied(rules, "Gemma Terms of Use", "conditional") or "")
    ws.registry.set_licenses(deny=["non-commercial", "unknown"])
    assert ws.registry.licenses().deny == ("non-commercial", "unknown")
    denied = ws.models.get("qwen2.5-3b-instruct")
    assert "deny 'non-commercial'" in (denied.license_denied or "")
    assert denied.actions is not None
    assert denied.actions.deploy == denied.license_denied
    assert ws.models.get("smollm2-135m").license_denied is None
    services.endpoints.create(caller, EndpointCreate(name="support"))
    ws.registry.register("small", model="qwen2.5-3b-instruct")
    for model in ("qwen2.5-3b-instruct", "azureml:small:1", "azureml://registries/acme/models/small/versions/1", "models:/small/1"):
        assert "non-commercial" in _refused("LicenseDenied", _deploy, ws, model)
    _refused("InvalidInput", ws.registry.set_licenses, deny=[" "])


def test_references_of_deployments(ws: Workspace, services: Any, caller: Caller, mlflow_folder: Path, tmp_path: Path) -> None:
    services.endpoints.create(caller, EndpointCreate(name="support"))
    ws.registry.register("support", model="smollm2-135m")
    assert "smollm2-135m" in _refused("ModelNotPulled", _deploy, ws, "azureml:support:1")
    assert "smollm2-135m" in _refused("ModelNotPulled", _deploy, ws, "azureml:smollm2-135m@latest")
    _refused("RegisteredModelNotFound", _deploy, ws, "azureml:support:9")
    _refused("RegisteredModelNotFound", _deploy, ws, "azureml:nothing:1")
    ws.registry.register("prices", mlflow_folder, allow_code=True)
    plan = services.endpoints.planned(caller, DeploymentCreate(name="blue", model="azureml:prices@latest"))
    assert (plan.model, plan.script) == (None, "mlflow_model.py")
    (tmp_path / "w.onnx").write_bytes(b"x")
    ws.registry.register("net", tmp_path / "w.onnx")
    assert "scoring script" in _refused("DeploymentInvalid", _deploy, ws, "azureml:net:1")


def test_a_registered_model_that_serves_is_not_deployed_again(ws: Workspace, mlflow_folder: Path, tmp_path: Path) -> None:
    ws.registry.register("prices", mlflow_folder, allow_code=True)
    (tmp_path / "endpoint.yml").write_text(f"{SCHEMAS}Endpoint.schema.json\nname: prices\n")
    file = tmp_path / "blue.yml"
    file.write_text(f"{SCHEMAS}Deployment.schema.json\nname: blue\nendpoint_name: prices\nmodel: azureml:prices:1\ninstance_count: 1\n")
    jobs: list[Any] = []

    def applied() -> list[str]:
        return [done.action for done in apply(ws, [tmp_path / "endpoint.yml", file], follow=jobs.append)]

    assert applied() == ["created", "created"]
    assert applied() == ["unchanged", "unchanged"]
    assert [job.title for job in jobs] == ["Deploy mlflow_model.py to prices/blue"]
    (mlflow_folder / "MLmodel").write_text(MLMODEL + "run_id: second\n")
    ws.registry.register("prices", mlflow_folder, allow_code=True)
    assert applied() == ["unchanged", "unchanged"]
    file.write_text(file.read_text().replace("prices:1", "prices@latest"))
    (_, found) = apply(ws, [tmp_path / "endpoint.yml", file], dry_run=True)
    assert (found.action, found.changes[0].partition(":")[0]) == ("updated", "snapshot")


def _deploy(ws: Workspace, model: str) -> Any:
    return ws.transport.post("endpoints/support/deployments", dict, body=DeploymentCreate(name="blue", model=model))


def test_promotion_needs_rights_in_both(ws: Workspace, services: Any, owner_key: str, caller: Caller, mlflow_folder: Path) -> None:
    owner = services.identity.bootstrap(owner_key).owner
    services.identity._add_workspace("production", "Production", owner)
    there = Caller(services.identity._workspaces.get("production").id, "production", owner.name, "user", "owner", "", owner.id)
    ws.registry.register("prices", mlflow_folder, allow_code=True)
    assert "target_key" in _refused("PermissionDenied", ws.registry.promote, "prices", "1", "production")
    reader = services.keys.create(there, ApiKeyCreate(name="r", role="reader")).secret
    _refused("PermissionDenied", ws.registry.promote, "prices", "1", "production", target_key=reader)
    writer = services.keys.create(there, ApiKeyCreate(name="w", role="contributor")).secret
    made = ws.registry.promote("prices", "1", "production", as_name="prices-live", stage="Production", target_key=writer)
    assert (made.name, made.version, made.stage, made.origin["workspace"]) == ("prices-live", "1", "Production", caller.workspace)
    assert [model.name for model in services.registry.list(there)] == ["prices-live"]
    assert services.registry.resolve(there.workspace_id, "azureml:prices-live:1").folder.joinpath("MLmodel").is_file()
    for workspace_id in (caller.workspace_id, there.workspace_id):
        assert "model.promote" in [entry.action for entry in services.audit.page(workspace_id).items]
    _refused("PermissionDenied", ws.registry.promote, "prices", "1", "nowhere", target_key=writer)


def test_commands(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)

    def run(*words: str) -> Any:
        with pytest.raises(SystemExit) as ended:
            main(["model", *words, "--json"])
        assert not ended.value.code
        return from_json(capsys.readouterr().out)

    assert run("register", "cli", "--model", "smollm2-135m", "--tag", "a=b")["tags"] == {"a": "b"}
    assert run("stage", "cli", "1", "Staging")["stage"] == "Staging"
    assert run("tag", "cli", "1", "c=d", "a=", "--alias", "best")["tags"] == {"c": "d"}
    assert run("versions", "cli")[0]["aliases"] == ["best"]
    assert run("archive", "cli")["archived"]
    assert "cli" in [one["name"] for one in run("registered", "--archived")]
    assert not run("restore", "cli")["archived"]
    assert run("licenses", "--deny", "unknown")["deny"] == ["unknown"]
    assert run("licenses", "--clear")["deny"] == []
