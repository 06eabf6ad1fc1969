"""What Azure ML's files of endpoints and deployments say, and what is wrong with them, by line."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.client.applying.files import DeploymentFile, EndpointFile, read_file
from flowyard.wire.endpoints import Collection, DataCollector, Gate, Probe, ScaleSettings

FLOW = "inputs: {q: {type: string}}\noutputs: {a: {type: string, reference: '${one.output}'}}\nnodes:\n" + (
    "- {name: one, type: prompt, source: {type: code, path: one.jinja2}, inputs: {q: '${inputs.q}'}}\n"
)
SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/managedOnline{}.schema.json\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The layout of Azure ML's public examples."""
    (tmp_path / "model-1" / "model").mkdir(parents=True)
    (tmp_path / "model-1" / "model" / "weights.pkl").write_bytes(b"1")
    (tmp_path / "model-1" / "onlinescoring").mkdir()
    (tmp_path / "model-1" / "onlinescoring" / "score.py").write_text("def run(data): return data\n")
    (tmp_path / "model-1" / "environment").mkdir()
    (tmp_path / "model-1" / "environment" / "conda.yaml").write_text(
        "name: env\nchannels: [conda-forge]\ndependencies:\n  - python=3.9\n  - numpy=1.21.2\n  - pip=21.2.4\n  - scipy>=1.7\n"
        "  - pip:\n    - azureml-defaults==1.38.0\n    - inference-schema[numpy-support]==1.3.0\n    - joblib==1.0.1\n"
    )
    (tmp_path / "flow").mkdir()
    (tmp_path / "flow" / "flow.dag.yaml").write_text(FLOW)
    (tmp_path / "flow" / "one.jinja2").write_text("{{q}}")
    return tmp_path


def read(folder: Path, text: str, name: str = "file.yml") -> Any:
    file = folder / name
    file.write_text(text)
    return read_file(file)


def messages(findings: Any) -> list[str]:
    return [f"{finding.line}: {finding.message} {finding.remedy or ''}".strip() for finding in findings]


def test_a_deployment_of_the_public_examples(folder: Path) -> None:
    found, findings = read(
        folder,
        SCHEMA.format("Deployment")
        + """name: blue
endpoint_name: my-endpoint
model:
  path: model-1/model/
code_configuration:
  code: model-1/onlinescoring/
  scoring_script: score.py
environment:
  conda_file: model-1/environment/conda.yaml
  image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:latest
instance_type: Standard_DS3_v2
instance_count: "2"
environment_variables: {MODE: fast, N: 3, ON: true}
request_settings: {request_timeout_ms: 3000, max_concurrent_requests_per_instance: 4, max_queue_wait_ms: 100}
liveness_probe: {period: 5, success_threshold: 1, failure_threshold: 3}
readiness_probe: {initial_delay: 5, period: 2, failure_threshold: 10}
tags: {team: a}
scale_settings: {type: default}
app_insights_enabled: true
""",
    )
    assert findings == []
    assert isinstance(found, DeploymentFile)
    assert (found.name, found.endpoint, found.instance_count) == ("blue", "my-endpoint", 2)
    assert found.environment_variables == {"MODE": "fast", "N": "3", "ON": "true"}
    request = found.settings.request
    assert (request.request_timeout_ms, request.max_concurrent_requests_per_instance, request.max_queue_wait_ms) == (3000, 4, 100)
    assert (found.settings.ready_within_s, found.settings.tags) == (25, {"team": "a"})
    assert found.settings.liveness_probe == Probe(period=5, failure_threshold=3)
    files = dict(found.source.files or {})
    assert found.source.script == "score.py"
    assert sorted(files) == ["code/score.py", "model/model/weights.pkl", "requirements.txt"]
    assert files["requirements.txt"].decode().split() == [
        "numpy==1.21.2",
        "scipy>=1.7",
        "inference-schema[numpy-support]==1.3.0",
        "joblib==1.0.1",
    ]
    assert messages(found.notes) == [
        "12: Replicas are processes of this installation; their size is not bounded.",
        "11: The image is not used: replicas run with this machine's Python and the packages of conda_file.",
        "10: 'python=3.9' is not honoured: replicas run with this machine's Python.",
        "10: Packages of conda are taken from the package index, under the same names: numpy=1.21.2, scipy>=1.7.",
    ]


def test_scale_settings(folder: Path) -> None:
    start = SCHEMA.format("Deployment") + "name: blue\nendpoint_name: e-1\nmodel: {path: flow}\n"
    scale = "type: target_utilization, min_instances: 2, max_instances: 5, target_utilization_percentage: 60, polling_interval: 10"
    found, findings = read(folder, f"{start}scale_settings: {{{scale}}}\n")
    assert (findings, found.notes) == ([], ())
    assert found.settings.scale == ScaleSettings(
        type="target_utilization", min_instances=2, max_instances=5, target_utilization_percentage=60, polling_interval=10
    )
    assert read(folder, f"{start}scale_settings: {{type: Default}}\n")[0].settings.scale == ScaleSettings()
    _, findings = read(folder, f"{start}scale_settings: {{type: by_magic}}\n")
    assert messages(findings) == ["5: type is 'by_magic'. Write default or target_utilization."]


def test_flows_and_names_are_served_too(folder: Path) -> None:
    start = SCHEMA.format("Deployment") + "name: blue\nendpoint_name: e-1\n"
    found, findings = read(folder, f"{start}model: {{path: flow, name: x, version: 1}}\n")
    assert findings == []
    assert (found.source.flow, found.source.name, sorted(found.source.files)) == ("flow", None, ["flow.dag.yaml", "one.jinja2"])
    for text, version in (
        ("azureml:answers:1", "1"),
        ("azureml:answers@production", "production"),
        ("azureml:answers", "latest"),
        ("azureml://registries/r/models/answers/versions/3", "3"),
    ):
        found, findings = read(folder, f"{start}model: {text}\n")
        assert (findings, found.source.name) == ([], f"answers:{version}")
    found, _ = read(
        folder,
        f"{start}model: {{path: model-1/model/weights.pkl}}\n"
        "code_configuration: {code: model-1/onlinescoring, scoring_script: score.py}\n",
    )
    assert "model/weights.pkl" in found.source.files


def test_an_endpoint(folder: Path) -> None:
    found, findings = read(
        folder,
        SCHEMA.format("Endpoint") + "name: my-endpoint\nauth_mode: aml_token\ntraffic: {blue: 90, green: 10}\nmirror_traffic: {red: 5}\n"
        "public_network_access: disabled\ndescription: d\n",
    )
    assert findings == []
    assert isinstance(found, EndpointFile)
    assert (found.traffic, found.mirror_traffic, found.tags, found.description) == ({"blue": 90, "green": 10}, {"red": 5}, None, "d")
    assert found.auth_mode == "aml_token"
    assert [message.split(":")[0] for message in messages(found.notes)] == ["6"]


def test_how_an_endpoint_is_called(folder: Path) -> None:
    found, _ = read(folder, "name: my-endpoint\nauth_mode: aad_token\n")
    assert (found.auth_mode, messages(found.notes)) == (
        "aml_token",
        ["2: There are no tokens of Microsoft Entra here: the endpoint gives its own, as with aml_token."],
    )
    _, findings = read(folder, "name: my-endpoint\nauth_mode: none\n")
    assert messages(findings) == ["2: auth_mode is 'none'. Write key, aml_token or aad_token."]
    assert read(folder, "name: my-endpoint\nauth_mode: Key\n")[0].auth_mode == "key"
    assert read(folder, "name: my-endpoint\ntraffic: {}\n")[0].auth_mode is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: b\nendpoint_name: e\nmodle: {path: flow}\n", ["3: There is no key 'modle'. Did you mean 'model'?"]),
        (
            "name: b\nendpoint_name: e\nmodel: {path: flow}\nrequest_settings:\n  request_timeout: 3\n  max_queue_wait_ms: soon\n",
            [
                "5: There is no key 'request_timeout' in request_settings. Did you mean 'request_timeout_ms'?",
                "6: request_settings.max_queue_wait_ms is str 'soon', expected a whole number.",
            ],
        ),
        ("endpoint_name: e\nmodel: {path: flow}\n", ["1: The file has no name. Write name: with a name."]),
        (
            "name: b\nendpoint_name: e\nmodel: {path: nowhere}\n",
            ["3: There is no file or folder 'nowhere'. Give its path from this file's folder, or azureml:<name>:<version>."],
        ),
        (
            "name: b\nendpoint_name: e\ncode_configuration: {code: flow, scoring_script: score.py}\n",
            ["3: There is no file flow/score.py. scoring_script is a path from code, and code one from this file's folder."],
        ),
        (
            "name: b\nendpoint_name: e\nmodel: azureml:m:1\ncode_configuration: {code: model-1/onlinescoring, scoring_script: score.py}\n",
            ["3: Files of the registered model 'm' are not here. Give its files: model: {path: ../model}."],
        ),
        (
            "name: b\nendpoint_name: e\nmodel: {path: 'azureml://datastores/d/paths/p'}\n",
            ["3: 'azureml://datastores/d/paths/p' cannot be read from here. Give a folder beside this file."],
        ),
        ("name: b\nendpoint_name: e\n", ["1: The deployment says nothing that can be served. Give model, or code_configuration."]),
        (
            "name: b\nendpoint_name: {{ENDPOINT}} # of today\nenvironment: {image: {{REGISTRY}}/serve:1}\n",
            [
                "2: {{ENDPOINT}} has not been filled in: this file is a template. Write a value in the place of {{ENDPOINT}}.",
                "3: {{REGISTRY}} has not been filled in: this file is a template. Write a value in the place of {{REGISTRY}}.",
            ],
        ),
        (
            "name: b\nendpoint_name: e\ncode_configuration: {code: flow, scoring_script: <SCORING_SCRIPT>}\n",
            ["3: <SCORING_SCRIPT> has not been filled in: this file is a template. Write a value in the place of <SCORING_SCRIPT>."],
        ),
        ("- a\n", None),
        ("type: uri_file\nname: d\n", None),
        ("a: [\n", None),
    ],
)
def test_what_is_wrong_is_said_by_line(folder: Path, text: str, expected: list[str] | None) -> None:
    found, findings = read(folder, text)
    assert found is None
    assert findings
    if expected is not None:
        assert messages(findings) == expected


def test_other_kinds_are_refused(folder: Path) -> None:
    schema = "$schema: https://azuremlschemas.azureedge.net/latest/batchDeployment.schema.json\n"
    _, (finding,) = read(folder, f"{schema}name: b\nendpoint_name: e\n")
    assert finding.code == "KindUnknown"


def test_an_mlflow_model_needs_no_script(folder: Path) -> None:
    model = folder / "sums"
    model.mkdir()
    start = "name: b\nendpoint_name: e\nmodel: {path: sums}\n"
    (model / "MLmodel").write_text("flavors: {sklearn: {}}\n")
    assert "no flavor python_function" in messages(read(folder, start)[1])[0]
    (model / "MLmodel").write_text("flavors:\n  python_function: {loader_module: mlflow.sklearn}\n")
    assert "has no requirements.txt" in messages(read(folder, start)[1])[0]
    (model / "conda.yaml").write_text("dependencies: [python=3.10, pip, {pip: [mlflow, scikit-learn==1.5]}]\n")
    found, findings = read(folder, start)
    assert (findings, found.source.files["requirements.txt"]) == ([], b"mlflow\nscikit-learn==1.5\n")
    (model / "conda.yaml").unlink()
    (model / "requirements.txt").write_text("mlflow-skinny==3.1\n")
    found, findings = read(folder, start)
    assert findings == []
    assert (found.source.script, sorted(found.source.files)) == (
        "mlflow_model.py",
        ["code/mlflow_model.py", "model/sums/MLmodel", "model/sums/requirements.txt", "requirements.txt"],
    )
    assert found.source.files["requirements.txt"] == b"mlflow-skinny==3.1\n"
    found, findings = read(folder, f"{start}environment: {{conda_file: model-1/environment/conda.yaml}}\n")
    assert findings == []
    assert found.source.files["requirements.txt"].startswith(b"numpy==1.21.2\n")


def test_what_is_collected(folder: Path) -> None:
    start = "name: b\nendpoint_name: e\nmodel: {path: flow}\ndata_collector:\n"
    found, findings = read(
        folder,
        f"""{start}  sampling_rate: 0.5
  rolling_rate: day
  request_logging: {{capture_headers: [x-tenant, X-Region]}}
  collections:
    model_inputs: {{enabled: 'True', sampling_rate: 1, data: {{name: seen, path: 'azureml://datastores/d/paths/p'}}}}
    model_outputs: {{enabled: true, data: 'azureml:answered:1'}}
    request: {{enabled: 'false'}}
    response:
""",
    )
    assert findings == []
    assert found.settings.data_collector == DataCollector(
        sampling_rate=0.5,
        capture_headers=("x-tenant", "X-Region"),
        collections={
            "model_inputs": Collection(sampling_rate=1.0, asset="seen"),
            "model_outputs": Collection(asset="answered"),
            "request": Collection(enabled=False),
            "response": Collection(),
        },
    )
    assert [message.split(":")[0] for message in messages(found.notes)] == ["6", "9"]
    found, _ = read(folder, "name: b\nendpoint_name: e\nmodel: azureml:small:1\ndata_collector: {collections: {request: }}\n")
    assert messages(found.notes) == ["4: Of a catalog model nothing is collected: its prompts and answers are in the traces."]
    _, findings = read(folder, f"{start}  sampling_rate: 2\n  collections: {{model_inputs: {{enabled: maybe, smapling_rate: 1}}}}\n")
    assert messages(findings) == [
        "5: data_collector.sampling_rate is int 2, expected a number from 0 to 1.",
        "6: There is no key 'smapling_rate' in data_collector.collections.model_inputs. Did you mean 'sampling_rate'?",
        "6: data_collector.collections.model_inputs.enabled is 'maybe', expected true or false.",
    ]


def test_properties_say_the_gates_and_what_is_held_to_them(folder: Path) -> None:
    start = SCHEMA.format("Deployment") + "name: blue\nendpoint_name: support\nmodel: {path: flow}\nproperties:\n"
    found, findings = read(folder, start + "  owner: me\n  flowyard.gates: f1_score >= 0.8, latency<=2\n  flowyard.evaluation: nightly\n")
    assert findings == []
    assert found.settings.gates == (Gate(metric="f1_score", at_least=0.8), Gate(metric="latency", at_most=2))
    assert (found.settings.evaluation, messages(found.notes)) == ("nightly", ["6: Properties are not kept; tags are."])
    found, findings = read(folder, start + "  flowyard.gates: f1_score = 0.8\n  flowyard.gate: x >= 1\n")
    assert found is None
    assert messages(findings) == [
        "6: 'f1_score = 0.8' is no gate. Write metrics and bounds: flowyard.gates: f1_score >= 0.8, latency <= 2",
        "7: There is no property 'flowyard.gate'. Known are: flowyard.gates, flowyard.evaluation.",
    ]
