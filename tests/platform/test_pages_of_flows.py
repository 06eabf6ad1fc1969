"""Every command that the pages about flows and runs print, run as printed: each page in a fresh home, all against one platform."""

import json
import re
import socket
import subprocess
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.flow_folders import python_node, write_flow
from support.installation import FLOWYARD, Platform, eventually
from support.own_packages import wheel
from support.page_commands import DOCS, call_printed, printed_calls, printed_commands, run_apart, run_printed
from support.tool_packages import install

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

SCRIPTED = 'name: {name}\ntype: scripted\nscript: |\n  answers: [\'{{"reason": "It says so.", "score": 4}}\']\n'
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PICKED = {
    "my_tools.pick.pick": {
        "module": "my_tools_more",
        "function": "pick",
        "type": "python",
        "inputs": {
            "kind": {"type": ["string"]},
            "choice": {
                "type": ["string"],
                "dynamic_list": {
                    "func_path": "my_tools_more.choices",
                    "func_kwargs": [{"name": "kind", "type": ["string"], "reference": "${inputs.kind}"}],
                },
            },
        },
    },
    "my_tools.search.search": {
        "module": "my_tools_more",
        "function": "search",
        "type": "python",
        "inputs": {
            "index": {
                "type": ["string"],
                "generated_by": {
                    "func_path": "my_tools_more.made",
                    "func_kwargs": [{"name": "kind", "type": ["string"], "reference": "${inputs.kind}"}],
                    "reverse_func_path": "my_tools_more.unmade",
                },
            }
        },
    },
}
TOOLS = f"""from promptflow.core import tool


def choices(kind=""):
    return [{{"value": kind + "1"}}]


def made(kind):
    return "index of " + kind


def unmade(index):
    return {{"kind": index}}


@tool
def pick(kind: str, choice: str):
    return choice


@tool
def search(index: str):
    return index


def listed():
    return {PICKED!r}
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, model_store: Path) -> Iterator[Platform]:
    site = tmp_path_factory.mktemp("packages")
    install(site, "my_tools_more", TOOLS)
    with Platform.up(tmp_path_factory.mktemp("home"), model_store, settings={"PYTHONPATH": str(site)}) as running:
        yield running


def echo(folder: Path, output: str = "answer", source: str = "return {value}", **inputs: str) -> Path:
    """A flow of one Python node that gives its first input, or what `source` says."""
    first = next(iter(inputs))
    tool = f"from promptflow.core import tool\n\n\n@tool\ndef run({', '.join(inputs)}):\n    {source.format(value=first)}\n"
    dag = {
        "inputs": {name: {"type": kind} for name, kind in inputs.items()},
        "outputs": {output: {"type": "string", "reference": "${say.output}"}},
        "nodes": [python_node("say", **{name: f"${{inputs.{name}}}" for name in inputs})],
    }
    return write_flow(folder, dag, say__py=tool)


def rows(file: Path, *found: dict[str, object]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in found))


#: What a page expects to be there; returns what a reader puts in the place of its examples.
Preparation = Callable[[Platform, Path], dict[str, str]]


def migration(_: Platform, folder: Path) -> dict[str, str]:
    flow = echo(folder / "flows/support", question="string")
    (folder / "azure.yaml").write_text("name: azure\ntype: azure_open_ai\napi_base: http://127.0.0.1:9\napi_key: none\n")
    with zipfile.ZipFile(folder / "flows.zip", "w") as archive:
        for file in flow.iterdir():
            archive.write(file, f"export/support/{file.name}")
    run = folder / ".promptflow/.runs/support_20240101"
    (run / "flow_artifacts").mkdir(parents=True)
    info = {"status": "Completed", "inputs": {"question": "Why?", "line_number": 0}, "output": {"answer": "Why?"}, "error": None}
    (run / "flow_artifacts/000000000_000000000.jsonl").write_text(json.dumps({"line_number": 0, "run_info": info}) + "\n")
    return {}


def evaluators(platform: Platform, folder: Path) -> dict[str, str]:
    row = {"answer": "The Danube.", "truth": "Danube", "ground_truth": "Danube", "response": "A river.", "context": "It is a river."}
    rows(folder / "rows.jsonl", row, row)
    (folder / "my_azure.yaml").write_text(SCRIPTED.format(name="my_azure"))
    echo(folder / "answers", answer="string", truth="string")
    run(platform, folder, "run", "create", "--name", "answers", "--flow", "answers", "--data", "rows.jsonl", "--stream")
    return {}


def runs(platform: Platform, folder: Path) -> dict[str, str]:
    rows(folder / "rows.jsonl", {"question": "Why?", "truth": "Because."}, {"question": "How?", "truth": "So."})
    echo(folder / "answers", question="string")
    echo(folder / "judge", "right", "return int(answer == truth)", answer="string", truth="string")
    for name in ("first", "second"):
        run(platform, folder, "run", "create", "--name", name, "--flow", "answers", "--data", "rows.jsonl", "--stream")
    return {"answers-20261126-101500-3f2a": "first"}


def flow_format(_: Platform, folder: Path) -> dict[str, str]:
    text = (DOCS / "flow-format.md").read_text(encoding="utf-8")
    shorten = "from promptflow.core import tool\n\n\n@tool\ndef shorten(text: str) -> str:\n    return text[:20]\n"
    dag = text.partition("```yaml\n")[2].partition("```")[0]
    write_flow(folder / "my_flow", dag, ask__jinja2="user:\n{{question}}\n", shorten__py=shorten)
    return {}


def nothing(_: Platform, __: Path) -> dict[str, str]:
    return {}


def caching(_: Platform, folder: Path) -> dict[str, str]:
    echo(folder / "my_flow", topic="string")
    rows(folder / "rows.jsonl", {"topic": "a lighthouse"})
    return {}


def environments(platform: Platform, folder: Path) -> dict[str, str]:
    flow = echo(folder / "my_flow", x="string")
    wheel(flow / "wheels", "greeting_of_pages")
    (flow / "requirements.txt").write_text("./wheels/greeting_of_pages-1.0-py3-none-any.whl\n")
    run_apart(platform, folder, ("flow", "test", "--flow", "my_flow", "--inputs", "x=1"), {})
    (built,) = json.loads(run(platform, folder, "env", "list", "--json"))
    return {"2cfa392ce9bfd438": built["name"]}


def serving(platform: Platform, folder: Path) -> dict[str, str]:
    """The page's flow is served, and asked with the page's trace, before its commands come; so `flow serve` has run."""
    echo(folder / "my_flow", question="string")
    (folder / "azure.yaml").write_text(SCRIPTED.format(name="azure"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    (words,) = [words for words in printed_commands("serving.md") if words[:2] == ("flow", "serve")]
    words = tuple(port if word == "8080" else word for word in words)
    served = subprocess.Popen([FLOWYARD, *words], cwd=folder, env={**platform.environment, "HOME": str(folder)})
    try:
        eventually(lambda: posted(port, "/score", {"question": "Why?"}) == {"answer": "Why?"}, within_s=100)
        posted(port, "/feedback?flatten=true", {"stars": 5, "why": "short"})
    finally:
        served.terminate()
        assert served.wait(60) in {0, 130, -15}
    return {}


def images(platform: Platform, folder: Path) -> dict[str, str]:
    echo(folder / "my_flow", question="string")
    run(platform, folder, "endpoint", "create", "support")
    run(platform, folder, "endpoint", "deploy", "support", "--flow", "my_flow", "--deployment", "blue")
    return {}


def tools(_: Platform, folder: Path) -> dict[str, str]:
    echo(folder / "my_flow", question="string")
    return {}


#: Asks the packages of a workspace's flow, which `tests/flows/test_flow_sessions.py` builds and asks.
ELSEWHERE = (("tool", "values", "--tool", "my_tools.pick.pick", "--input", "choice", "--inputs", "kind=a", "--flow", "my_flow", "--json"),)
PAGES: dict[str, Preparation] = {
    "migration.md": migration,
    "evaluators.md": evaluators,
    "runs.md": runs,
    "flow-format.md": flow_format,
    "flex-flows.md": nothing,
    "prompty.md": nothing,
    "caching.md": caching,
    "environments.md": environments,
    "serving.md": serving,
    "images.md": images,
    "nodes/tool.md": tools,
}


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_work_as_printed(platform: Platform, tmp_path: Path, page: str) -> None:
    names = PAGES[page](platform, tmp_path)
    commands = printed_commands(page)
    assert commands, page
    carry_out = run_apart if page == "environments.md" else run_printed
    for words in commands:
        if words[:2] != ("flow", "serve") and words not in ELSEWHERE:
            carry_out(platform, tmp_path, words, names)


def test_the_commands_of_checks_and_gates_before_a_deploy_work_as_printed(platform: Platform, tmp_path: Path) -> None:
    page = (DOCS / "endpoints.md").read_text(encoding="utf-8")
    echo(tmp_path / "support-flow", question="string")
    rows(tmp_path / "questions.jsonl", *({"question": f"Parcel {n}?", "truth": f"Parcel {n}?"} for n in range(3)))
    (file,) = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "flowyard.gates" in block]
    (tmp_path / "blue-deployment.yml").write_text(file)
    (tmp_path / "endpoint.yml").write_text("name: support\nauth_mode: key\n")
    printed = printed_commands("endpoints.md")
    measured = [words for words in printed if words[:2] in {("evaluator", "init"), ("run", "create")}]
    applied = [words for words in printed if words[0] == "apply"]
    checked = [words for words in printed if "--check" in words]
    assert (len(measured), len(applied), len(checked)) == (3, 3, 2)
    for words in (*measured, *applied, *checked):
        run_printed(platform, tmp_path, words, {})
    (tmp_path / "blue-deployment.yml").write_text(file.replace("f1_score >= 0.8", "f1_score >= 1.1"))
    run_printed(platform, tmp_path, applied[-1], {}, ends_with=1)
    (tmp_path / "counted.yml").write_text("name: counted\nendpoint_name: support\nmodel: azureml:demo-python\n")
    says = [run(platform, tmp_path, "apply", "-f", "counted.yml", *words) for words in ((), (), ("--dry-run",))]
    assert says == [f"deployment support/counted: {action}\n" for action in ("created", "unchanged", "unchanged")]


#: Installs MLflow, which `tests/endpoints/online/test_mlflow_models.py` deploys and asks.
OF_MLFLOW = ("endpoint", "deploy", "prices", "--model", "./model")


def test_the_commands_of_an_endpoints_life_work_as_printed(platform: Platform, tmp_path: Path) -> None:
    echo(tmp_path / "answers", question="string")
    run(platform, tmp_path, "flow", "upload", "answers", "--source", "answers")
    run(platform, tmp_path, "endpoint", "create", "lived")
    for name in ("blue", "blue", "blue", "blue", "green"):
        run(platform, tmp_path, "endpoint", "deploy", "lived", "--flow", "./answers", "--deployment", name)
    for _ in range(2):
        run(platform, tmp_path, "endpoint", "invoke", "lived", "--inputs", "question=Why?")
    gates = {"evaluator", "run", "apply"}
    said: dict[str, str] = {}
    for words in printed_commands("endpoints.md"):
        if words[0] in gates or "--check" in words or words == OF_MLFLOW:
            continue
        if "--mirror-traffic" in words:  # the rollout is over, and green without traffic
            run(platform, tmp_path, "endpoint", "rollout", "abort", "lived")
        said[" ".join(words[1:3])] = run_printed(platform, tmp_path, words, {"support": "lived"})
    assert "lived/blue serves flow answers" in said["rollback support"]
    assert "revision 5" in said["rollback support"]
    assert len(said["regenerate-key support"].strip()) > 20
    assert len(said["get-credentials batch-caller"].strip()) > 20
    assert "3 instances from now on." in said["scaling support"]
    assert "green=10" in said["update support"]
    (made, _) = printed_calls("endpoints.md")
    answer = json.loads(call_printed(platform, made.replace("/support/", "/lived/")))
    run(platform, tmp_path, "job", "stream", answer["id"])
    blue = next(each for each in platform.json("endpoint", "show", "lived")["deployments"] if each["name"] == "blue")
    assert blue["settings"]["request"]["max_concurrent_requests_per_instance"] == 4


def test_what_is_tested_elsewhere_is_printed() -> None:
    assert set(ELSEWHERE) <= {words for page in PAGES for words in printed_commands(page)}
    assert OF_MLFLOW in printed_commands("endpoints.md")


def run(platform: Platform, folder: Path, *words: str) -> str:
    return run_printed(platform, folder, words, {})


def posted(port: str, path: str, body: dict[str, object]) -> object:
    headers = {"Content-Type": "application/json", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")
    except (urllib.error.URLError, ConnectionError):
        return None
