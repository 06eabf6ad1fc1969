"""The index-lookup tool on a whole platform: in a run, in a test and in a replica, each with its own key, and in their traces."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.wire.connections import ConnectionWrite
from flowyard.wire.indexes import AccessRule
from support.flow_folders import write_flow
from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

LOOKUP = "promptflow_vectordb.tool.common_index_lookup.search"
FLOW = {
    "inputs": {"question": {"type": "string"}},
    "outputs": {"found": {"type": "list", "reference": "${find.output}"}},
    "nodes": [
        {
            "name": "find",
            "type": "python",
            "source": {"type": "package", "tool": LOOKUP},
            "inputs": {"mlindex_content": "azureml:pets:1", "queries": "${inputs.question}", "query_type": "Keyword", "top_k": 1},
        }
    ],
}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with Platform.up(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("models")) as running:
        yield running


def test_flows_find_what_who_began_them_may_find_and_endpoints_what_their_tags_open(platform: Platform, tmp_path: Path) -> None:
    ws = Workspace(url=platform.url, api_key=platform.api_key, workspace="default")
    ws.connections.create(ConnectionWrite(name="model", type="scripted", configs={"script": "rules: [{echo: true}]"}))
    pets = tmp_path / "pets"
    for name, text in {"cats": "Cats purr and sleep.", "dogs": "Dogs bark.", "wages": "What dogs and cats earn."}.items():
        (pets / f"{name}.md").parent.mkdir(exist_ok=True)
        (pets / f"{name}.md").write_text(f"# {name}\n\n{text}\n")
    job = ws.indexes.build("pets", pets, embedding_model="model/scripted", access=[AccessRule(under="wages", tags=("staff",))])
    assert ws.jobs.wait(job.id).status == "completed"
    flow = write_flow(tmp_path / "asks", FLOW)
    (tmp_path / "rows.jsonl").write_text('{"question": "Which dogs bark?"}\n{"question": "What do cats earn?"}\n')

    other = Workspace(url=platform.url, api_key=ws.keys.create("other", role="contributor").secret, workspace="default")
    for name, began, second in (("asks", ws, "wages.md"), ("asks-too", other, "cats.md")):
        began.runs.create(flow, tmp_path / "rows.jsonl", name=name, column_mapping={"question": "${data.question}"})
        assert began.runs.stream(name).counts.completed == 2
        rows = platform.json("run", "show-details", name)
        assert [row["outputs"]["found"][0]["metadata"]["source"]["filename"] for row in rows] == ["dogs.md", second]
    spans = eventually(lambda: retrieved(ws, 4), within_s=120)
    assert {documents[0]["metadata"]["source"]["filename"] for documents in spans} == {"dogs.md", "cats.md", "wages.md"}
    assert all(documents[0]["score"] > 0 and documents[0]["content"] for documents in spans)

    ws.flows.create("asks")
    etag = next(file.etag for file in ws.flows.files("asks") if file.path == "flow.dag.yaml")
    ws.flows.write("asks", "flow.dag.yaml", (flow / "flow.dag.yaml").read_text(), etag=etag)
    for began, text in ((ws, "# wages\n\nWhat dogs and cats earn."), (other, "# cats\n\nCats purr and sleep.")):
        tested = began.flows.test("asks", {"question": "What do cats earn?"})
        assert tested.outputs is not None, tested
        assert tested.outputs["found"][0]["text"] == text
    [offered] = ws.flows.tool_values("asks", LOOKUP, "mlindex_asset_id", {}).values
    assert offered.value == "azureml:pets:latest"

    platform.run("endpoint", "create", "asks")
    platform.run("endpoint", "deploy", "asks", "--flow", str(flow), "--deployment", "blue")
    for tags, found in (((), "cats.md"), (("staff",), "wages.md")):
        ws.access.set("endpoint", "asks", tags)
        answer = platform.request("POST", "/endpoints/asks/score", {"question": "What do cats earn?"})
        assert (answer.status, answer.json()["found"][0]["metadata"]["source"]["filename"]) == (200, found)


def retrieved(ws: Workspace, count: int) -> list[Any] | None:
    """The documents of all spans of retrieval, once there are so many."""
    traces = [ws.traces.get(one.trace_id) for one in ws.traces.list(q="kind:retrieval")]
    found = [span.attributes["retrieval.documents"] for trace in traces for span in trace.spans if span.kind == "retrieval"]
    return found if len(found) == count else None
