"""Runs on a whole installation, by the commands as a user types them: made, followed, killed, canceled, resumed, compared, evaluated."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from support.flow_folders import llm_node, python_node, write_flow
from support.installation import Platform, eventually
from support.postgres_database import postgres_database

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

SLOW = """
import os, time
from promptflow.core import tool

@tool
def slow(text: str) -> dict:
    if not os.path.exists(HURRIES):
        time.sleep(0.02)
    if text == "bad":
        raise ValueError("this one is bad")
    return {"length": len(text), "pid": os.getpid(), "secret": "FLOWYARD_HOME" in os.environ}
"""
MEAN = """
from promptflow.core import tool, log_metric

@tool
def mean(lengths: list) -> int:
    log_metric("mean_length", sum(item["length"] for item in lengths) / len(lengths))
    return len(lengths)
"""
JUDGE = """
from promptflow.core import tool

@tool
def judge(length: int, truth: str) -> int:
    return int(length == len(truth))
"""
SCRIPT = "name: model\ntype: scripted\nscript: |\n  rules: [{echo: true}]\n"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    models = tmp_path_factory.mktemp("models")
    database = request.getfixturevalue("runs_database") if request.param == "postgresql" else None
    with Platform.up(tmp_path_factory.mktemp("home"), models, database_url=database) as running:
        yield running


@pytest.fixture(scope="module")
def runs_database(postgres_url: str) -> Iterator[str]:
    yield from postgres_database(postgres_url)


@pytest.fixture
def hurries(lengths: Path) -> Path:
    """A file that is not there yet: from when it is, the flow's tool is slow no more."""
    file = lengths.parent / "hurries"
    file.unlink(missing_ok=True)
    return file


@pytest.fixture(scope="module")
def lengths(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flow with a slow tool and an aggregation."""
    folder = tmp_path_factory.mktemp("flows")
    return write_flow(
        folder / "lengths",
        {
            "inputs": {"text": {"type": "string"}},
            "outputs": {
                "length": {"type": "int", "reference": "${slow.output.length}"},
                "all": {"type": "object", "reference": "${slow.output}"},
            },
            "nodes": [python_node("slow", text="${inputs.text}"), {**python_node("mean", lengths="${slow.output}"), "aggregation": True}],
        },
        slow__py=SLOW.replace("HURRIES", repr(str(folder / "hurries"))),
        mean__py=MEAN,
    )


def rows_file(folder: Path, count: int, bad: int | None = None) -> Path:
    file = folder / f"rows-{count}-{bad}.jsonl"
    texts = ["bad" if index == bad else "x" * (index % 7 + 1) for index in range(count)]
    file.write_text("".join(json.dumps({"words": text}) + "\n" for text in texts))
    return file


def create(platform: Platform, name: str, flow: Path | str, data: Path, *more: str) -> Any:
    words = ("run", "create", "--name", name, "--flow", str(flow), "--data", str(data), "--column-mapping", "text=${data.words}", *more)
    return platform.json(*words)


def with_model(platform: Platform, folder: Path) -> None:
    """Give the workspace the connection `model`, answered from a script."""
    (folder / "model.yaml").write_text(SCRIPT)
    if "model" not in {connection["name"] for connection in platform.json("connection", "list")}:
        platform.run("connection", "create", "--file", str(folder / "model.yaml"))


def test_a_run_with_a_failed_row_completes_and_is_shown(platform: Platform, lengths: Path, tmp_path: Path) -> None:
    run = create(platform, "first", lengths, rows_file(tmp_path, 40, bad=5), "--stream")
    assert (run["status"], run["counts"]["completed"], run["counts"]["failed"], run["counts"]["total"]) == ("completed", 39, 1, 40)
    rows = platform.json("run", "show-details", "first")
    assert [row["line"] for row in rows] == list(range(40))
    assert rows[3]["outputs"]["length"] == 4
    assert rows[3]["outputs"]["all"]["secret"] is False
    (failed,) = platform.json("run", "show-details", "first", "--status", "failed")
    assert (failed["line"], "this one is bad" in failed["error"]["detail"]) == (5, True)
    expected = sum(len("x" * (index % 7 + 1)) for index in range(40) if index != 5) / 39
    assert platform.json("run", "show-metrics", "first") == {"mean_length": pytest.approx(expected)}
    nodes = platform.json("run", "show-details", "first", "--line", "3")["nodes"]
    assert [(node["node"], node["status"]) for node in nodes] == [("slow", "completed")]
    job = platform.json("job", "list", "--target", "runs/first")[0]
    assert [(stage["name"], stage["status"]) for stage in job["stages"]] == [
        ("prepare", "completed"), ("rows", "completed"), ("aggregate", "completed"),
    ]  # fmt: skip
    assert (job["stages"][1]["done"], job["stages"][1]["total"]) == (40, 40)


def test_an_evaluation_over_its_outputs_runs_it_not_again(platform: Platform, lengths: Path, tmp_path: Path) -> None:
    create(platform, "base", lengths, rows_file(tmp_path, 20, bad=3))
    judge = write_flow(
        tmp_path / "judge",
        {
            "inputs": {"length": {"type": "int"}, "truth": {"type": "string"}},
            "outputs": {"right": {"type": "int", "reference": "${judge.output}"}},
            "nodes": [python_node("judge", length="${inputs.length}", truth="${inputs.truth}")],
        },
        judge__py=JUDGE,
    )
    words = (
        "--run",
        "base",
        "--data",
        str(rows_file(tmp_path, 20)),
        "--column-mapping",
        "length=${run.outputs.length}",
        "truth=${data.words}",
    )
    run = platform.json("run", "create", "--name", "judged", "--flow", str(judge), *words, "--stream")
    assert (run["status"], run["run"], run["counts"]["completed"]) == ("completed", "base", 19)
    rows = platform.json("run", "show-details", "judged")
    assert all(row["outputs"]["right"] == 1 for row in rows)
    assert [row["line"] for row in rows] == [line for line in range(20) if line != 3]


def seen(platform: Platform, run: str) -> dict[str, Any]:
    """A run as the API has it: to ask again and again, where a command would take a third of a second of processor time each time."""
    return platform.request("GET", f"/api/v1/workspaces/default/runs/{run}").json()


def test_a_killed_worker_s_run_goes_on_with_each_row_once(platform: Platform, lengths: Path, hurries: Path, tmp_path: Path) -> None:
    run = create(platform, "killed", lengths, rows_file(tmp_path, 1500), "--concurrency", "2")
    eventually(lambda: 100 < seen(platform, "killed")["counts"]["completed"] < 1400)
    pid = platform.kill("worker")
    platform.back("worker", pid)
    hurries.touch()
    eventually(lambda: seen(platform, "killed")["status"] not in {"running", "queued"}, within_s=120)
    done = platform.json("run", "show", "killed")
    assert (done["status"], done["counts"]["completed"], done["counts"]["failed"]) == ("completed", 1500, 0)
    assert platform.json("job", "show", run["job_id"])["attempt"] == 2
    rows = platform.run("run", "export", "killed").splitlines()
    assert [json.loads(row)["line"] for row in rows] == list(range(1500))


def test_a_canceled_run_keeps_what_is_done_and_is_resumed(platform: Platform, lengths: Path, hurries: Path, tmp_path: Path) -> None:
    create(platform, "stopped", lengths, rows_file(tmp_path, 2000), "--concurrency", "2")
    eventually(lambda: seen(platform, "stopped")["counts"]["completed"] > 20)
    platform.run("run", "cancel", "stopped")
    eventually(lambda: seen(platform, "stopped")["status"] == "canceled")
    done = platform.json("run", "show", "stopped")["counts"]["completed"]
    assert 20 < done < 2000
    hurries.touch()
    first = platform.json("run", "show-details", "stopped", "--limit", "1")[0]
    create(platform, "taken", lengths, rows_file(tmp_path, 2000), "--resume-from", "stopped", "--max-failures", "0")
    assert platform.json("run", "resume", "stopped", "--stream")["counts"]["completed"] == 2000
    assert platform.json("run", "show-details", "stopped", "--limit", "1")[0]["outputs"] == first["outputs"]
    eventually(lambda: seen(platform, "taken")["status"] == "completed", within_s=100)
    taken = platform.json("run", "show", "taken")
    assert (taken["counts"]["completed"], taken["resume_from"]) == (2000, "stopped")
    assert platform.json("run", "show-details", "taken", "--limit", "1")[0]["outputs"] == first["outputs"]


def test_variants_side_by_side_through_the_gateway(platform: Platform, tmp_path: Path) -> None:
    with_model(platform, tmp_path)
    node = llm_node("say", text="${inputs.text}")
    flow = write_flow(
        tmp_path / "polite",
        {
            "inputs": {"text": {"type": "string"}},
            "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
            "nodes": [{"name": "say", "use_variants": True}],
            "node_variants": {
                "say": {
                    "default_variant_id": "plain",
                    "variants": {
                        "plain": {"node": {key: value for key, value in node.items() if key != "name"}},
                        "kind": {
                            "node": {
                                **{key: value for key, value in node.items() if key != "name"},
                                "source": {"type": "code", "path": "kind.jinja2"},
                            }
                        },
                    },
                }
            },
        },
        say__jinja2="user:\n{{text}}",
        kind__jinja2="user:\nplease {{text}}",
    )
    run = create(platform, "polite", flow, rows_file(tmp_path, 6), "--variant", "all:say", "--stream")
    assert (run["status"], run["variants"], run["counts"]["completed"]) == ("completed", ["${say.plain}", "${say.kind}"], 12)
    assert run["counts"]["prompt_tokens"] > 0
    assert run["counts"]["cost"] == {"micros": "0", "currency": "USD"}
    found = platform.json("run", "compare", "polite")
    assert [side["label"] for side in found["sides"]] == ["${say.plain}", "${say.kind}"]
    assert [row["outputs"]["said"] for row in found["lines"][1]["sides"]] == ["xx", "please xx"]
    platform.run("run", "visualize", "polite", "--output", str(tmp_path / "report.html"), "--no-open")
    assert "please xx" in (tmp_path / "report.html").read_text()
    # Its key is gone with its end.
    if not platform.environment.get("FLOWYARD_DATABASE_URL"):
        with sqlite3.connect(platform.home / "metadata.db") as database:
            revoked = database.execute("SELECT revoked_ns IS NOT NULL FROM api_keys WHERE scope LIKE 'run:%'").fetchall()
        assert revoked
        assert all(row == (1,) for row in revoked)


def test_from_python_with_a_flow_of_the_workspace(platform: Platform, tmp_path: Path) -> None:
    ws = Workspace(url=platform.url, api_key=platform.api_key)
    data = tmp_path / "topics.csv"
    data.write_text("text,more\none two,1\nthree,2\n")
    seen: list[str] = []
    run = ws.runs.create(flow="demo-python", data=data, column_mapping={"text": "${data.text}"}, tags={"a": "b"})
    run = ws.runs.stream(run.name, lambda now: seen.append(now.status))
    assert (run.status, run.flow, run.counts.completed, run.tags) == ("completed", "demo-python", 2, {"a": "b"})
    assert seen
    details = ws.runs.details(run.name)
    assert [(row["line"], row["inputs.text"], row["outputs.words"]) for row in details] == [(0, "one two", 2), (1, "three", 1)]
    ws.runs.archive(run.name)
    assert run.name not in {found.name for found in ws.runs.list()}
    assert run.name in {found.name for found in ws.runs.list(archived="only", flow="demo-python")}
    ws.runs.delete(run.name)
    assert run.name not in {found.name for found in ws.runs.list(archived="also")}


PROMPTY = """---
name: ask
model:
  api: chat
  configuration: {type: openai, model: m, connection: model}
inputs:
  text: {type: string}
---
user:
say {{text}}
"""


def test_a_prompty_and_a_flex_flow(platform: Platform, tmp_path: Path) -> None:
    with_model(platform, tmp_path)
    ws = Workspace(url=platform.url, api_key=platform.api_key)
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    (prompts / "ask.prompty").write_text(PROMPTY)
    (prompts / "other.prompty").write_text(PROMPTY.replace("say", "shout"))
    data = rows_file(tmp_path, 3)
    run = ws.runs.create(flow=prompts / "ask.prompty", data=data, column_mapping={"text": "${data.words}"})
    assert ws.runs.stream(run.name).status == "completed"
    assert [row["outputs.output"] for row in ws.runs.details(run.name)] == ["say x", "say xx", "say xxx"]
    flex = tmp_path / "echo"
    flex.mkdir()
    (flex / "flow.flex.yaml").write_text("entry: echo:Echo\n")
    (flex / "echo.py").write_text(
        "class Echo:\n    def __init__(self, end: str = '!'):\n        self.end = end\n"
        "    def __call__(self, text: str) -> dict:\n        return {'said': text + self.end}\n"
        "    def __aggregate__(self, line_results):\n        return {'rows': len(line_results)}\n"
    )
    run = ws.runs.create(flow=flex, data=data, column_mapping={"text": "${data.words}"}, init={"end": "?"})
    run = ws.runs.stream(run.name)
    assert (run.status, run.metrics) == ("completed", {"rows": 3})
    assert [row["outputs.said"] for row in ws.runs.details(run.name)] == ["x?", "xx?", "xxx?"]
