"""Transforms over HTTP, from Python and from the command line, carried out by a worker."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.compute.jobs.context import RunContext
from flowyard.compute.jobs.runner import JobRunner
from flowyard.foundation.errors import RemoteError
from flowyard.wire.identity import ApiKeyCreate, WorkspaceCreate
from flowyard.wire.jobs import Job
from support.commands import Command
from support.transform_bench import lines

ROWS: list[Any] = [{"id": 1, "q": " a  b "}, {"id": 2, "q": "a b"}, {"id": 3, "q": "write to ann@example.com"}]
CLEAN: list[Any] = [{"normalize": {}}, {"deduplicate": {"columns": ["q"]}}, {"redact": {}}]


#: What is changed of a request that is valid, the code of the problem, and where it is.
REFUSED: list[tuple[dict[str, Any], str, str | None]] = [
    ({"source": "azureml:nothing:1"}, "DataAssetNotFound", None),
    ({"source": "upload:abc"}, "InvalidTransform", "/source"),
    ({"inputs": {"data": "azureml:questions:1"}}, "InvalidTransform", "/inputs/data"),
    ({"inputs": {"a": "azureml:nothing:1"}}, "DataAssetNotFound", None),
    ({"steps": []}, "InvalidTransform", "/steps"),
    ({"steps": [{}]}, "InvalidTransform", "/steps/0"),
    ({"steps": [{"normalize": {}, "redact": {}}]}, "InvalidTransform", "/steps/0"),
    ({"steps": [{"nope": {}}]}, "InvalidInput", None),
    ({"steps": [{"normalize": {"colums": ["q"]}}]}, "InvalidInput", None),
    ({"steps": [{"redact": {"rules": ["shoe_size"]}}]}, "InvalidInput", None),
    ({"steps": [{"python": {"function": "a.py:f"}}]}, "InvalidTransform", "/steps/0/python/function"),
    ({"code": "/etc/passwd"}, "InvalidTransform", "/code"),
    ({"code": f"upload:{'0' * 64}"}, "UploadNotFound", None),
    ({"name": "../x"}, "InvalidInput", "/name"),
    ({"name": "questions", "version": "1"}, "DataAssetExists", None),
    ({"on_error": "ignore"}, "InvalidInput", None),
]


@pytest.fixture
def source(ws: Workspace, tmp_path: Path) -> str:
    file = tmp_path / "rows.jsonl"
    file.write_text(lines(ROWS))
    return ws.data.create("questions", file).reference


def ended(ws: Workspace, job: Job) -> Job:
    return ws.jobs.wait(job.id, timeout_s=90)


def content(ws: Workspace, name: str, tmp_path: Path, version: str = "latest") -> bytes:
    ws.data.download(name, tmp_path / "downloaded", version)
    return (tmp_path / "downloaded").read_bytes()


def test_a_version_is_made_with_its_history_and_can_be_made_again(ws: Workspace, worker: JobRunner, source: str, tmp_path: Path) -> None:
    job = ended(ws, ws.transforms.create(source, "clean", CLEAN, description="cleaned", tags={"team": "a"}))
    assert (job.status, job.error) == ("completed", None)
    assert job.result["data"] == "azureml:clean:1"
    assert (job.result["rows_in"], job.result["rows_out"], job.result["made"]) == (3, 2, True)
    made = ws.data.get("clean")
    assert (made.rows, made.description, made.tags, made.origin["kind"]) == (2, "cleaned", {"team": "a"}, "transform")
    assert made.origin["steps"] == [{"normalize": {}}, {"deduplicate": {"columns": ["q"]}}, {"redact": {}}]
    assert content(ws, "clean", tmp_path) == b'{"id":1,"q":"a b"}\n{"id":3,"q":"write to [EMAIL]"}\n'

    graph = ws.lineage.graph("azureml:clean:1", direction="up")
    assert [(edge.source, edge.target, edge.activity, edge.by) for edge in graph.edges] == [
        ("data/questions/1", "data/clean/1", "transform", f"job/{job.id}")
    ]
    assert graph.edges[0].parameters["steps"] == made.origin["steps"]

    again = ended(ws, ws.transforms.rerun("clean", "1"))
    assert (again.result["made"], again.result["data"]) == (False, "azureml:clean:1")
    assert [version.version for version in ws.data.versions("clean")] == ["1"]

    file = tmp_path / "rows.jsonl"
    file.write_text(lines([*ROWS, {"id": 4, "q": "new"}]))
    ws.data.create("questions", file)
    assert not ended(ws, ws.transforms.rerun("clean")).result["made"]
    newer = ended(ws, ws.transforms.rerun("clean", latest=True))
    assert (newer.result["data"], newer.result["rows_out"]) == ("azureml:clean:2", 3)
    assert ws.data.get("clean").origin["source"] == "azureml:questions:2"
    with pytest.raises(RemoteError, match="made by no transform"):
        ws.transforms.rerun("questions")


def test_code_is_kept_with_the_version_and_its_hash_is_in_the_lineage(
    ws: Workspace, worker: JobRunner, source: str, tmp_path: Path, services: Any
) -> None:
    folder = tmp_path / "code"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "words.py").write_text("WORD = 'seen'\n")
    (folder / "clean.py").write_text("from inner.words import WORD\n\ndef tidy(row):\n    return {**row, WORD: True}\n")
    (folder / "big.bin").write_bytes(b"x" * 1000)
    job = ended(ws, ws.transforms.create(source, "coded", [{"python": "clean.py:tidy"}], code=folder))
    assert job.error is None
    made = ws.data.get("coded")
    assert content(ws, "coded", tmp_path).startswith(b'{"id":1,"q":" a  b ","seen":true}\n')
    edge = ws.lineage.graph(made.reference).edges[0]
    assert edge.code == made.origin["code"].removeprefix("upload:")
    assert edge.environment is not None
    assert edge.environment.startswith("flowyard-")
    assert made.origin["code"] in services.data.references(_workspace_id(services))
    assert not ended(ws, ws.transforms.rerun("coded")).result["made"]


def test_what_fails_makes_nothing_and_says_where(ws: Workspace, worker: JobRunner, source: str) -> None:
    job = ended(ws, ws.transforms.create(source, "bad", [{"map_columns": {"cast": {"q": "integer"}}}]))
    assert job.status == "failed"
    assert job.error is not None
    assert (job.error["code"], job.error["extra"]) == ("TransformRowFailed", {"step": 1, "row": 1, "column": "q"})
    nothing = ended(ws, ws.transforms.create(source, "bad", [{"filter_length": {"column": "q", "min": 500}}]))
    assert nothing.error is not None
    assert "No row is left" in nothing.error["detail"]
    assert not [asset for asset in ws.data.list() if asset.name == "bad"]


def test_a_transform_can_be_canceled_and_resumed(ws: Workspace, worker: JobRunner, source: str, tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    go = tmp_path / "go"
    (folder / "wait.py").write_text(
        f"import os, time\ndef run(row):\n    while not os.path.exists({str(go)!r}):\n        time.sleep(0.02)\n    return row\n"
    )
    job = ws.transforms.create(source, "slow", [{"python": "wait.py:run"}], code=folder)
    for _ in range(1000):
        if (ws.jobs.get(job.id).stages[1].detail or "").startswith("step") or ws.jobs.get(job.id).stages[1].status == "running":
            break
        time.sleep(0.02)
    ws.jobs.cancel(job.id)
    assert ended(ws, job).status == "canceled"
    assert not list((home / "cache" / "transforms").iterdir())
    go.touch()
    ws.jobs.resume(job.id)
    assert ended(ws, job).result["data"] == "azureml:slow:1"


def test_a_job_that_runs_again_does_not_make_a_second_version(ws: Workspace, worker: JobRunner, source: str, services: Any) -> None:
    job = ended(ws, ws.transforms.create(source, "clean", CLEAN))
    record = services.jobs._store.get(job.id)
    context = RunContext(record, services.jobs._store, lambda _name, work: work())
    again = worker._kinds["data_transform"].run(context, record.arguments)
    assert again["data"] == "azureml:clean:1"
    assert len(ws.data.versions("clean")) == 1


def test_a_preview_shows_rows_before_and_after_and_keeps_nothing(ws: Workspace, source: str, home: Path) -> None:
    tried = ws.transforms.preview(source, CLEAN, rows=2)
    assert [row.values for row in tried.before] == ROWS[:2]
    assert [(row.line, row.values) for row in tried.after] == [(1, {"id": 1, "q": "a b"})]
    assert [(drop.line, drop.step, drop.reason) for drop in tried.dropped] == [(2, 2, "equal to an earlier row")]
    assert tried.columns_before == tried.columns_after == ("id", "q")
    assert [step.kind for step in tried.steps] == ["read", "normalize", "deduplicate", "redact"]
    assert not list((home / "cache" / "transforms").iterdir())


def test_requests_that_make_no_sense_are_refused_before_a_job_is_made(
    ws: Workspace, source: str, client: Any, owner: dict[str, str]
) -> None:
    for change, code, pointer in REFUSED:
        body = {"source": source, "name": "clean", "steps": CLEAN, **change}
        answer = client.post("/api/v1/workspaces/default/data/transforms", json=body, headers=owner)
        problem = answer.json()
        assert problem["code"] == code, (change, problem)
        assert answer.status_code in {404, 409, 422}
        if pointer is not None:
            assert problem["location"]["pointer"] == pointer, (change, problem)
    assert not list(ws.jobs.list())


def test_another_workspace_has_neither_the_data_nor_its_lineage(ws: Workspace, worker: JobRunner, source: str, services: Any) -> None:
    ended(ws, ws.transforms.create(source, "clean", CLEAN))
    owner = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal
    services.identity.create_workspace(owner, WorkspaceCreate(name="other"))
    owner = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal
    key = services.keys.create(owner.enter("other"), ApiKeyCreate(name="k", role="owner")).secret
    other = Workspace(url=ws.transport.url, api_key=key, workspace="other")
    for call in (
        lambda: other.transforms.create(source, "clean", CLEAN),
        lambda: other.transforms.preview(source, CLEAN),
        lambda: other.transforms.rerun("clean"),
        lambda: other.lineage.graph("azureml:clean:1"),
        lambda: list(other.lineage.edges("data/questions/1")),
    ):
        with pytest.raises(RemoteError) as caught:
            call()
        assert caught.value.remote.status == 404


def test_the_command_line_does_all_of_it(command: Command, worker: JobRunner, source: str, tmp_path: Path) -> None:
    file = tmp_path / "step.yaml"
    file.write_text("steps:\n  - normalize\n  - deduplicate: {columns: [q]}\n")
    code, out, err = command("data", "transform", "questions", "--file", str(file), "--preview", "3")
    assert (code, "dropped by step 2" in out, "2 deduplicate: 3 → 2 rows" in err) == (0, True, True)
    code, out, err = command("data", "transform", "questions:1", "--file", str(file), "--out", "clean")
    assert code == 0, err
    assert "azureml:clean:1 is there with 2 of 3 rows" in out
    code, out, _ = command("data", "rerun", "clean:1", "--json")
    assert (code, json.loads(out)["made"]) == (0, False)
    code, out, _ = command("data", "transform", "questions", "--step", "sql: SELECT id FROM data", "--out", "ids", "--json")
    assert (code, json.loads(out)["rows_out"]) == (0, 3)
    code, out, _ = command("data", "lineage", "questions")
    assert code == 0
    assert "data/clean/1  (transform by job/" in out
    code, out, _ = command("data", "lineage", "clean:1", "--up", "--json")
    assert [node["id"] for node in json.loads(out)["nodes"]] == ["data/clean/1", "data/questions/1"]
    for words, said in (
        (("data", "transform", "questions", "--out", "x"), "--file FILE, or --step STEP"),
        (("data", "transform", "questions", "--step", "normalize"), "--out NAME"),
        (("data", "transform", "--step", "normalize", "--out", "x"), "Name a data asset"),
        (("data", "transform", "questions", "--step", "nope", "--out", "x"), "no step 'nope'"),
        (
            ("data", "transform", "questions", "--step", "python: a.py:f", "--code", str(tmp_path / "no"), "--out", "x"),
            "There is no folder",
        ),
        (("data", "lineage", "questions", "--up", "--down"), "exclude each other"),
    ):
        code, _, err = command(*words)
        assert code == 2, words
        assert said in err, (words, err)


def _workspace_id(services: Any) -> str:
    caller = services.sign_in.with_token(services.identity.owner_link("http://x").url.partition("#token=")[2]).principal.enter("default")
    return str(caller.workspace_id)
