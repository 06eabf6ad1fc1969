"""Models that MLflow saved, served without code: in a real replica with MLflow, which is in an environment of its own."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import Engine

from flowyard.cli.entry import main
from flowyard.client.applying.sources import Source
from flowyard.endpoints.collecting.ports import Wanted
from flowyard.endpoints.gateway.build import GatewayParts, build_gateway
from flowyard.flows.environments import environment_for
from flowyard.flows.errors import FlowNotFoundError
from flowyard.flows.mlflow_models import SCRIPT, mlflow_files
from flowyard.identity.model import Caller
from flowyard.storage.sql.directory import SqlDirectory
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.store import TelemetryStore
from flowyard.testing.process_host import eventually, running_supervisor
from flowyard.tracing.sinks import MemorySink
from flowyard.wire.endpoints import Collection, DataCollector, DeploymentCreate, DeploymentSettings, EndpointCreate
from support.memory_installation import MemoryCatalog, Served
from support.online_installation import Online, online

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

NEEDS = Path(__file__).resolve().parents[2] / "support/mlflow"
# Kept between runs; `make .make/tests` builds it.
ENVIRONMENTS = Path(__file__).resolve().parents[3] / ".make/mlflow"
SAVE = """
import json, sys, warnings
warnings.simplefilter("ignore")
import mlflow.pyfunc, mlflow.sklearn, pandas
from mlflow.models import infer_signature
from mlflow.types import ParamSchema, ParamSpec
from sklearn.linear_model import LinearRegression

rows = pandas.DataFrame({"rooms": [1, 2, 3], "area": [10.0, 20.0, 35.0]})
model = LinearRegression().fit(rows, [1.0, 2.0, 3.0])
needs = json.loads(sys.argv[2])
mlflow.sklearn.save_model(
    model, sys.argv[1] + "/prices", signature=infer_signature(rows, model.predict(rows)), pip_requirements=needs,
    serialization_format="cloudpickle",
)

class Words(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        if "bad" in list(model_input["text"]):
            raise RuntimeError("no such word")
        return pandas.DataFrame({"length": model_input["text"].str.len() * (params or {}).get("times", 1), "share": float("nan")})

texts = pandas.DataFrame({"text": ["a", "bb"]})
params = ParamSchema([ParamSpec("times", "long", 1)])
signature = infer_signature(texts, pandas.DataFrame({"length": [1]}), params={"times": 1})
mlflow.pyfunc.save_model(sys.argv[1] + "/words", python_model=Words(), signature=signature, pip_requirements=needs)
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders ``prices`` (scikit-learn) and ``words`` (a python model), as MLflow saves them."""
    folder = tmp_path_factory.mktemp("models")
    python = environment_for(NEEDS, None, ENVIRONMENTS)
    needs = json.dumps((NEEDS / "requirements.txt").read_text().split())
    subprocess.run([python, "-c", SAVE, folder, needs], check=True, capture_output=True, timeout=120)
    return folder


class Serving:
    def __init__(self, installation: Online, url: str, key: str, home: Path) -> None:
        self.installation = installation
        self.home = home
        self.url = f"{url}/endpoints/support"
        self.pool = urllib3.PoolManager(retries=False, headers={"authorization": f"Bearer {key}"})

    def deploy(self, model: Path, **settings: Any) -> None:
        source = Source(script=SCRIPT, files=mlflow_files(model))
        digest = self.installation.snapshots.receive(source.archive()).digest
        create = DeploymentCreate(snapshot=digest, script=SCRIPT, settings=DeploymentSettings(**settings))
        self.installation.run(self.installation.service.deploy(self.installation.caller, "support", create))

    def score(self, body: Any, content_type: str = "application/json") -> tuple[int, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**self.pool.headers, "content-type": content_type}
        answer = self.pool.request("POST", f"{self.url}/score", body=data, headers=headers)
        return answer.status, answer.json()


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Once, on SQLite: what is tested here does not depend on the database."""
    path = tmp_path / "metadata.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def serving(engine: Engine, tmp_path: Path, caller: Caller) -> Iterator[Serving]:
    """A gateway and a supervisor, whose home folder has the environments of the tests."""
    (tmp_path / "home").mkdir()
    (ENVIRONMENTS / "environments").mkdir(parents=True, exist_ok=True)
    (tmp_path / "home" / "environments").symlink_to(ENVIRONMENTS / "environments")
    with running_supervisor(tmp_path / "logs") as host:
        installation = online(engine, tmp_path / "home", host, caller)
        (tmp_path / "home" / "spools").mkdir(parents=True)
        key = installation.keys.issue("w1", "test", "invoker", scope="")
        source = SqlDirectory(engine, installation.keys, None, installation.connections)  # type: ignore[arg-type]
        parts = GatewayParts(source=source, host=host, local=MemoryCatalog(), sink=MemorySink(), server="127.0.0.1:1")
        installation.service.create(caller, EndpointCreate(name="support"))
        with Served(lambda: build_gateway(parts)) as served:
            yield Serving(installation, served.url, key, tmp_path / "home")


PRICES = {"columns": ["rooms", "area"], "data": [[1, 10.0], [2, 20]]}


def test_a_model_answers_by_both_protocols_and_its_signature_holds(serving: Serving, models: Path) -> None:
    serving.deploy(models / "prices")
    status, answer = serving.score({"dataframe_split": PRICES})
    assert status == 200, answer
    assert answer["predictions"] == pytest.approx([1.0, 2.0])
    assert serving.score({"input_data": PRICES | {"index": [0, 1]}})[1] == pytest.approx([1.0, 2.0])
    rows = [{"rooms": 1, "area": 10.0}, {"rooms": 2, "area": 20}]
    for body in ({"dataframe_records": rows}, {"instances": rows}, {"inputs": {"rooms": [1, 2], "area": [10.0, 20.0]}}):
        assert serving.score(body)[1]["predictions"] == pytest.approx([1.0, 2.0]), body
    assert serving.score(b"rooms,area\n1,10.0\n", "text/csv; charset=utf-8")[1]["predictions"] == pytest.approx([1.0])
    for wrong, said in (
        ({"dataframe_records": [{"rooms": 1}]}, "Model is missing inputs ['area']"),
        ({"dataframe_records": [{"rooms": "many", "area": 1.0}]}, "Failed to convert column rooms"),
        ({"dataframe_split": [1]}, "must be a dictionary"),
        ({"rooms": 1}, "expected one of dataframe_split, dataframe_records, instances, inputs, input_data"),
        ({"dataframe_split": PRICES, "inputs": {}}, "expected one of"),
        ({"dataframe_split": PRICES, "parms": {}}, "expected one of"),
        ([1], "The body has list"),
        (b"{", "The body is no JSON"),
    ):
        status, problem = serving.score(wrong)
        assert (status, problem["code"]) == (400, "BodyInvalid"), problem
        assert said in problem["detail"], problem
    missing = serving.score({"dataframe_records": [{"rooms": 1}]})[1]
    assert "'rooms': long (required), 'area': double (required)" in missing["remedy"]
    swagger = serving.pool.request("GET", f"{serving.url}/swagger.json").json()
    schema = swagger["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["dataframe_records"]["items"] == {
        "type": "object",
        "properties": {"rooms": {"type": "integer"}, "area": {"type": "number"}},
        "required": ["rooms", "area"],
    }


def test_a_python_model_takes_params_and_its_values_are_collected(serving: Serving, models: Path) -> None:
    collector = DataCollector(collections={"model_inputs": Collection(), "model_outputs": Collection()})
    serving.deploy(models / "words", data_collector=collector)
    assert serving.score({"input_data": {"columns": ["text"], "data": [["abc"]]}, "params": {"times": 2}}) == (
        200,
        [{"length": 6, "share": None}],
    )
    status, problem = serving.score({"dataframe_records": [{"text": "bad"}]})
    assert (status, problem["code"], "no such word" in problem["detail"]) == (500, "ScriptFailed", True)
    store = TelemetryStore(serving.installation.engine, serving.home / "spools", SegmentFiles(serving.home / "segments"))
    store.start()
    try:
        eventually(lambda: len(list(store.queries.collected("w1", Wanted(endpoint="support")))) == 3)
        found = [(record.logger, record.attributes["data"]) for record in store.queries.collected("w1", Wanted(endpoint="support"))]
    finally:
        store.stop()
    assert sorted(found, key=str) == [
        ("model_inputs", [{"text": "abc"}]),
        ("model_inputs", [{"text": "bad"}]),
        ("model_outputs", [{"length": 6, "share": None}]),
    ]


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text("flavors: {sklearn: {}}\n")
    with pytest.raises(FlowNotFoundError, match="no flavor python_function"):
        mlflow_files(tmp_path)


def test_it_is_deployed_by_command(
    server: Any, owner_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["endpoint", *words])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    (tmp_path / "model").mkdir()
    assert run("create", "prices")[0] == 0
    code, _, err = run("deploy", "prices", "--model", str(tmp_path / "model"))
    assert (code, "is no MLflow model" in err) == (2, True)
    (tmp_path / "model" / "MLmodel").write_text("flavors:\n  python_function: {loader_module: mlflow.sklearn}\n")
    (tmp_path / "model" / "requirements.txt").write_text("mlflow-skinny==3.17.2\n")
    assert run("deploy", "prices", "--model", str(tmp_path / "model"), "--no-wait")[0] == 0
    assert "blue: deploying, script mlflow_model.py" in run("show", "prices")[1]
