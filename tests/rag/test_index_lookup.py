"""The index-lookup tool: what names an index, what a flow gets, what its trace says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flowyard import Workspace
from flowyard.client.index_lookup import VectorIndexLookup, chosen_index, list_indexes, lookup, make_mlindex, search
from flowyard.flows import load_flow
from flowyard.flows.errors import LineFailedError
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.rules import validate
from flowyard.flows.runtime.cache_store import NodeCache
from flowyard.flows.runtime.line import Engine
from flowyard.flows.tools.listing import package_tools
from flowyard.foundation.credentials import Credentials, give_credentials
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.rag.errors import MLIndexError
from flowyard.rag.tool.mlindex import NamedIndex, read_mlindex
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink
from flowyard.wire.indexes import AccessRule
from support.built_indexes import IndexBuilder
from support.flow_folders import write_flow

LOOKUP = "promptflow_vectordb.tool.common_index_lookup.search"
AZURE = """
embeddings: {kind: open_ai, model: text-embedding-ada-002, schema_version: '2'}
index: {kind: acs, endpoint: https://shop.search.windows.net, index: products, engine: azure-sdk}
"""


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path) -> IndexBuilder:
    made = IndexBuilder(services, ws, tmp_path / "documents")
    made.put(cats="# Cats\n\nCats purr and sleep.", dogs="# Dogs\n\nDogs bark at the postman.", secret="# Wages\n\nWhat cats earn.")
    made(access=[AccessRule(under="secret", tags=("staff",))])
    return made


@pytest.fixture
def process(build: IndexBuilder, services: Any, ws: Workspace, owner_key: str) -> Iterator[None]:
    """This process has the key of a run, as a flow's process has."""
    caller = services.sign_in.by_key(owner_key).enter()
    key = services.keys.issue(caller.workspace_id, "a run", "invoker", scope="run:1")
    give_credentials(Credentials(url=ws.transport.url, api_key=key, workspace=""))
    yield
    give_credentials(None)


def flow_of(folder: Path, tool: str, **inputs: Any) -> Path:
    node = {"name": "find", "type": "python", "source": {"type": "package", "tool": tool}, "inputs": inputs}
    outputs = {"found": {"type": "list", "reference": "${find.output}"}}
    return write_flow(folder, {"inputs": {"question": {"type": "object"}}, "outputs": outputs, "nodes": [node]})


@pytest.mark.usefixtures("process")
def test_a_flow_finds_chunks_and_its_trace_has_them_with_scores(tmp_path: Path) -> None:
    flow = flow_of(tmp_path / "flow", LOOKUP, mlindex_content="azureml:docs:1", queries="${inputs.question}", query_type="Keyword", top_k=1)
    sink = MemorySink()
    [found] = load_flow(flow, recorder=Recorder(sink))(question="Which animals bark?")["found"]
    assert found["text"] == "# Dogs\n\nDogs bark at the postman."
    assert found["metadata"] == {
        "source": {"filename": "dogs.md", "url": "dogs.md", "title": "Dogs"},
        "page_number": None,
        "headings": ["Dogs"],
    }
    assert found["additional_fields"]["scores"]["words"]["rank"] == 1
    [node] = [span for span in sink.records if span.kind == "node"]
    [span] = [span for span in sink.records if span.kind == "retrieval"]
    assert (span.parent_id, span.node, span.status) == (node.span_id, "find", "ok")
    assert span.attributes["flowyard.input"] == {"query": "Which animals bark?", "index": "docs", "top_k": 1, "kind": "text"}
    assert span.attributes["flowyard.index"] == "docs:1"
    [document] = span.attributes["retrieval.documents"]
    assert (document["content"], document["score"], document["id"]) == (found["text"], found["score"], found["additional_fields"]["id"])
    assert document["metadata"]["source"]["filename"] == "dogs.md"


@pytest.mark.usefixtures("process")
def test_several_questions_give_a_list_each_and_only_what_has_no_tag(tmp_path: Path, ws: Workspace) -> None:
    flow = flow_of(tmp_path / "flow", LOOKUP, mlindex_content=ws.indexes.mlindex("docs"), queries="${inputs.question}", query_type="hybrid")
    found = load_flow(flow)(question=["What cats earn", "dogs"])["found"]
    assert [[one["metadata"]["source"]["filename"] for one in each] for each in found] == [["cats.md", "dogs.md"], ["dogs.md", "cats.md"]]
    assert load_flow(flow)(question=[])["found"] == []


def test_what_a_lookup_finds_is_kept_for_nobody_else(build: IndexBuilder, owner_key: str, tmp_path: Path) -> None:
    ws = build.ws
    flow = flow_of(tmp_path / "flow", "flowyard.client.index_lookup.lookup", index="docs", question="${inputs.question}", kind="text")
    cache = NodeCache(tmp_path / "nodes.db")
    found: list[set[str]] = []
    for key in (owner_key, ws.keys.create("other", role="reader").secret):
        give_credentials(Credentials(url=ws.transport.url, api_key=key, workspace=""))
        line = LoadedFlow.load(flow, Engine(cache=cache, replay=True), {}).run({"question": "What cats earn"})
        found.append({one["metadata"]["source"]["filename"] for one in line.outputs["found"]})
    give_credentials(None)
    assert found == [{"cats.md", "secret.md"}, {"cats.md"}]


@pytest.mark.usefixtures("process")
def test_the_older_tool_and_ours(tmp_path: Path) -> None:
    older = "promptflow_vectordb.tool.vector_index_lookup.VectorIndexLookup.search"
    asset = "azureml://subscriptions/s/resourcegroups/g/workspaces/w/data/docs/versions/1"
    flow = load_flow(flow_of(tmp_path / "older", older, path=asset, query="${inputs.question}", top_k="2"))
    found = flow(question="cats purr")["found"]
    assert [sorted(one) for one in found] == [["metadata", "score", "text"]] * 2
    assert found[0]["metadata"]["source"]["filename"] == "cats.md"
    with pytest.raises(LineFailedError, match="text or a list of texts"):
        flow(question=[0.5, 0.25])
    ours = load_flow(
        flow_of(tmp_path / "ours", "flowyard.client.index_lookup.lookup", index="docs", question="${inputs.question}", under="dogs")
    )
    assert [one["metadata"]["source"]["filename"] for one in ours(question="cats")["found"]] == ["dogs.md"]


@pytest.mark.usefixtures("process")
def test_what_is_wrong_is_said() -> None:
    with pytest.raises(RemoteError) as caught:
        lookup("dogs", "What?")
    assert caught.value.remote.code == "IndexNotFound"
    with pytest.raises(RemoteError) as caught:
        search("azureml:docs:7", "What?")
    assert caught.value.remote.code == "IndexVersionNotFound"
    with pytest.raises(InvalidInputError, match="query_type is 'Fuzzy'") as refused:
        search("azureml:docs:1", "What?", query_type="Fuzzy")
    assert "Hybrid + semantic" in str(refused.value.remedy)
    with pytest.raises(InvalidInputError, match="text or a list of texts") as refused:
        search("azureml:docs:1", [0.1, 0.2])  # type: ignore[list-item]
    assert "its own model" in str(refused.value.remedy)


@pytest.mark.usefixtures("process")
def test_a_form_offers_the_indexes_and_makes_what_names_one() -> None:
    [offered] = list_indexes()
    made = make_mlindex(offered["value"])
    assert (offered["display_value"], yaml.safe_load(made)["embeddings"]["dimension"]) == ("docs", 16)
    assert chosen_index(made) == {"mlindex_asset_id": "azureml:docs:1"}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("azureml:docs:3", ("docs", "3")),
        ("azureml:docs@production", ("docs", "production")),
        ("azureml:docs", ("docs", "latest")),
        ("azureml://locations/x/workspaces/w/data/docs/labels/latest", ("docs", "latest")),
        ("index: {kind: flowyard, name: docs}", ("docs", "latest")),
        ("index:\n  kind: flowyard\n  name: docs\n  version: 2\n", ("docs", "2")),
        ({"index": {"kind": "flowyard", "name": "docs"}}, ("docs", "latest")),
    ],
)
def test_what_names_an_index(content: object, named: tuple[str, str]) -> None:
    assert read_mlindex(content) == NamedIndex(name=named[0], version=named[1])


@pytest.mark.parametrize(
    ("content", "said", "remedy"),
    [
        (AZURE, "Azure AI Search named 'products' at https://shop.search.windows.net", "promptflow-vectordb"),
        (
            "index: {kind: faiss, path: azureml://datastores/a/paths/b}",
            "FAISS named 'azureml://datastores/a/paths/b'",
            "flowyard index create",
        ),
        ("index: {kind: flowyard}", "no `name`", "flowyard index list"),
        ("index: {name: docs}", "no `kind`", "--mlindex"),
        ("docs", "no mapping `index`; it is 'docs'", "azureml:NAME:VERSION"),
        ("a: [", "no YAML", "azureml:NAME:VERSION"),
        ("azureml://datastores/a/paths/b", "names no index", "azureml:NAME:VERSION"),
    ],
)
def test_what_names_none_here(content: str, said: str, remedy: str) -> None:
    with pytest.raises(MLIndexError) as caught:
        read_mlindex(content)
    assert said in caught.value.message
    assert remedy in str(caught.value.remedy)


@pytest.mark.usefixtures("process")
def test_a_search_that_fails_is_a_span_that_failed(tmp_path: Path) -> None:
    sink = MemorySink()
    flow = load_flow(
        flow_of(tmp_path / "flow", LOOKUP, mlindex_content="azureml:dogs", queries="a", query_type="Vector"), recorder=Recorder(sink)
    )
    with pytest.raises(LineFailedError, match="There is no index 'dogs'"):
        flow(question="")
    [span] = [span for span in sink.records if span.kind == "retrieval"]
    assert (span.status, span.attributes["flowyard.input"]["kind"]) == ("error", "vector")


@pytest.mark.parametrize("path", ["docs", "flowyard://default/indexes/docs/1", "data/docs/1"])
def test_the_older_tool_takes_references_only(path: str) -> None:
    with pytest.raises(MLIndexError, match="names no index"):
        VectorIndexLookup(path)


def test_mlindex_is_written_and_read(build: IndexBuilder, ws: Workspace, command: Any) -> None:
    build.put(cats="# Cats\n\nCats sleep.")
    build()
    code, out, _ = command("index", "show", "docs", "--mlindex", "--version", "1")
    assert (code, read_mlindex(out)) == (0, NamedIndex(name="docs", version="1"))
    assert yaml.safe_load(out)["embeddings"] == {
        "schema_version": "2",
        "kind": "flowyard",
        "model": ws.indexes.get("docs").embedding_model,
        "dimension": 16,
    }
    assert read_mlindex(ws.indexes.mlindex("docs")) == NamedIndex(name="docs", version="2")
    code, _, err = command("index", "show", "docs", "--mlindex", "--version", "9")
    assert code == 2
    assert "no version or label '9'" in err


def test_the_tools_are_listed_and_a_flow_with_them_is_valid(tmp_path: Path) -> None:
    listed = package_tools().tools
    inputs = listed[LOOKUP]["inputs"]
    seen = {name: said["type"] for name, said in inputs.items() if said.get("input_type") != "uionly_hidden"}
    # As the package promptflow-vectordb 0.2.17 declares them.
    assert seen == {"mlindex_content": ["string"], "queries": ["object"], "top_k": ["int"], "query_type": ["string"]}
    assert inputs["top_k"]["default"] == 3
    flow = flow_of(tmp_path / "flow", LOOKUP, mlindex_content=AZURE, queries="${inputs.question}", query_type="Keyword", top_k=2)
    assert validate(flow)[1] == ()
