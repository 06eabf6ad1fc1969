"""Bringing flows over: the report, archives that are not trusted, the replay of a past run."""

import io
import json
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.errors import FlowNotFoundError, TooLargeError, UnsafePathError
from flowyard.flows.folders import digest, read_files
from flowyard.flows.load import load_flow
from flowyard.flows.migration.examine import examine
from flowyard.flows.migration.model import FlowReport
from flowyard.flows.migration.past import read_past_run
from flowyard.flows.migration.replay import outputs_of_models, replay
from flowyard.flows.migration.sources import flows_in, unpack
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.errors import InvalidInputError
from support.flow_folders import llm_node, python_node, scripted, write_flow

DAG = {
    "inputs": {"x": {"type": "int"}},
    "outputs": {"out": {"type": "string", "reference": "${a.output}"}},
    "nodes": [python_node("a", x="${inputs.x}")],
}
DIVIDE = "from promptflow.core import tool\n\n@tool\ndef run(x: int):\n    return 12 // x\n"
RICH_TOOL = """
import os
from typing import Union
from promptflow.core import tool
from promptflow.connections import AzureOpenAIConnection, CustomConnection

MODE = os.environ["MODE"] if "MODE" in os.environ else os.getenv("OTHER_MODE", "")

@tool
def run(x: str, search: CustomConnection, model: Union[AzureOpenAIConnection, None] = None):
    return os.environ.get("REGION")
"""
RICH = {
    "inputs": {"question": {"type": "string", "is_chat_input": True}, "chat_history": {"type": "list", "is_chat_history": True}},
    "outputs": {"answer": {"type": "string", "reference": "${ask.output}", "is_chat_output": True}},
    "environment": {"python_requirements_txt": "packages.txt", "image": "example.org/base:1"},
    "environment_variables": {"REGION": "${search.region}"},
    "nodes": [
        python_node("look", x="${inputs.question}", search="search", model="gpt"),
        {**llm_node("ask", question="${look.output}"), "provider": "AzureOpenAI", "enable_cache": True},
        {"name": "far", "type": "python", "source": {"type": "package", "tool": "far_away.tools.look"}, "inputs": {}},
    ],
}


def report_of(folder: Path, **given: dict[str, Any]) -> FlowReport:
    (flow,) = flows_in(folder)
    return examine(flow, folder, given)


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    return write_flow(
        tmp_path / "rich", RICH, look__py=RICH_TOOL, ask__jinja2="user:\n{{question}}\n",
        packages__txt="promptflow\njinja2\nno-such-package-of-tests>=2\n",
    )  # fmt: skip


def test_a_report_says_what_a_flow_uses_and_needs(rich: Path) -> None:
    report = report_of(rich, model={"type": "azure_open_ai"})
    assert (report.path, report.kind, report.purpose) == ("flow.dag.yaml", "dag", "chat")
    assert report.nodes == {"python": 2, "llm": 1}
    assert {"chat input", "chat history", "environment variables", "package tools"} <= set(report.features)
    assert [(package.requirement, package.line, package.state) for package in report.packages] == [
        ("promptflow", 1, "not needed"),
        ("jinja2", 2, "installed"),
        ("no-such-package-of-tests>=2", 3, "to install"),
    ]
    connections = {found.name: found for found in report.connections}
    assert (connections["search"].type, connections["search"].keys) == ("custom", ("configs", "secrets"))
    assert connections["search"].nodes == ("look", "environment variable REGION")
    assert (connections["gpt"].type, connections["gpt"].given) == ("azure_open_ai", False)
    assert {"api_key", "api_base"} <= set(connections["gpt"].keys)
    assert connections["model"].given
    assert [(tool.node, tool.available) for tool in report.tools] == [("far", False)]
    assert report.variables == ("MODE", "OTHER_MODE", "REGION")
    assert any(finding.node == "far" for finding in report.findings)
    assert report.missing == ("connection search", "connection gpt", "tool far_away.tools.look (node far)")
    words = " ".join(report.differs)
    assert "promptflow's packages" in words
    assert "enable_cache" in words
    assert "environment.image" in words


def test_tools_that_need_no_package_and_connections_without_a_name_are_not_missing(tmp_path: Path) -> None:
    embed = {"type": "package", "tool": "promptflow.tools.embedding.embedding"}
    nodes = [
        {"name": "embed", "type": "python", "source": embed, "inputs": {"connection": "gpt", "input": "${inputs.x}"}},
        python_node("look", x="${inputs.x}", search="", model=None),
    ]
    report = report_of(write_flow(tmp_path / "flow", {"inputs": {"x": {"type": "string"}}, "nodes": nodes}, look__py=RICH_TOOL))
    assert [(tool.node, tool.available) for tool in report.tools] == [("embed", True)]
    assert report.missing == ()


def test_a_flow_that_links_to_files_elsewhere_is_copied_with_them(tmp_path: Path) -> None:
    shared = tmp_path / "shared.py"
    shared.write_text(DIVIDE)
    folder = write_flow(tmp_path / "flow", DAG)
    (folder / "a.py").symlink_to(shared)
    (folder / "gone.py").symlink_to(tmp_path / "gone")
    assert report_of(folder).runs
    assert read_files(folder)["a.py"] == DIVIDE.encode()
    assert set(read_files(folder)) == {"flow.dag.yaml", "a.py"}
    assert set(read_files(folder, folder.parent)) == {"flow.dag.yaml"}
    assert SnapshotStore(tmp_path / "kept").take(folder).digest == digest(folder)


def test_every_flow_below_a_folder_is_found(tmp_path: Path) -> None:
    write_flow(tmp_path / "one", DAG, a__py=DIVIDE, part__prompty="---\nname: p\n---\nuser:\nhi\n")
    write_flow(tmp_path / "deep" / "two", DAG, a__py=DIVIDE)
    write_flow(tmp_path / "deep" / ".runs" / "old", DAG, a__py=DIVIDE)
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "ask.prompty").write_text("---\nname: p\n---\nuser:\nhi\n")
    found = flows_in(tmp_path)
    assert [(flow.kind, flow.path.relative_to(tmp_path).as_posix()) for flow in found] == [
        ("dag", "deep/two/flow.dag.yaml"),
        ("dag", "one/flow.dag.yaml"),
        ("prompty", "three/ask.prompty"),
    ]
    with pytest.raises(FlowNotFoundError):
        flows_in(tmp_path / "one" / "nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FlowNotFoundError, match="no flow in"):
        flows_in(tmp_path / "empty")


def test_a_promptys_connection_has_a_type(tmp_path: Path) -> None:
    configuration = "{type: azure_openai, connection: mine, azure_deployment: gpt}"
    front = f"name: p\nmodel: {{api: chat, configuration: {configuration}}}\ninputs: {{q: {{type: string}}}}"
    (tmp_path / "ask.prompty").write_text(f"---\n{front}\n---\nuser:\n{{{{q}}}} ${{env:NOT_READ_HERE}}\n")
    report = report_of(tmp_path)
    assert (report.kind, report.runs) == ("prompty", True)
    assert [(found.name, found.type) for found in report.connections] == [("mine", "azure_open_ai")]


def archive(path: Path, files: dict[str, bytes | str], *, link: str | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
        if link is not None:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            opened.writestr(entry, "/etc/passwd")
    return path


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil.py", "a/../../evil.py", "a\\..\\evil.py", "a//b.py"])
def test_paths_that_leave_the_archive_are_refused(tmp_path: Path, name: str) -> None:
    target = tmp_path / "target"
    with pytest.raises(UnsafePathError):
        unpack(archive(tmp_path / "x.zip", {"flow.dag.yaml": "", name: "evil"}), target)
    assert not list(tmp_path.rglob("evil.py"))


def test_links_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafePathError, match="has a link"):
        unpack(archive(tmp_path / "x.zip", {}, link="a.py"), tmp_path / "target")


def test_bombs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLargeError, match="times smaller"):
        unpack(archive(tmp_path / "x.zip", {"big.txt": b"\0" * 50_000_000}), tmp_path / "target")
    assert sum(file.stat().st_size for file in tmp_path.rglob("big.txt")) == 0
    with pytest.raises(TooLargeError, match="10001 files"):
        unpack(archive(tmp_path / "y.zip", {f"{number}.txt": "" for number in range(10_001)}), tmp_path / "target")


def test_a_member_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("big.txt", b"\0" * 5_000_000)
    lying = data.getvalue().replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (tmp_path / "x.zip").write_bytes(lying)
    with pytest.raises(InvalidInputError):
        unpack(tmp_path / "x.zip", tmp_path / "target")


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(InvalidInputError, match="no zip archive"):
        unpack(tmp_path / "x.zip", tmp_path / "target")
    with pytest.raises(InvalidInputError, match="no file"):
        unpack(tmp_path / "gone.zip", tmp_path / "target")


def past(folder: Path, *lines: dict[str, Any], metrics: dict[str, Any] | None = None) -> Path:
    """Write a run's folder as prompt flow leaves it."""
    (folder / "flow_artifacts").mkdir(parents=True)
    for number, line in enumerate(lines):
        failed = "error" in line
        error = {"code": "UserError", "innerError": {"code": line["error"], "innerError": None}} if failed else None
        run = {
            "status": "Failed" if failed else "Completed", "inputs": {**line["inputs"], "line_number": number}, "error": error,
            "output": line.get("output"), "system_metrics": {"total_tokens": line.get("tokens", 0)},
        }  # fmt: skip
        record = {"line_number": number, "run_info": run}
        (folder / "flow_artifacts" / f"{number:09}_{number:09}.jsonl").write_text(json.dumps(record) + "\n")
    (folder / "metrics.json").write_text(json.dumps(metrics or {}))
    return folder


def test_a_past_run_is_replayed_row_by_row(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "flow", DAG, a__py=DIVIDE)
    run = past(
        tmp_path / "run1",
        {"inputs": {"x": 3}, "output": {"out": 4}},
        {"inputs": {"x": 5}, "output": {"out": "two"}},
        {"inputs": {"x": 0}, "error": "ToolExecutionError"},
        {"inputs": {"x": 0}, "output": {"out": 1}},
        {"inputs": {"x": 1}, "error": "ToolExecutionError"},
        {"inputs": {"x": "q"}, "error": "InputTypeError"},
        {"inputs": {"x": 0}, "error": "FlowExecutionError"},
    )
    found = replay(load_flow(folder), read_past_run(run))
    assert (found.run, found.equal, found.different, found.not_comparable) == ("run1", 3, 4, 0)
    assert [row.state for row in found.rows] == ["equal", "differs", "equal", "differs", "differs", "equal", "differs"]
    assert found.rows[1].differences == ("out: 'two' then, 2 here",)
    assert "completed then, and failed with ToolExecutionError" in found.rows[3].differences[0]
    assert "failed with ToolExecutionError then, and completed here" in found.rows[4].differences[0]
    assert "FlowExecutionError then" in found.rows[6].differences[0]


def test_metrics_are_compared(tmp_path: Path) -> None:
    count = "from promptflow.core import log_metric, tool\n\n@tool\ndef run(xs):\n    log_metric('rows', len(xs))\n"
    dag = {**DAG, "nodes": [python_node("a", x="${inputs.x}"), {**python_node("count", xs="${a.output}"), "aggregation": True}]}
    flow = load_flow(write_flow(tmp_path / "flow", dag, a__py=DIVIDE, count__py=count))
    line = {"inputs": {"x": 3}, "output": {"out": 4}}
    assert replay(flow, read_past_run(past(tmp_path / "same", line, line, metrics={"rows": 2.0}))).metrics == ()
    other = replay(flow, read_past_run(past(tmp_path / "other", line, metrics={"rows": 7, "gone": 1})))
    assert other.metrics == ("metric rows: 7 then, 1.0 here", "metric gone: only then")


def test_what_a_model_says_is_not_compared(tmp_path: Path) -> None:
    dag = {
        "inputs": {"question": {"type": "string"}},
        "outputs": {
            "answer": {"type": "string", "reference": "${shout.output}"},
            "echo": {"type": "string", "reference": "${inputs.question}"},
        },
        "nodes": [llm_node("ask", question="${inputs.question}"), python_node("shout", x="${ask.output}")],
    }
    tool = "from promptflow.core import tool\n\n@tool\ndef run(x):\n    return x.upper()\n"
    folder = write_flow(tmp_path / "flow", dag, ask__jinja2="user:\n{{question}}\n", shout__py=tool)
    flow = load_flow(folder, scripted("{answers: [now]}"))
    assert outputs_of_models(flow.spec) == {"answer"}
    run = past(
        tmp_path / "run1",
        {"inputs": {"question": "a"}, "output": {"answer": "THEN", "echo": "a"}, "tokens": 9},
        {"inputs": {"question": "b"}, "output": {"answer": "THEN", "echo": "c"}, "tokens": 9},
        {"inputs": {"question": "d"}, "error": "RateLimitError", "tokens": 9},
    )
    found = replay(flow, read_past_run(run))
    assert [row.state for row in found.rows] == ["not comparable", "differs", "not comparable"]
    assert "answer" in str(found.rows[0].reason)
    assert found.rows[1].differences == ("echo: 'c' then, 'b' here",)


def test_what_is_no_past_run(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no run of prompt flow"):
        read_past_run(tmp_path)
    run = past(tmp_path / "run1", {"inputs": {"x": 3}, "output": {"out": 4}})
    (run / "flow_artifacts" / "000000001_000000001.jsonl").write_text("{broken")
    with pytest.raises(InvalidInputError, match="no JSON") as caught:
        read_past_run(run)
    assert caught.value.location is not None
    assert caught.value.location.line == 1


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from flowyard.cli.entry import main; main()", "flow", "import", *map(str, words)]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_over_folders_archives_and_runs(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "flow", DAG, a__py=DIVIDE)
    run = past(tmp_path / "run1", {"inputs": {"x": 3}, "output": {"out": 4}}, {"inputs": {"x": 6}, "output": {"out": 3}})
    done = command(folder, "--replay", run, "--json", "--output", tmp_path / "moved")
    assert done.returncode == 1, done.stderr
    (report,) = json.loads(done.stdout)
    assert (report["parity"]["equal"], report["parity"]["different"]) == (1, 1)
    assert (Path(report["copied_to"]) / "a.py").read_text() == DIVIDE
    again = command(folder, "--output", tmp_path / "moved")
    assert again.returncode == 1
    assert "not empty" in again.stderr
    export = archive(tmp_path / "export.zip", {f"flows/{file.name}": file.read_bytes() for file in folder.iterdir() if file.is_file()})
    text = command("--azure-export", export, "--output", tmp_path / "unpacked")
    assert text.returncode == 0, text.stderr
    assert "runs here (dag, standard)" in text.stdout
    assert (tmp_path / "unpacked" / "flows" / "a.py").is_file()
    assert command().returncode == 2
    (folder / "flow.dag.yaml").write_text("nodes: 3\n")
    broken = command(folder)
    assert broken.returncode == 2
    assert "does not run here yet" in broken.stdout
