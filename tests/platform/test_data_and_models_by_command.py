"""What a new user does with data and models by commands, and by Python: one installation with the real worker and the real local model."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard import Workspace
from flowyard.wire.datastores import DatastoreWrite
from flowyard.wire.endpoints import DeploymentCreate
from support.installation import Platform, eventually
from support.local_card import MODEL, card_of

pytestmark = [pytest.mark.integration, pytest.mark.timeout(420)]

PAPERS = "azureml://datastores/papers/paths/2026/questions.jsonl"


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with questions, every second one twice, and a database with a table of orders."""
    folder = tmp_path_factory.mktemp("data") / "papers"
    (folder / "2026").mkdir(parents=True)
    rows = [{"question": f"What is {number % 20} plus one?", "label": "ab"[number % 2]} for number in range(40)]
    (folder / "2026" / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with sqlite3.connect(folder.parent / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, total REAL)")
        connection.executemany("INSERT INTO orders VALUES (?, ?)", [(number, number * 1.5) for number in range(100)])
    connection.close()
    return folder


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, model_store: Path, data_folder: Path) -> Iterator[Platform]:
    cards, models = tmp_path_factory.mktemp("cards"), tmp_path_factory.mktemp("models")
    (cards / f"{MODEL}.yaml").write_text(card_of(model_store))
    settings = {"FLOWYARD_DATA_ROOTS": str(data_folder.parent), "FLOWYARD_CATALOG": str(cards)}
    with Platform.up(tmp_path_factory.mktemp("home"), models, settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
def ws(platform: Platform) -> Workspace:
    return Workspace(url=platform.url, api_key=platform.api_key, workspace="default")


def test_data_by_commands(platform: Platform, data_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "papers.yaml").write_text(f"name: papers\ntype: local_folder\npath: {data_folder}\n")
    platform.run("datastore", "create", "--file", str(tmp_path / "papers.yaml"))
    assert platform.json("datastore", "test", "papers")["ok"] is True
    assert "questions.jsonl" in platform.run("datastore", "ls", "azureml://datastores/papers/paths/2026/")
    made = platform.json("data", "create", "questions", PAPERS)
    assert (made["name"], made["version"]) == ("questions", "1")
    seen = platform.json("data", "preview", "questions:1", "--rows", "3")
    assert [row["values"]["question"] for row in seen["rows"]] == [f"What is {number} plus one?" for number in range(3)]
    cleaned = platform.json("data", "transform", "questions:1", "--out", "questions-clean", "--step", "deduplicate")
    assert (cleaned["data"], cleaned["rows_in"], cleaned["rows_out"]) == ("azureml:questions-clean:1", 40, 20)
    graph = platform.json("data", "lineage", "questions-clean:1", "--up")
    assert {edge["source"] for edge in graph["edges"]} == {"data/questions/1", "datastore/papers/2026/questions.jsonl"}


def test_data_by_python(ws: Workspace, data_folder: Path) -> None:
    ws.datastores.create(DatastoreWrite(name="sheets", type="local_folder", configs={"path": str(data_folder)}))
    assert ws.datastores.test("sheets").ok
    assert [file.path for file in ws.datastores.files("sheets", "2026")] == ["2026/questions.jsonl"]
    made = ws.data.create("asked", "azureml://datastores/sheets/paths/2026/questions.jsonl")
    assert ws.data.preview("asked", made.version, limit=1).rows[0].values["question"] == "What is 0 plus one?"
    job = ws.jobs.wait(ws.transforms.create("azureml:asked:1", "asked-clean", [{"deduplicate": {}}]).id)
    assert job.status == "completed", job
    assert ws.data.get("asked-clean").rows == 20
    edges = ws.lineage.graph("azureml:asked-clean:1", direction="up").edges
    assert {edge.source for edge in edges} == {"data/asked/1", "datastore/sheets/2026/questions.jsonl"}


def test_a_database_is_imported_by_the_worker_once_and_by_a_schedule(platform: Platform, ws: Workspace, data_folder: Path) -> None:
    ws.datastores.create(DatastoreWrite(name="shop", type="sqlite", configs={"path": str(data_folder.parent / "shop.db")}))
    done = platform.json("data", "import", "orders", "--datastore", "shop", "--query", "SELECT * FROM orders WHERE total > 15")
    assert (done["data"], done["rows"]) == ("azureml:orders:1", 89)
    platform.run("data", "import", "all-orders", "--datastore", "shop", "--table", "orders", "--schedule", "0 6 * * *")
    with sqlite3.connect(platform.home / "metadata.db", timeout=60) as connection:
        connection.execute("UPDATE data_schedules SET next_ns = next_ns - ?", (2 * 24 * 3600 * 10**9,))
    connection.close()
    asset = eventually(lambda: next((asset for asset in ws.data.list() if asset.name == "all-orders"), None), within_s=300)
    assert (asset.version, asset.rows) == ("1", 100)
    (schedule,) = platform.json("data", "schedule", "list")
    assert schedule["last_job"] is not None
    platform.run("data", "schedule", "delete", "all-orders")


def test_a_model_by_commands_and_by_python(platform: Platform, ws: Workspace) -> None:
    assert [model["name"] for model in platform.json("model", "list", "tiny chat")] == [MODEL]
    assert [model.name for model in ws.models.list("tiny chat", task="chat")] == [MODEL]
    assert "fits" in platform.run("model", "fit", MODEL)
    assert ws.models.fit(MODEL, context=512).verdict in {"yes", "tight"}

    platform.run("model", "pull", MODEL)
    assert ws.models.get(MODEL).state == "ready"
    ws.models.remove(MODEL)
    assert ws.models.get(MODEL).state != "ready"
    assert ws.jobs.wait(ws.models.pull(MODEL).id).status == "completed"

    verified = platform.json("model", "verify", MODEL, "--check", "chat")
    assert [(check["name"], check["status"]) for check in verified["checks"]] == [("chat", "pass")]
    job = ws.jobs.wait(ws.models.verifications.create(MODEL, checks=["streaming"]).id)
    assert [(check.name, check.status) for check in ws.models.verifications.get(job.id).checks] == [("streaming", "pass")]

    platform.run("endpoint", "create", "tiny")
    platform.run("endpoint", "deploy", "tiny", "--model", MODEL)
    ws.endpoints.create("small")
    assert ws.jobs.wait(ws.endpoints.deploy("small", DeploymentCreate(model=MODEL)).id).status == "completed"
    asked = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 4}
    for endpoint in ("tiny", "small"):
        assert ws.endpoints.invoke(endpoint, asked)["choices"][0]["message"]["content"]
