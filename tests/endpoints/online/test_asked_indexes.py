"""Which indexes a deployed flow asks: read of its nodes, in its lineage, and told with what they stand for now."""

from pathlib import Path

import pytest

from flowyard.data.lineage.model import Thing
from flowyard.endpoints.online.deploy import DeploymentJob
from flowyard.endpoints.online.indexes import AskedIndex, IndexUses, asked_indexes
from flowyard.storage.sql.lineage import SqlLineageStore
from flowyard.wire.endpoints import DeploymentCreate, EndpointCreate
from flowyard.wire.index_uses import IndexUse
from support.online_installation import Online

NODES = """
inputs:
  question: {type: string}
outputs:
  answer: {type: string, reference: "${pinned.output}"}
nodes:
- name: pinned
  type: python
  source: {type: package, tool: promptflow_vectordb.tool.common_index_lookup.search}
  inputs: {mlindex_content: "azureml:handbook:2", queries: "${inputs.question}"}
- name: labelled
  type: python
  source: {type: package, tool: promptflow_vectordb.tool.common_index_lookup.search}
  inputs: {mlindex_content: "{index: {kind: flowyard, name: handbook}}", queries: "${inputs.question}"}
- name: own
  type: python
  source: {type: package, tool: flowyard.client.index_lookup.lookup}
  inputs: {index: papers, version: production, question: "${inputs.question}"}
- name: given
  type: python
  source: {type: package, tool: promptflow_vectordb.tool.common_index_lookup.search}
  inputs: {mlindex_content: "${inputs.question}", queries: "${inputs.question}"}
- name: elsewhere
  type: python
  source: {type: package, tool: promptflow_vectordb.tool.common_index_lookup.search}
  inputs: {mlindex_content: "{index: {kind: acs, index: docs}}", queries: "${inputs.question}"}
"""
VERSIONS = {("handbook", "2"): "2", ("handbook", "latest"): "3"}


def version_of(workspace_id: str, name: str, version: str) -> str | None:
    assert workspace_id == "w1"
    return VERSIONS.get((name, version))


def test_what_nodes_name_is_read(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_text(NODES)
    assert asked_indexes(tmp_path) == (
        AskedIndex("pinned", "handbook", "2"),
        AskedIndex("labelled", "handbook", "latest"),
        AskedIndex("own", "papers", "production"),
    )


@pytest.fixture
def deployed(installation: Online) -> Online:
    installation.job = DeploymentJob(
        installation.store, installation.host, installation.job._specs, installation.job._sources, installation.keys, version_of
    )
    installation.write_flow(flow=NODES)
    installation.service.create(installation.caller, EndpointCreate(name="support"))
    installation.run(
        installation.service.deploy(installation.caller, "support", DeploymentCreate(flow="answers"), made_of=("run/base", "run/score"))
    )
    return installation


def test_lineage_names_the_versions_and_the_runs_that_were_looked_at(deployed: Online) -> None:
    edges = SqlLineageStore(deployed.engine).page("w1", "deployment/support/blue", up=True, after_id=None, limit=20)
    sources = {Thing.parse(edge.source).kind: edge.source for edge in edges}
    assert {edge.source for edge in edges} == {sources["flow"], "run/base", "run/score", "index/handbook/2", "index/handbook/3"}
    assert {edge.activity for edge in edges} == {"deployment"}


def test_deployments_tell_what_they_ask(deployed: Online) -> None:
    uses = IndexUses(deployed.store, deployed.snapshots, version_of)
    found = uses.list(deployed.caller)
    assert [(use.node, use.index, use.asked, use.version, use.pinned) for use in found] == [
        ("pinned", "handbook", "2", "2", True),
        ("labelled", "handbook", "latest", "3", False),
        ("own", "papers", "production", None, False),
    ]
    assert uses.list(deployed.caller, index="papers") == (
        IndexUse(
            endpoint="support",
            deployment="blue",
            node="own",
            index="papers",
            asked="production",
            version=None,
            pinned=False,
            traffic=100,
        ),
    )
    assert uses.list(deployed.caller, endpoint="another") == ()
