"""Lineage as it is recorded by what makes things, and asked over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.data.datastores.model import BUILT_IN
from flowyard.data.lineage.model import EdgeRecord, Thing, edges_to, place
from flowyard.endpoints.online.lineage import deployment_edges
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord
from flowyard.flows.runs.lineage import made_of
from flowyard.foundation.errors import RemoteError
from flowyard.wire.runs import RunCreate
from support.flow_folders import ECHO, python_node, write_flow

FLOW = {
    "inputs": {"text": {"type": "string"}},
    "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
    "nodes": [{**python_node("say", x="${inputs.text}"), "source": {"type": "code", "path": "say.py"}}],
}


def ends(edges: Any) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.activity) for edge in edges}


def test_a_bookmark_and_a_run_of_it_are_linked_with_the_flow(ws: Workspace, tmp_path: Path) -> None:
    ws.datastores.write(BUILT_IN, "in/rows.jsonl", b'{"text": "one"}\n')
    ws.data.create("d", f"azureml://datastores/{BUILT_IN}/paths/in/rows.jsonl")
    flow = write_flow(tmp_path / "answers", FLOW, say__py=ECHO)
    ws.runs.create(flow=flow, data="azureml:d@latest", name="first", column_mapping={"text": "${data.text}"})
    graph = ws.lineage.graph("run/first", direction="up")
    (snapshot,) = (node.version for node in graph.nodes if node.kind == "flow")
    assert ends(graph.edges) == {
        (f"datastore/{BUILT_IN}/in/rows.jsonl", "data/d/1", "bookmark"),
        ("data/d/1", "run/first", "run"),
        (f"flow/answers/{snapshot}", "run/first", "run"),
    }
    assert [(node.id, node.depth) for node in graph.nodes][:1] == [("run/first", 0)]
    assert {edge.code for edge in graph.edges if edge.activity == "run"} == {snapshot}
    assert [node.id for node in ws.lineage.graph("azureml:d:1", direction="down").nodes] == ["data/d/1", "run/first"]
    assert ends(ws.lineage.edges("run/first")) == ends(edge for edge in graph.edges if edge.target == "run/first")
    assert ws.lineage.graph("flow/answers").root == f"flow/answers/{snapshot}"


def test_data_without_a_history_is_a_graph_of_itself_and_what_is_not_there_is_said(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"q": 1}\n')
    ws.data.create("d", file)
    graph = ws.lineage.graph("azureml:d@latest")
    assert ([node.id for node in graph.nodes], graph.edges, graph.truncated) == (["data/d/1"], (), False)
    for of, code in (("azureml:d:9", "DataAssetNotFound"), ("run/none", "LineageNotFound"), ("nothing/x", "InvalidInput")):
        with pytest.raises(RemoteError) as caught:
            ws.lineage.graph(of)
        assert caught.value.remote.code == code
        assert caught.value.remedy


def test_a_run_over_a_run_is_an_evaluation() -> None:
    made = made_of(RunCreate(run="first", snapshot="abc", data="upload:x", column_mapping={"a": "${data.a}"}), "scores")
    assert (made.activity, made.sources) == ("evaluation", (Thing("flow", "scores", "abc"), Thing("run", "first")))
    assert (made.parameters, made.code) == ({"column_mapping": {"a": "${data.a}"}}, "abc")


@pytest.mark.parametrize(
    ("plan", "source"),
    [
        (DeploymentPlan(flow="answers", digest="abc"), "flow/answers/abc"),
        (DeploymentPlan(script="score.py", digest="abc"), "flow/score.py/abc"),
        (DeploymentPlan(model="smollm2-135m"), "model/smollm2-135m"),
    ],
)
def test_what_serves_is_linked_with_its_endpoint(plan: DeploymentPlan, source: str) -> None:
    deployment = DeploymentRecord(
        id="d", workspace_id="w", endpoint_id="e", endpoint="support", name="blue", state="healthy", revision=0, plan=plan, created_ns=1,
        updated_ns=1, job_id="j",
    )  # fmt: skip
    first, second = deployment_edges(deployment, 3, plan, "me")
    assert (first.source, first.target, first.by, first.parameters) == (source, "deployment/support/blue", "job/j", {"revision": 3})
    assert (second.source, second.target) == ("deployment/support/blue", "endpoint/support")


def test_a_thing_is_not_made_of_itself_and_each_source_counts_once() -> None:
    made = made_of(RunCreate(run="r", resume_from="r", snapshot="abc"), "f")
    found: tuple[EdgeRecord, ...] = edges_to("w", "me", Thing("run", "r"), made)
    assert [edge.source for edge in found] == ["flow/f/abc"]
    assert len(edges_to("w", "me", Thing("run", "s"), made)) == 2
    assert edges_to("w", "me", Thing("run", "s"), None) == ()


def test_addresses_of_files_are_things_of_their_datastores() -> None:
    assert place("azureml://datastores/papers/paths/a/b.jsonl") == Thing("datastore", "papers", "a/b.jsonl")
    assert place("azureml://datastores/papers/paths/") == Thing("datastore", "papers")
