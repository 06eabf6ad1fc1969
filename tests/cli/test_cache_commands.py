"""``flow test --replay``, ``cache show`` and ``cache clear``, as a user runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.flow_folders import python_node, write_flow

FLOWYARD = str(Path(sys.executable).with_name("flowyard"))
TOOL = "from promptflow.core import tool\n\n@tool\ndef run(x):\n    print('called')\n    return x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dag: dict[str, Any] = {"inputs": {"x": {"type": "string"}}, "outputs": {"o": {"type": "string", "reference": "${n.output}"}}}
    return write_flow(tmp_path / "my_flow", {**dag, "nodes": [python_node("n", x="${inputs.x}")]}, n__py=TOOL)


def run(home: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FLOWYARD_HOME": str(home)}
    done = subprocess.run([FLOWYARD, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    return done


def test_a_replayed_test_calls_nobody_and_the_cache_can_be_looked_at_and_cleared(tmp_path: Path, folder: Path) -> None:
    home, detail = tmp_path / "home", tmp_path / "detail.json"
    test = ("flow", "test", "--flow", str(folder), "--inputs", "x=1")
    assert run(home, *test).stderr.count("called") == 1
    assert run(home, *test, "--replay").stderr.count("called") == 1
    again = run(home, *test, "--replay", "--detail", str(detail))
    assert json.loads(again.stdout) == {"o": "1"}
    assert "kept result" in again.stderr
    [node] = json.loads(detail.read_text())["nodes"]
    assert (node["cached"], node["output"], node["logs"]) == (True, "1", "called\n")
    [row] = json.loads(run(home, "cache", "show", "--json").stdout)
    assert (row["workspace"], row["flow"], row["node"], row["entries"]) == (None, "my_flow", "n", 1)
    assert "my_flow" in run(home, "cache", "show").stdout
    run(home, "cache", "clear", "--flow", "other")
    assert json.loads(run(home, "cache", "show", "--json").stdout)
    run(home, "cache", "clear", "--flow", "my_flow")
    assert json.loads(run(home, "cache", "show", "--json").stdout) == []
    assert "kept result" not in run(home, *test, "--replay").stderr


def test_a_damaged_cache_is_said_and_removed(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "home"
    (home / "cache").mkdir(parents=True)
    (home / "cache/nodes.db").write_bytes(b"nothing of the kind" * 500)
    done = run(home, "flow", "test", "--flow", str(folder), "--inputs", "x=1", "--replay")
    assert json.loads(done.stdout) == {"o": "1"}
    assert "flowyard cache clear" in done.stderr
    assert "flowyard cache clear" in run(home, "cache", "show", code=1).stderr
    run(home, "cache", "clear")
    assert json.loads(run(home, "cache", "show", "--json").stdout) == []
