"""`azureml://` in a flow's own code, on a whole platform: in a run, in a test and in a replica, with keys that only read files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard import Workspace
from support.flow_folders import write_flow
from support.installation import Platform

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

ROWS = "azureml://datastores/workspaceblobstore/paths/in/rows.jsonl"
FLOW = {
    "inputs": {"word": {"type": "string"}},
    "outputs": {"found": {"type": "string", "reference": "${look.output}"}},
    "nodes": [{"name": "look", "type": "python", "source": {"type": "code", "path": "look.py"}, "inputs": {"word": "${inputs.word}"}}],
}
LOOK = f"""
import fsspec, os, pandas
from promptflow.core import tool

@tool
def look(word: str) -> str:
    said = pandas.read_json("{ROWS}", lines=True).set_index("word")["said"][word]
    try:
        fsspec.filesystem("azureml").pipe_file("{ROWS}", b"mine")
    except PermissionError as error:
        said += " read only" if "data:write" in str(error) else str(error)
    return said + " " + str([name for name in os.environ if "FLOWYARD" in name])
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    models = tmp_path_factory.mktemp("models")
    with Platform.up(tmp_path_factory.mktemp("home"), models) as running:
        yield running


def test_a_flows_code_reads_files_of_datastores(platform: Platform, tmp_path: Path) -> None:
    flow = write_flow(tmp_path / "looks", FLOW, look__py=LOOK)
    ws = Workspace(url=platform.url, api_key=platform.api_key, workspace="default")
    ws.datastores.write("workspaceblobstore", "in/rows.jsonl", b'{"word": "a", "said": "alpha"}\n{"word": "b", "said": "beta"}\n')
    run = platform.json(
        "run", "create", "--flow", str(flow), "--data", ROWS, "--column-mapping", "word=${data.word}", "--name", "looks", "--stream"
    )
    rows = platform.json("run", "show-details", "looks")
    assert (run["status"], run["data"], run["counts"]["completed"]) == ("completed", ROWS, 2)
    assert [row["outputs"]["found"] for row in rows] == ["alpha read only []", "beta read only []"]

    ws.flows.create("looks")
    for path in ("flow.dag.yaml", "look.py"):
        etags = {file.path: file.etag for file in ws.flows.files("looks")}
        ws.flows.write("looks", path, (flow / path).read_text(), etag=etags.get(path))
    tested = ws.flows.test("looks", {"word": "b"})
    assert tested.outputs == {"found": "beta read only []"}, tested

    platform.run("endpoint", "create", "looks")
    platform.run("endpoint", "deploy", "looks", "--flow", str(flow), "--deployment", "blue")
    answer = platform.request("POST", "/endpoints/looks/score", {"word": "a"})
    assert (answer.status, answer.json()["found"]) == (200, "alpha read only []")
