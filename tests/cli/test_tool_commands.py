"""``flowyard tool``: make, list and check tools."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.flow_folders import python_node, write_flow
from support.tool_packages import TOOLBOX, install

pytestmark = pytest.mark.integration


def command(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run the command line in `folder`, with the packages of its ``site``."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder / "site"), "FLOWYARD_HOME": str(folder / "home")}
    program = [sys.executable, "-c", "from flowyard.cli.entry import main; main()", *words]
    done = subprocess.run(program, capture_output=True, text=True, cwd=folder, env=environment, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def test_make_a_tool_and_check_it(tmp_path: Path) -> None:
    code, out, _ = command(tmp_path, "tool", "init", "--tool", "greet", "--json")
    assert (code, json.loads(out)["files"]) == (0, ["greet.py"])
    code, out, _ = command(tmp_path, "tool", "validate", "--source", "greet.py", "--json")
    assert (code, json.loads(out)) == (0, {"valid": True, "tools": ["greet.greet"], "wrong": {}})
    (tmp_path / "greet.py").write_text((tmp_path / "greet.py").read_text().replace("@tool()", "@tool(icon='none.png')"))
    code, out, _ = command(tmp_path, "tool", "validate", "--source", "greet.py")
    assert code == 2
    assert "greet.greet: Its icon 'none.png' is no file." in out
    code, _, error = command(tmp_path, "tool", "init", "--tool", "greet")
    assert code == 1
    assert "is there already" in error


def test_a_new_package_is_one_that_flows_find(tmp_path: Path) -> None:
    code, _, _ = command(tmp_path, "tool", "init", "--package", "my_tools", "--tool", "greet", "--set", "category=demo", "version_note=one")
    assert code == 0
    source = (tmp_path / "my_tools/my_tools/listing.py").read_text()
    assert 'my_tools = "my_tools.listing:list_package_tools"' in (tmp_path / "my_tools/pyproject.toml").read_text()
    install(tmp_path / "site", "my_tools", "")
    (tmp_path / "site/my_tools.py").unlink()
    (tmp_path / "site/my_tools").symlink_to(tmp_path / "my_tools/my_tools")
    (tmp_path / "site/my_tools-1.0.dist-info/entry_points.txt").write_text("[package_tools]\nt = my_tools.listing:list_package_tools\n")
    assert "list_package_tools" in source
    code, out, _ = command(tmp_path, "tool", "list", "--json")
    listed = json.loads(out)["package"]["my_tools.greet.greet"]
    assert (code, listed["function"], listed["category"], listed["version_note"]) == (0, "greet", "demo", "one")
    node = {
        "name": "a",
        "type": "python",
        "source": {"type": "package", "tool": "my_tools.greet.greet"},
        "inputs": {"connection": "c", "input_text": "Ann"},
    }
    outputs = {"out": {"type": "string", "reference": "${a.output}"}}
    write_flow(tmp_path / "flow", {"inputs": {}, "outputs": outputs, "nodes": [node]})
    (tmp_path / "c.yaml").write_text("name: c\ntype: custom\nconfigs: {api_base: here}\nsecrets: {k: v}\n")
    code, out, error = command(tmp_path, "flow", "test", "--flow", "flow", "--connections-file", "c.yaml")
    assert (code, json.loads(out or "{}")) == (0, {"out": "Hello Ann from here"}), error


def test_list_tools_of_packages_and_of_a_flow(tmp_path: Path) -> None:
    install(tmp_path / "site", "toolbox", TOOLBOX)
    tool = 'from promptflow.core import tool\n\n@tool\ndef own(x: int):\n    """Mine."""\n    return x\n'
    write_flow(tmp_path / "flow", {"inputs": {}, "outputs": {}, "nodes": [python_node("a", "own.py", x=1)]}, own__py=tool)
    code, out, _ = command(tmp_path, "tool", "list", "--flow", "flow", "--json")
    found = json.loads(out)
    assert code == 0
    assert "toolbox.shout" in found["package"]
    assert found["package"]["promptflow.tools.llm.llm"]["inputs"]["api"]["enum"] == ["chat", "completion"]
    assert found["package"]["promptflow.tools.embedding.embedding"]["package"] == "flowyard"
    assert found["code"]["own.py"]["inputs"] == {"x": {"type": ["int"]}}
    code, out, _ = command(tmp_path, "tool", "list", "--flow", "flow")
    assert "own.py  Mine." in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("init", "--tool", "my-tool"), "no Python name"),
        (("init", "--tool", "t", "--package", "1p"), "no Python name"),
        (("init", "--tool", "t", "--set", "icon=none.png"), "is no file"),
        (("init", "--tool", "t", "--set", "icon"), "key=value"),
        (("validate", "--source", "no_such_thing"), "no_such_thing"),
    ],
)
def test_what_cannot_be_done(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    code, _, error = command(tmp_path, "tool", *words)
    assert code == 2
    assert message in error
