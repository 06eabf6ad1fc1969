"""Files with every key that Azure ML's schemas of endpoints and deployments have: each applies, or says what is missing, by line."""

from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.client.applying.errors import ApplyInvalidError
from flowyard.client.applying.files import DeploymentFile, EndpointFile, read_file
from flowyard.wire.endpoints import Probe, RequestSettings

FILES = Path(__file__).resolve().parents[2] / "support/azure_ml"
SIZE = "Replicas are processes of this installation; their size is not bounded."
PYTHON = "'python=3.10' is not honoured: replicas run with this machine's Python."
#: What is said of each file that applies, by line.
NOTES = {
    "managed-endpoint": {
        5: "Properties are not kept; tags are.",
        7: "Who reaches the endpoint is not decided here: who holds a key does.",
        8: "There are no managed identities: a flow's connections hold its secrets.",
    },
    "kubernetes-endpoint": {
        3: "Replicas run on this installation, whatever compute says.",
        5: "There are no managed identities: a flow's connections hold its secrets.",
    },
    "signed-in-endpoint": {
        3: "There are no tokens of Microsoft Entra here: the endpoint gives its own, as with aml_token.",
        4: "Who reaches the endpoint is not decided here: who holds a key does.",
    },
    "script-deployment": {
        6: "Properties are not kept; tags are.",
        15: "The model is where AZUREML_MODEL_DIR says.",
        22: "The image is not used: replicas run with this machine's Python and the packages of conda_file.",
        23: PYTHON,
        27: SIZE,
        38: "What replicas may reach is not bounded.",
        39: "There are no private networks here.",
        42: "Collected rows are not cut into files; an export takes the period that one asks for.",
        49: "Collected rows are kept with the workspace's telemetry; an export writes them where one asks for.",
    },
    "kubernetes-deployment": {
        7: PYTHON,
        8: SIZE,
        10: "Traces are kept all the same.",
        11: "Processor time and memory of replicas are not bounded.",
    },
    "flow-deployment": {8: "A flow's own requirements.txt says what packages it needs; a model needs none.", 15: SIZE},
    "mlflow-deployment": {9: SIZE},
    "registry-deployment": {5: SIZE},
}
_KINDS = "datastores, data assets, online endpoints and their deployments are applied, other kinds are not."
#: What is said of each file that does not.
WRONG = {
    "container-deployment": {4: "An image with a server of its own is not run here, and its model is no flow."},
    "registered-deployment": {
        4: "Files of the registered model 'weights' are not here.",
        5: "Registered code 'azureml:code:1' is not here.",
    },
    "batch-endpoint": {1: f"This is a batchEndpoint: {_KINDS}"},
    "batch-deployment": {1: f"This is a modelBatchDeployment: {_KINDS}"},
}


def test_each_file_is_in_one_table() -> None:
    assert sorted(path.stem for path in FILES.glob("*.yml")) == sorted([*NOTES, *WRONG])


@pytest.mark.parametrize("name", NOTES)
def test_a_file_applies_and_says_what_of_it_is_not_done(name: str) -> None:
    found, findings = read_file(FILES / f"{name}.yml")
    assert findings == []
    assert found is not None
    assert {note.line: note.message for note in found.notes} == NOTES[name]


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_does_not_apply_says_what_is_missing(name: str) -> None:
    found, findings = read_file(FILES / f"{name}.yml")
    assert found is None
    assert {finding.line: finding.message for finding in findings} == WRONG[name]
    assert all(finding.remedy for finding in findings)


def read(name: str) -> Any:
    return read_file(FILES / f"{name}.yml")[0]


def test_what_the_keys_become() -> None:
    endpoint: EndpointFile = read("managed-endpoint")
    assert (endpoint.auth_mode, endpoint.traffic, endpoint.mirror_traffic) == ("key", {"blue": 100}, {"green": 10})
    assert endpoint.tags == {"team": "housing", "tier": "1"}
    assert (read("kubernetes-endpoint").auth_mode, read("signed-in-endpoint").auth_mode) == ("aml_token", "aml_token")
    script: DeploymentFile = read("script-deployment")
    assert sorted(script.source.files or {}) == ["code/score.py", "model/weights/weights.txt", "requirements.txt"]
    assert (script.instance_count, script.environment_variables) == (2, {"MODE": "fast", "THREADS": "2"})
    settings = script.settings
    assert settings.request == RequestSettings(request_timeout_ms=3000, max_concurrent_requests_per_instance=2, max_queue_wait_ms=500)
    assert (settings.liveness_probe, settings.ready_within_s) == (Probe(initial_delay=30), 40)
    assert settings.data_collector is not None
    assert {name: kept.enabled for name, kept in settings.data_collector.collections.items()} == {
        "model_inputs": True,
        "model_outputs": True,
        "request": False,
        "response": False,
    }
    assert read("flow-deployment").source.flow == "flow"
    assert read("mlflow-deployment").source.script == "mlflow_model.py"
    assert read("registry-deployment").source.name == "answers:4"


def test_the_files_are_applied_together(server: Any, owner_key: str) -> None:
    ws = Workspace(url=server.url, api_key=owner_key, workspace="default")
    ws.flows.create("answers", "python")
    paths = [FILES / f"{name}.yml" for name in NOTES]
    planned = ws.apply(paths, dry_run=True)
    assert {entry.name: entry.action for entry in planned} == {
        "prices": "created",
        "cluster-prices": "created",
        "signed-in": "created",
        "prices/blue": "created",
        "cluster-prices/green": "created",
        "prices/sklearn": "created",
        "prices/catalog": "created",
    }
    assert ws.endpoints.list() == ()
    with pytest.raises(ApplyInvalidError) as refused:
        ws.apply([*paths, FILES / "container-deployment.yml", FILES / "batch-endpoint.yml"])
    where = [finding.location.file for finding in refused.value.findings if finding.location is not None]
    assert where == ["container-deployment.yml", "batch-endpoint.yml"]
    assert ws.endpoints.list() == ()
    ws.apply([FILES / "kubernetes-endpoint.yml", FILES / "signed-in-endpoint.yml"])
    assert [(endpoint.name, endpoint.auth_mode) for endpoint in ws.endpoints.list()] == [
        ("cluster-prices", "aml_token"),
        ("signed-in", "aml_token"),
    ]
