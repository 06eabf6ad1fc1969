"""Building indexes: what a version holds, what the next one takes over, and what is left when a build breaks off."""

from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.compute.errors import JobCanceledError
from flowyard.foundation.errors import RemoteError
from flowyard.rag.errors import IndexEmptyError
from flowyard.rag.tool.entities import entity_of
from flowyard.rag.tool.grounding import ground
from flowyard.wire.indexes import AccessRule, ChunkRecipe
from support.built_indexes import SIZE, IndexBuilder
from support.document_files import pdf


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path) -> IndexBuilder:
    return IndexBuilder(services, ws, tmp_path / "documents")


def found(ws: Workspace, question: str, **options: Any) -> list[str]:
    return [hit.chunk.document for hit in ws.indexes.search("docs", question, **options).hits]


def test_an_index_is_built_and_searched(build: IndexBuilder, ws: Workspace) -> None:
    build.put(cats="# Cats\n\nCats purr and sleep.", dogs="# Dogs\n\nDogs bark at the postman.")
    (build.folder / "broken.pdf").write_bytes(b"%PDF-1.4 no")
    (build.folder / ".hidden.md").write_text("never")
    made = build(description="pets")
    assert (made.version, made.documents, made.chunks, made.unread, made.changed, made.embedded) == ("1", 2, 2, 1, 3, 2)
    answer = ws.indexes.search("docs", "Which animals bark?", top_k=1)
    [hit] = answer.hits
    assert (answer.version, hit.chunk.document, hit.title, hit.chunk.headings) == ("1", "dogs.md", "Dogs", ("Dogs",))
    assert hit.words is not None
    assert hit.words.rank == 1
    [index] = ws.indexes.list()
    assert (index.name, index.dimensions, index.versions, index.latest.labels, index.description) == ("docs", SIZE, 1, ("latest",), "pets")
    unread = list(ws.indexes.documents("docs", unread=True))
    assert [(one.key, one.why, one.title) for one in unread] == [("broken.pdf", "damaged", "")]
    assert [one.key for one in ws.indexes.documents("docs")] == ["broken.pdf", "cats.md", "dogs.md"]
    assert [one.text for one in ws.indexes.chunks("docs", "cats.md")] == ["# Cats\n\nCats purr and sleep."]


def test_a_chunk_over_two_pages_says_what_of_it_stands_on_which(build: IndexBuilder, ws: Workspace) -> None:
    build.folder.mkdir(exist_ok=True)
    pdf(build.folder / "guide.pdf", [["The garage opens at seven", "and visitors park"], ["below the tower, where the lights are green."]])
    build()
    [chunk] = ws.indexes.chunks("docs", "guide.pdf")
    parts = {page.number: " ".join(chunk.text[page.start - chunk.start : page.end - chunk.start].split()) for page in chunk.pages}
    assert parts == {1: "The garage opens at seven and visitors park", 2: "below the tower, where the lights are green."}
    [hit] = ws.indexes.search("docs", "Where do visitors park?", top_k=1).hits
    assert hit.chunk.pages == chunk.pages
    for answer, page in (("The garage opens at seven.", 1), ("The lights below the tower are green.", 2)):
        [citation] = ground(answer, [entity_of(hit, "docs:1")])["citations"]
        assert (citation["page"], citation["chunk"]) == (page, chunk.id)
    both = ground("The lights below the tower are green. The garage opens at seven.", [entity_of(hit, "docs:1")])
    assert [sentence["pages"] for sentence in both["sentences"]] == [(2,), (1,)]
    assert [(citation["page"], citation["pages"]) for citation in both["citations"]] == [(2, [1, 2])]
    # What is not read again keeps its pages.
    build.put(cats="# Cats\n\nCats purr.")
    assert (build().version, ws.indexes.chunks("docs", "guide.pdf")[0].pages) == ("2", chunk.pages)


def test_only_what_changed_is_embedded(build: IndexBuilder, ws: Workspace) -> None:
    build.put(a="# A\n\nfirst text", b="# B\n\nsecond text", c="# C\n\nthird text")
    build()
    again = build()
    assert (again.made, again.version, again.embedded) == (False, "1", 0)
    build.model.texts.clear()
    build.put(b="# B\n\nsecond text, another one", d="# D\n\nfourth text")
    (build.folder / "c.md").unlink()
    made = build()
    assert (made.version, made.changed, made.removed, made.documents, made.embedded) == ("2", 2, 1, 3, 2)
    assert len(build.model.texts) == 2
    difference = ws.indexes.diff("docs", "1", "2")
    assert (difference.documents_added, difference.documents_removed, difference.documents_changed) == (("d.md",), ("c.md",), ("b.md",))
    assert "c.md" not in found(ws, "third text")
    assert "c.md" in found(ws, "third text", version="1")


def test_without_a_source_the_newest_version_of_the_data_asset_is_built_of(build: IndexBuilder, ws: Workspace) -> None:
    build.put(a="# A\n\nfirst text")
    build()
    build.put(b="# B\n\nsecond text")
    newer = ws.data.create("docs-documents", build.folder).reference
    assert build(source=None).made
    version = ws.indexes.versions("docs")[0]
    assert (version.version, version.source, version.documents) == ("2", newer, 2)


def test_another_way_of_cutting_makes_a_version_and_keeps_what_stays_equal(build: IndexBuilder) -> None:
    build.put(a="# A\n\nshort", b="# B\n\n" + " ".join(f"word{index}." for index in range(200)))
    first = build()
    made = build(chunks=ChunkRecipe(max_tokens=64, overlap_tokens=0))
    assert (made.version, made.changed) == ("2", 2)
    assert made.chunks > first.chunks
    assert made.embedded == made.chunks - 1  # the short one was there


def test_rolling_back_is_a_label(build: IndexBuilder, ws: Workspace) -> None:
    build.put(a="# A\n\nold words")
    build()
    build.put(a="# A\n\nnew words")
    build()
    assert ws.indexes.search("docs", "words").hits[0].chunk.text == "# A\n\nnew words"
    versions = ws.indexes.label("docs", "latest", "1")
    assert [(one.version, one.labels) for one in versions] == [("2", ()), ("1", ("latest",))]
    assert ws.indexes.search("docs", "words").hits[0].chunk.text == "# A\n\nold words"


def test_a_build_that_breaks_off_leaves_nothing_to_be_seen(build: IndexBuilder, ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowyard.rag.building.plan._FILES", 1)
    build.put(a="# A\n\nfirst text")
    build()
    build.put(a="# A\n\nchanged text", b="# B\n\nsecond text", c="# C\n\nthird text")
    build.model.fails_at = len(build.model.texts) + 1
    with pytest.raises(JobCanceledError):
        build()
    assert [one.version for one in ws.indexes.versions("docs")] == ["1"]
    assert ws.indexes.search("docs", "text").hits[0].chunk.text == "# A\n\nfirst text"
    build.model.fails_at = None
    (build.folder / "b.md").unlink()
    made = build()
    assert (made.version, made.documents, made.chunks) == ("2", 2, 2)
    assert sorted(found(ws, "text")) == ["a.md", "c.md"]


def test_access_tags_hide_documents_from_whoever_lacks_them(build: IndexBuilder, ws: Workspace) -> None:
    (build.folder / "hr").mkdir()
    (build.folder / "hr" / "pay.md").write_text("# Pay\n\nsalaries of everybody")
    build.put(open="# Open\n\nsalaries are secret")
    build(access=[AccessRule(under="hr/", tags=("hr",))])
    assert sorted(found(ws, "salaries")) == ["hr/pay.md", "open.md"]
    assert found(ws, "salaries", tags=[]) == ["open.md"]
    assert sorted(found(ws, "salaries", tags=["hr"])) == ["hr/pay.md", "open.md"]
    opened = build(access=[])
    assert (opened.version, opened.embedded) == ("2", 0)
    assert sorted(found(ws, "salaries", tags=[])) == ["hr/pay.md", "open.md"]


def test_a_reader_finds_what_has_no_tag(build: IndexBuilder, ws: Workspace, server: Any) -> None:
    (build.folder / "hr").mkdir()
    (build.folder / "hr" / "pay.md").write_text("# Pay\n\nsalaries of everybody")
    build.put(open="# Open\n\nsalaries are secret")
    build(access=[AccessRule(under="hr/", tags=("hr",))])
    key = ws.keys.create("reader", role="reader")
    reader = Workspace(url=server.url, api_key=key.secret, workspace="default")
    assert found(reader, "salaries") == ["open.md"]
    assert found(reader, "salaries", tags=["hr"]) == ["open.md"]
    assert [one.key for one in reader.indexes.documents("docs")] == ["open.md"]
    assert reader.indexes.chunks("docs", "hr/pay.md") == ()


def test_what_is_refused(build: IndexBuilder, ws: Workspace) -> None:
    build.put(a="# A\n\ntext")
    build()
    build.model.longest = 510
    for arguments, code in (
        ({"embedding_model": "ms-marco-minilm-l-12-v2"}, "EmbeddingMismatch"),
        ({"chunks": ChunkRecipe(max_tokens=5)}, "InvalidInput"),
        ({"chunks": ChunkRecipe(max_tokens=512)}, "InvalidInput"),
        ({"access": [AccessRule(under="", tags=())]}, "InvalidInput"),
    ):
        with pytest.raises(RemoteError) as refused:
            build(**arguments)
        assert refused.value.remote.code == code
    with pytest.raises(RemoteError, match="'new' is no name"):
        ws.indexes.build("new", build.folder)
    with pytest.raises(RemoteError, match="docs"):
        ws.indexes.search("dics", "text")
    with pytest.raises(RemoteError, match="no version"):
        ws.indexes.search("docs", "text", version="7")
    with pytest.raises(RemoteError, match="empty"):
        ws.indexes.search("docs", " ")
    waiting = ws.indexes.build("docs", build.folder)
    with pytest.raises(RemoteError) as busy:
        ws.indexes.build("docs", build.folder)
    assert busy.value.remote.code == "IndexBusy"
    with pytest.raises(RemoteError, match=waiting.id):
        ws.indexes.delete("docs")


def test_nothing_is_published_of_files_that_cannot_be_read(build: IndexBuilder, ws: Workspace) -> None:
    (build.folder / "broken.pdf").write_bytes(b"%PDF-1.4 no")
    with pytest.raises(IndexEmptyError):
        build()
    assert ws.indexes.list() == ()
    build.put(a="# A\n\ntext")
    assert build().version == "1"


def test_documents_are_not_sent_for_a_model_that_is_not_there(build: IndexBuilder, ws: Workspace) -> None:
    for model, code in (("bge-smal", "ModelNotFound"), ("nowhere/embeds", "ConnectionNotFound")):
        with pytest.raises(RemoteError) as error:
            ws.indexes.build("new", build.folder, embedding_model=model)
        assert error.value.remote.code == code
    assert "new-documents" not in {asset.name for asset in ws.data.list()}


def test_a_deleted_index_is_gone(build: IndexBuilder, ws: Workspace) -> None:
    build.put(a="# A\n\ntext")
    build()
    ws.indexes.delete("docs")
    assert ws.indexes.list() == ()
    with pytest.raises(RemoteError, match="no index"):
        ws.indexes.get("docs")
    assert build().version == "1"


def test_lineage_and_audit_tell_of_it(build: IndexBuilder, ws: Workspace) -> None:
    build.put(a="# A\n\ntext")
    build()
    graph = ws.lineage.graph("index/docs/1", direction="up")
    assert {node.id for node in graph.nodes} >= {"index/docs/1", "data/docs-documents/1", "model/bge-small-en-v1.5"}


def test_by_command_line(build: IndexBuilder, ws: Workspace, command: Any) -> None:
    del ws
    build.put(cats="# Cats\n\nCats purr.", dogs="# Dogs\n\nDogs bark.")
    build()
    code, out, _ = command("index", "query", "docs", "Who barks?", "--top-k", "1", "--kind", "text")
    assert (code, out.startswith("Nothing was found") or "dogs.md" in out) == (0, True)
    assert "dogs.md | Dogs" in command("index", "query", "docs", "dogs bark")[1]
    assert "docs-documents:1" in command("index", "show", "docs")[1]
    assert "cats.md" in command("index", "documents", "docs")[1]
    assert command("index", "label", "docs", "1", "--label", "production")[1] == "production is version 1 of docs.\n"
    assert command("index", "query", "docs", "x", "--kind", "magic")[0] == 2
    assert command("index", "delete", "docs")[1] == "docs is deleted.\n"
    assert "No index yet" in command("index", "list")[2]
