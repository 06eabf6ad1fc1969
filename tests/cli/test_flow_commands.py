"""``flowyard flow`` as a user types it: processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flowyard.cli.options import spread
from support.flow_folders import python_node, write_flow

SCRIPT = "name: local\ntype: scripted\nscript: |\n  rules: [{match: 'about (.*)', answer: 'All about $1'}]\n"


def flowyard(*words: str, home: Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "FLOWYARD_HOME": str(home)}
    command = [str(Path(sys.executable).with_name("flowyard")), *words]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


def test_options_with_many_words() -> None:
    many = frozenset({"--inputs", "-i"})
    assert spread(["--flow", "f", "--inputs", "a=1", "b=2", "--json"], many) == [
        "--flow",
        "f",
        "--inputs",
        "a=1",
        "--inputs",
        "b=2",
        "--json",
    ]
    assert spread(["-i", "a=1", "-i", "b=2", "c=-1"], many) == ["-i", "a=1", "-i", "b=2", "-i", "c=-1"]
    assert spread(["--inputs=a=1", "--flow", "f"], many) == ["--inputs=a=1", "--flow", "f"]


@pytest.mark.integration
def test_init_validate_test(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made = flowyard("flow", "init", "--flow", "mine", "--type", "python", home=home, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    again = flowyard("flow", "init", "--flow", "mine", home=home, cwd=tmp_path)
    assert again.returncode == 1
    assert flowyard("flow", "init", "--flow", "x", "--type", "pyton", home=home, cwd=tmp_path).returncode == 2
    checked = flowyard("flow", "validate", "--source", "mine", "--json", home=home, cwd=tmp_path)
    assert (checked.returncode, json.loads(checked.stdout)) == (0, {"valid": True, "findings": []})
    done = flowyard("flow", "test", "--flow", "mine", "--inputs", "text=one two three", "other=1", home=home, cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"words": 3, "longest": "three"})
    assert "split: completed" in done.stderr
    assert list((home / "spools").glob("flow-test*"))


@pytest.mark.integration
def test_a_part_of_a_flow(tmp_path: Path) -> None:
    def tested(*words: str) -> subprocess.CompletedProcess[str]:
        return flowyard("flow", "test", "--flow", "mine", *words, home=tmp_path / "home", cwd=tmp_path)

    flowyard("flow", "init", "--flow", "mine", "--type", "python", home=tmp_path / "home", cwd=tmp_path)
    done = tested("--inputs", "text=one two", "--detail", "first.json")
    assert done.returncode == 0, done.stderr
    one = tested("--node", "count", "--inputs", 'split.output=["a", "bcd", "e"]')
    assert (one.returncode, json.loads(one.stdout)) == (0, {"words": 3, "longest": "bcd"})
    assert "split" not in one.stderr
    onward = tested("--from", "count", "--run", "first.json")
    assert (onward.returncode, json.loads(onward.stdout)) == (0, {"words": 2, "longest": "one"})
    missing = tested("--node", "count")
    assert missing.returncode == 2
    assert "Run split first" in missing.stderr
    assert tested("--node", "count", "--from", "split").returncode == 2
    (tmp_path / "mine" / "count.py").write_text("from promptflow.core import tool\n\n@tool\ndef count(words):\n    return words[9]\n")
    failed = tested("--from", "count", "--run", "first.json")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "error: count.py:5: " in failed.stderr
    assert "\n    return words[9]\n" in failed.stderr


@pytest.mark.integration
def test_findings_with_their_places(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "f", "inpts: {}\nnodes:\n- {name: a, type: python, source: {type: code, path: b.py}}\n", c__py="")
    text = flowyard("flow", "validate", "--flow", str(folder), home=tmp_path)
    assert text.returncode == 2
    assert f"{folder}/flow.dag.yaml:1:1: warning: 'inpts' means nothing" in text.stdout
    assert "Did you mean 'inputs'?" in text.stdout
    assert f"{folder}/flow.dag.yaml:3:54: error:" in text.stdout
    found = json.loads(flowyard("flow", "validate", "--flow", str(folder), "--json", home=tmp_path).stdout)
    assert [finding["code"] for finding in found["findings"]] == ["UnknownKey", "InvalidSource"]
    run = flowyard("flow", "test", "--flow", str(folder), home=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert flowyard("flow", "validate", "--flow", str(tmp_path / "nothing"), home=tmp_path).returncode == 2


@pytest.mark.integration
def test_a_failing_flow(tmp_path: Path) -> None:
    tool = "from promptflow.core import tool\n\n@tool\ndef run(x):\n    print('on the way')\n    return 1 / x\n"
    dag = {
        "inputs": {"x": {"type": "int"}},
        "outputs": {"o": {"type": "double", "reference": "${a}"}},
        "nodes": [python_node("a", x="${inputs.x}")],
    }
    folder = write_flow(tmp_path / "f", dag, a__py=tool)
    detail = tmp_path / "detail.json"
    done = flowyard("flow", "test", "--flow", str(folder), "--inputs", "x=0", "--detail", str(detail), home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "a.py:6" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    node = json.loads(detail.read_text())["nodes"][0]
    assert (node["status"], node["logs"]) == ("failed", "on the way\n")
    good = flowyard("flow", "test", "--flow", str(folder), "--inputs", "x=4", home=tmp_path)
    assert json.loads(good.stdout) == {"o": 0.25}
    assert "on the way" in good.stderr
    assert flowyard("flow", "test", "--flow", str(folder), home=tmp_path).returncode == 2
    assert flowyard("flow", "test", "--flow", str(folder), "--inputs", "x", home=tmp_path).returncode == 2
    (tmp_path / "inputs.json").write_text('{"x": 2}')
    (tmp_path / "lines.jsonl").write_text('{"x": 5}\n{"x": 6}\n')
    for name, value in (("inputs.json", 0.5), ("lines.jsonl", 0.2)):
        assert json.loads(flowyard("flow", "test", "--flow", str(folder), "--inputs-file", str(tmp_path / name), home=tmp_path).stdout) == {
            "o": value
        }


@pytest.mark.integration
def test_models_of_connection_files_and_of_nobody(tmp_path: Path) -> None:
    flowyard("flow", "init", "--flow", str(tmp_path / "f"), home=tmp_path)
    alone = flowyard("flow", "test", "--flow", str(tmp_path / "f"), home=tmp_path)
    assert alone.returncode == 1
    assert "no connection 'local'" in alone.stderr
    assert "flowyard up" in alone.stderr
    (tmp_path / "c.yaml").write_text(SCRIPT)
    done = flowyard(
        "flow",
        "test",
        "--flow",
        str(tmp_path / "f"),
        "--inputs",
        "topic=tea",
        "--connections-file",
        str(tmp_path / "c.yaml"),
        "--json",
        home=tmp_path,
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, {"text": "All about tea."})
    assert done.stderr == ""


@pytest.mark.integration
def test_a_flow_process_has_the_flows_folder_and_environment(tmp_path: Path) -> None:
    tool = (
        "import os\nfrom promptflow.core import tool\nHELLO = os.environ['GREETING']\n\n@tool\n"
        "def run():\n    return [open('note.txt').read(), HELLO, os.environ['SETTINGS']]\n"
    )
    dag = {
        "outputs": {"o": {"type": "list", "reference": "${a}"}},
        "nodes": [python_node("a")],
        "environment_variables": {"GREETING": "hello", "SETTINGS": {"a": 1}},
    }
    folder = write_flow(tmp_path / "f", dag, a__py=tool, note__txt="note")
    done = flowyard("flow", "test", "--flow", str(folder), home=tmp_path)
    assert json.loads(done.stdout) == {"o": ["note", "hello", '{"a": 1}']}
    write_flow(folder, dag | {"environment_variables": {"LD_PRELOAD": "x"}})
    assert flowyard("flow", "test", "--flow", str(folder), home=tmp_path).returncode == 2


@pytest.mark.integration
def test_imports_stay_light(tmp_path: Path) -> None:
    program = (
        "import sys\nimport flowyard.flows\nfrom flowyard.flows import load_flow\n"
        "heavy = {'aiohttp', 'uvicorn', 'fastapi', 'pydantic', 'typer', 'rich'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.integration
def test_variant_overrides_environment_and_a_list_of_connections(tmp_path: Path) -> None:
    ask = {"type": "llm", "source": {"type": "code", "path": "ask.jinja2"}, "connection": "one", "api": "chat"}
    dag = {
        "inputs": {"q": {"type": "string"}},
        "outputs": {"o": {"type": "string", "reference": "${n.output}"}, "e": {"type": "string", "reference": "${env.output}"}},
        "nodes": [{"name": "n", "use_variants": True}, python_node("env", "env.py", x="GREETING")],
        "node_variants": {
            "n": {
                "default_variant_id": "v0",
                "variants": {
                    "v0": {"node": {**ask, "inputs": {"deployment_name": "m", "q": "default"}}},
                    "v1": {"node": {**ask, "inputs": {"deployment_name": "m", "q": "${inputs.q}"}}},
                },
            }
        },
    }
    read = "import os\nfrom promptflow.core import tool\n\n\n@tool\ndef run(x):\n    return os.environ[x]\n"
    folder = write_flow(tmp_path / "f", dag, ask__jinja2="user:\nabout {{q}}\n", env__py=read)
    connections = tmp_path / "connections.yaml"
    connections.write_text(
        "- name: one\n  type: scripted\n  script: |\n    rules: [{match: 'about (.*)', answer: 'one: $1'}]\n"
        "- name: two\n  type: scripted\n  script: |\n    rules: [{match: 'about (.*)', answer: 'two: $1'}]\n"
    )
    common = ["flow", "test", "--flow", str(folder), "--inputs", "q=the sea", "--connections-file", str(connections)]
    common += ["--environment-variables", "GREETING=true"]
    assert json.loads(flowyard(*common, home=tmp_path).stdout) == {"o": "one: default", "e": "true"}
    other = flowyard(*common, "--variant", "${n.v1}", "--connections", "n.connection=two", "n.deployment_name=x", home=tmp_path)
    assert json.loads(other.stdout) == {"o": "two: the sea", "e": "true"}
    unknown = flowyard(*common, "--variant", "${n.v2}", home=tmp_path)
    assert unknown.returncode == 2
    assert "The variant ${n.v2} is not there." in unknown.stderr
    assert "v1" in unknown.stderr
    assert flowyard(*common, "--connections", "connection=two", home=tmp_path).returncode == 2
