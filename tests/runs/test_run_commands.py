"""``flowyard run`` without a server: files in, a run's folder out, exit codes, Ctrl-C, resume."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowyard.cli.entry import main
from flowyard.flows.runs.local import LocalRuns
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.codecs import from_json
from support.flow_folders import llm_node, python_node, write_flow
from support.recorded_runs import recorded
from support.runs import write_rows

Command = Callable[..., tuple[int, str, str]]
TOOL = "from promptflow.core import tool, log_metric\n\n@tool\n"
DOUBLE = TOOL + "def double(x: int) -> int:\n    return x * 2\n"
SLEEPY = "import os, time\n" + TOOL + "def sleepy(x: int) -> int:\n    os.path.exists('HURRIES') or time.sleep(0.05)\n    return x\n"
COUNT = TOOL + "def count(values) -> int:\n    log_metric('count', len(values))\n    return len(values)\n"
FLOWYARD = str(Path(sys.executable).with_name("flowyard"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    for name in ("FLOWYARD_URL", "FLOWYARD_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FLOWYARD_HOME", str(folder))
    return folder


@pytest.fixture
def command(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["run", *words])
        out, err = capfdbinary.readouterr()
        return int(ended.value.code or 0), out.decode(), err.decode()

    return run


def doubling(folder: Path, source: str = DOUBLE, name: str = "double") -> Path:
    dag = {
        "inputs": {"x": {"type": "int"}},
        "outputs": {"y": {"type": "int", "reference": f"${{{name}}}"}},
        "nodes": [python_node(name, x="${inputs.x}"), {**python_node("count", values=f"${{{name}}}"), "aggregation": True}],
    }
    return write_flow(folder, dag, **{f"{name}__py": source}, count__py=COUNT)


def test_a_local_run_sees_the_variables_of_its_command(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        "import os\n"
        + TOOL
        + "def double(x: int) -> int:\n    return x * int(os.environ['FACTOR_OF_TESTS']) + ('FLOWYARD_HOME' in os.environ)\n"
    )
    monkeypatch.setenv("FACTOR_OF_TESTS", "7")
    flow = str(doubling(tmp_path / "flow", source))
    data = str(write_rows(tmp_path / "rows.jsonl", [{"x": 2}]))
    code, out, _ = command("create", "--local", "--flow", flow, "--data", data, "--name", "seven", "--json")
    assert (code, json.loads(out)["counts"]["completed"]) == (0, 1)
    code, out, _ = command("show-details", "seven", "--local", "--json")
    assert [line["outputs"] for line in json.loads(out)] == [{"y": 14}]


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    return doubling(tmp_path / "doubling")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", [{"x": 1}, {"x": "no number"}, {"x": 3}])


def test_a_run_with_a_failed_row_is_exit_code_0_and_says_so(command: Command, flow: Path, rows: Path) -> None:
    code, out, err = command("create", "--flow", str(flow), "--data", str(rows), "--name", "first", "--local")
    assert code == 0, err
    assert "first: completed" in out
    assert "3, 1 failed" in out
    assert "run show-details first --status failed" in err
    code, out, _ = command("show-details", "first", "--local", "--json")
    lines = from_json(out)
    assert [(line["line"], line["status"], line["outputs"]) for line in lines] == [
        (0, "completed", {"y": 2}), (1, "failed", {}), (2, "completed", {"y": 6}),
    ]  # fmt: skip
    assert command("show-details", "first", "--local", "--status", "failed")[1].splitlines()[1].startswith("1 ")
    assert from_json(command("show-metrics", "first", "--local", "--json")[1]) == {"count": 2}
    assert from_json(command("show-details", "first", "--local", "--line", "2")[1])["nodes"][0]["output"] == 6


def test_a_run_file_with_options_over_it(command: Command, flow: Path, rows: Path, tmp_path: Path) -> None:
    file = tmp_path / "run.yaml"
    file.write_text(
        f"flow: {flow.name}\ndata: rows.jsonl\nname: by-file\ndisplay_name: From a file\nruntime: x\ncolumn_mapping: {{x: 7}}\n"
    )
    code, out, err = command("create", "--file", str(file), "--name", "other", "--column-mapping", "x=5", "--local", "--json")
    assert code == 0, err
    run = from_json(out)
    assert (run["name"], run["display_name"], run["counts"]["completed"], run["column_mapping"]) == ("other", "From a file", 3, {"x": "5"})
    assert "run.yaml:5: warning: 'runtime'" in err
    code, out, _ = command("create", "--file", str(file), "--set", "display_name=Set", "--local", "--json")
    assert (from_json(out)["name"], from_json(out)["display_name"]) == ("by-file", "Set")


def test_connections_from_a_file_variants_and_cost(command: Command, rows: Path, tmp_path: Path) -> None:
    node = {key: value for key, value in llm_node("say", x="${inputs.x}").items() if key != "name"}
    variants = {"a": {"node": node}, "b": {"node": {**node, "source": {"type": "code", "path": "loud.jinja2"}}}}
    dag = {
        "inputs": {"x": {"type": "string"}},
        "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
        "nodes": [{"name": "say", "use_variants": True}],
        "node_variants": {"say": {"default_variant_id": "a", "variants": variants}},
    }
    flow = write_flow(tmp_path / "talk", dag, say__jinja2="user:\n{{x}}", loud__jinja2="user:\n{{x}}!")
    (tmp_path / "model.yaml").write_text("name: model\ntype: scripted\nscript: |\n  rules: [{echo: true}]\n")
    words = ("--flow", str(flow), "--data", str(rows), "--name", "talk", "--local", "--connections-file", str(tmp_path / "model.yaml"))
    code, out, err = command("create", *words, "--variant", "all:say", "--json")
    assert code == 0, err
    run = from_json(out)
    assert (run["variants"], run["counts"]["completed"]) == (["${say.a}", "${say.b}"], 6)
    assert (run["counts"]["cost"]["micros"], run["counts"]["unpriced_calls"]) == ("0", 0)
    found = from_json(command("compare", "talk", "--local", "--json")[1])
    assert [row["outputs"]["said"] for row in found["lines"][2]["sides"]] == ["3", "3!"]
    code, out, _ = command("visualize", "talk", "--local", "--no-open", "--output", str(tmp_path / "talk.html"), "--json")
    assert (code, (tmp_path / "talk.html").read_text().count("<script")) == (0, 2)
    assert command("compare", "talk", "--local")[1].splitlines()[0].split() == ["${say.a}", "${say.b}"]


def test_another_run_s_outputs_are_evaluated_without_running_it(command: Command, flow: Path, rows: Path, tmp_path: Path) -> None:
    assert command("create", "--flow", str(flow), "--data", str(rows), "--name", "base", "--local")[0] == 0
    words = ("--run", "base", "--column-mapping", "x=${run.outputs.y}", "--name", "eval", "--local", "--json")
    code, out, err = command("create", "--flow", str(flow), *words)
    assert code == 0, err
    assert from_json(command("show-details", "eval", "--local", "--json")[1])[1]["outputs"] == {"y": 12}
    assert from_json(out)["metrics"] == {"count": 2}


def test_lists_words_archive_export_and_delete(command: Command, home: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        recorded(home / "runs" / name, {"": {0: {"y": 1}, 1: None}})
    assert {run["name"] for run in from_json(command("list", "--local", "--json")[1])} == {"one", "two"}
    assert command("archive", "one", "--local")[0] == 0
    assert [run["name"] for run in from_json(command("list", "--local", "--json")[1])] == ["two"]
    assert [run["name"] for run in from_json(command("list", "--local", "--archived", "--json")[1])] == ["one"]
    assert command("list", "--local", "--all")[1].count("completed") == 2
    assert command("restore", "one", "--local")[0] == 0
    code, out, _ = command("update", "one", "--tags", "a=1", "b=2", "--set", "description=words", "--local", "--json")
    assert (code, from_json(out)["tags"], from_json(out)["description"]) == (0, {"a": "1", "b": "2"}, "words")
    assert command("export", "one", "--output", str(tmp_path / "one.csv"), "--local")[0] == 0
    assert (tmp_path / "one.csv").read_text().startswith("line,variant,status")
    lines = command("export", "one", "--local")[1].splitlines()
    assert [json.loads(line)["line"] for line in lines] == [0, 1]
    assert command("show", "one", "--local")[0] == 0
    assert command("logs", "one", "--local")[0] == 0
    assert command("delete", "one", "--local")[0] == 0
    assert not (home / "runs/one").exists()
    # Where no server was ever started, runs of this machine are meant.
    code, out, err = command("list", "--json")
    assert (code, [run["name"] for run in from_json(out)], "No server" in err) == (0, ["two"], True)


def test_a_damaged_run_is_listed_and_can_be_deleted(command: Command, home: Path) -> None:
    recorded(home / "runs/fine", {"": {0: {"y": 1}}})
    (home / "runs/odd").mkdir()
    (home / "runs/odd/run.db").write_bytes(b"no database at all, but long enough for a header" * 20)
    found = {run["name"]: run["status"] for run in from_json(command("list", "--local", "--json")[1])}
    assert found == {"fine": "completed", "odd": "failed"}
    code, _, err = command("show", "odd", "--local")
    assert (code, "cannot be read" in err) == (1, True)
    assert command("delete", "odd", "--local")[0] == 0
    assert not (home / "runs/odd").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--data", "ROWS"), "names no flow"),
        (("--flow", "FLOW"), "neither data nor another run"),
        (("--flow", "/absent", "--data", "ROWS"), "no flow at"),
        (("--flow", "azureml:x", "--data", "ROWS"), "no flow at"),
        (("--flow", "FLOW", "--data", "/absent.jsonl"), "no data at"),
        (("--flow", "FLOW", "--data", "azureml:rows:1"), "is an address"),
        (("--flow", "FLOW", "--data", "https://example.com/r.jsonl"), "is an address"),
        (("--flow", "FLOW", "--data", "ROWS", "--column-mapping", "x=${data.z}"), "no column 'z'"),
        (("--flow", "FLOW", "--data", "ROWS", "--column-mapping", "x"), "not of the form"),
        (("--flow", "FLOW", "--data", "ROWS", "--connections", "x=1"), "names no node"),
        (("--flow", "FLOW", "--data", "ROWS", "--variant", "x"), "names no variant"),
        (("--flow", "FLOW", "--data", "ROWS", "--run", "absent"), "no run 'absent'"),
        (("--flow", "FLOW", "--data", "ROWS", "--name", "a/b"), "no name for a run"),
        (("--flow", "FLOW", "--data", "ROWS", "--set", "x=1"), "takes no key"),
        (("--file", "/absent.yaml"), "cannot be read"),
    ],
)
def test_bad_usage_is_exit_code_2(command: Command, flow: Path, rows: Path, words: tuple[str, ...], says: str) -> None:
    given = [{"FLOW": str(flow), "ROWS": str(rows)}.get(word, word) for word in words]
    code, out, err = command("create", *given, "--local")
    assert (code, out, says in err) == (2, "", True), err


def test_without_a_server_the_remedy_tells_of_both_ways(command: Command, flow: Path, rows: Path) -> None:
    code, _, err = command("create", "--flow", str(flow), "--data", str(rows))
    assert (code, "flowyard up" in err, "--local" in err) == (1, True, True)
    code, _, err = command("create", "--flow", str(flow), "--data", str(rows), "--connections-file", "x.yaml")
    assert (code, "is for --local" in err) == (2, True)


def test_where_no_server_ran_a_local_run_is_resumed_without_saying_so(command: Command, flow: Path, rows: Path) -> None:
    assert command("create", "--flow", str(flow), "--data", str(rows), "--name", "here", "--local")[0] == 0
    code, out, err = command("resume", "here")
    assert (code, "here: completed" in out, "No server has run here" in err) == (0, True, True), err
    code, _, err = command("stream", "here")
    assert (code, "shown by the command that carries it out" in err) == (2, True)


def test_too_many_failures_are_exit_code_1_and_the_run_is_resumed_after_a_fix(command: Command, tmp_path: Path) -> None:
    flow = doubling(tmp_path / "f", TOOL + "def double(x: int) -> int:\n    return 10 // x\n")
    data = write_rows(tmp_path / "rows.jsonl", [{"x": 1}, {"x": 0}, {"x": 2}])
    words = ("--flow", str(flow), "--data", str(data), "--local")
    code, _, err = command("create", *words, "--name", "bad", "--max-failures", "0")
    assert (code, "1 rows failed" in err) == (1, True), err
    assert from_json(command("show", "bad", "--local", "--json")[1])["error"]["code"] == "TooManyFailures"
    (flow / "double.py").write_text(TOOL + "def double(x: int) -> int:\n    return 10 // x if x else -1\n")
    code, out, err = command("create", "--flow", str(flow), "--resume-from", "bad", "--name", "good", "--local", "--json")
    assert code == 0, err
    run = from_json(out)
    assert (run["status"], run["counts"]["completed"], run["metrics"]) == ("completed", 3, {"count": 3})
    assert run["resume_from"].endswith("/bad")


@pytest.mark.integration
def test_ctrl_c_cancels_and_resume_goes_on(home: Path, tmp_path: Path) -> None:
    hurries = tmp_path / "hurries"
    flow = doubling(tmp_path / "sleepy", SLEEPY.replace("HURRIES", str(hurries)), "sleepy")
    data = write_rows(tmp_path / "rows.jsonl", [{"x": number} for number in range(400)])
    words = [FLOWYARD, "run", "create", "--flow", str(flow), "--data", str(data), "--name", "long", "--local", "--concurrency", "1"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    runs = LocalRuns(home)
    _until(lambda: (home / "runs/long/run.db").exists() and runs.get("long").counts.completed > 5)
    assert runs.get("long").status == "running"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of its processes
    _, err = process.communicate(timeout=30)
    assert (process.returncode, "flowyard run resume long --local" in err) == (130, True), err
    stopped = runs.get("long")
    assert stopped.status == "canceled"
    assert 5 < stopped.counts.completed < 400
    before = {line.line: line.started_at for line in runs.lines("long")}
    hurries.touch()
    done = subprocess.run([FLOWYARD, "run", "resume", "long", "--local", "--json"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert from_json(done.stdout)["counts"]["completed"] == 400
    after = {line.line: line.started_at for line in runs.lines("long")}
    assert {line: after[line] for line in before} == before


@pytest.mark.integration
def test_a_killed_command_s_run_is_interrupted_canceled_from_elsewhere_and_resumed(home: Path, tmp_path: Path) -> None:
    flow = doubling(tmp_path / "sleepy", SLEEPY, "sleepy")
    data = write_rows(tmp_path / "rows.jsonl", [{"x": number} for number in range(400)])
    words = [FLOWYARD, "run", "create", "--flow", str(flow), "--data", str(data), "--name", "long", "--local", "--concurrency", "1"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    runs = LocalRuns(home)
    _until(lambda: (home / "runs/long/run.db").exists() and runs.get("long").counts.completed > 5)
    process.kill()
    process.wait()
    interrupted = _until(lambda: (run := runs.get("long")).status == "failed" and run)
    assert (interrupted.error or {})["code"] == "RunInterrupted"
    again = subprocess.Popen([FLOWYARD, "run", "resume", "long", "--local"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _until(lambda: runs.get("long").status == "running" and runs.get("long").counts.completed > interrupted.counts.completed)
    busy = subprocess.run([FLOWYARD, "run", "resume", "long", "--local"], capture_output=True, text=True, timeout=60, check=False)
    assert (busy.returncode, "Another process" in busy.stderr) == (1, True), busy.stderr
    assert subprocess.run([FLOWYARD, "run", "cancel", "long", "--local"], capture_output=True, timeout=60, check=False).returncode == 0
    again.communicate(timeout=30)
    assert again.returncode == 130
    assert runs.get("long").status == "canceled"


def test_the_folder_of_a_run_is_small_and_its_secrets_are_not_in_it(command: Command, rows: Path, home: Path, tmp_path: Path) -> None:
    tool = "from promptflow.core import tool\nfrom promptflow.connections import CustomConnection\n\n@tool\n"
    tool += "def peek(x: str, key: CustomConnection) -> str:\n    print(key.secrets['key'])\n    return 'got ' + key.secrets['key']\n"
    dag = {
        "inputs": {"x": {"type": "string"}},
        "outputs": {"y": {"type": "string", "reference": "${peek.output}"}},
        "nodes": [python_node("peek", x="${inputs.x}", key="vault")],
    }
    flow = write_flow(tmp_path / "peek", dag, peek__py=tool)
    file = tmp_path / "vault.yaml"
    file.write_text("name: vault\ntype: custom\nconfigs: {}\nsecrets: {key: hush-hush-hush}\n")
    words = ("--flow", str(flow), "--data", str(rows), "--name", "peek", "--local", "--connections-file", str(file))
    assert command("create", *words)[0] == 0
    assert b"hush-hush-hush" not in b"".join(path.read_bytes() for path in (home / "runs/peek").iterdir())
    with RunStore(home / "runs/peek") as store:
        assert [line.outputs["y"] for line in store.each()] == ["got ******"] * 3
        assert store.fact("connection_files") == [str(file)]


@pytest.mark.integration
def test_a_local_run_imports_nothing_of_the_platform(flow: Path, rows: Path, home: Path) -> None:
    words = ["run", "create", "--flow", str(flow), "--data", str(rows), "--local", "--json"]
    program = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {{"fastapi", "sqlalchemy", "alembic", "dbos", "duckdb", "pyarrow", "numpy", "genai_prices"}}:
            raise ModuleNotFoundError("not in the runtime: " + name, name=name)
sys.meta_path.insert(0, Absent())
from flowyard.cli.entry import main
main({words!r})
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def _until(look: Callable[[], Any], within_s: float = 30) -> Any:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come true in time")
