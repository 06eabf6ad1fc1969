"""Indexes of what is gathered from elsewhere: a web site, a Git repository, a query; built again, only what changed is read."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.data.datastores.model import Bounds
from flowyard.foundation.errors import FlowyardError, RemoteError
from flowyard.wire.datastores import DatastoreWrite
from flowyard.wire.index_origins import GitOrigin, SqlOrigin, WebOrigin
from flowyard.wire.indexes import ChunkRecipe
from support.built_indexes import IndexBuilder
from support.commands import Command
from support.git_folders import git
from support.web_site import WebSite, web_site


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexBuilder:
    bounds = Bounds(roots=(tmp_path / "roots",), hosts=frozenset({"127.0.0.1"}), home=services.settings.home)
    monkeypatch.setattr(services.datastores, "_bounds", bounds)
    monkeypatch.setattr("flowyard.rag.sources.web._PAUSE_S", 0.0)
    (tmp_path / "roots").mkdir()
    return IndexBuilder(services, ws, tmp_path / "documents")


@pytest.fixture
def site() -> Iterator[WebSite]:
    with web_site() as found:
        yield found


def test_a_web_site_is_built_and_only_pages_that_changed_again(build: IndexBuilder, ws: Workspace, site: WebSite) -> None:
    site.pages = {
        "/": '<title>Home</title><p>Welcome to the zoo</p><a href="cats">c</a><a href="dogs">d</a><a href="gone">g</a>',
        "/cats": "<h1>Cats</h1><p>Cats purr and sleep.</p>",
        "/dogs": "<h1>Dogs</h1><p>Dogs bark at the postman.</p>",
    }
    first = build(source=WebOrigin(url=site.url))
    assert (first.documents, first.unread, first.embedded) == (3, 1, 3)
    [hit] = ws.indexes.search("docs", "Which animals bark?", top_k=1).hits
    assert (hit.chunk.document, hit.chunk.metadata) == ("dogs.html", {"url": f"{site.url}/dogs"})
    [unread] = ws.indexes.documents("docs", unread=True)
    assert (unread.key, unread.why, unread.message) == (f"{site.url}/gone", "unreachable", "The server answers with HTTP 404.")
    assert not build(source=None).made
    site.pages["/cats"] = "<h1>Cats</h1><p>Cats hunt at night.</p>"
    again = build(source=None)
    assert (again.version, again.changed, again.embedded, again.documents) == ("2", 1, 1, 3)
    [version, _] = ws.indexes.versions("docs")
    assert (version.source, version.origin) == ("azureml:docs-documents:2", ws.indexes.versions("docs")[1].origin)
    edges = ws.lineage.graph("index/docs/2", direction="up").edges
    assert {edge.activity for edge in edges} == {"index", "import"}


def test_a_git_repository_is_built_at_a_ref(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "roots" / "papers"
    (folder / "docs").mkdir(parents=True)
    git(folder, "init", "--quiet")
    (folder / "README.md").write_text("# Read me\n\nnot below docs")
    (folder / "docs" / "a.md").write_text("# A\n\nfirst text")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    git(folder, "tag", "v1")
    origin = GitOrigin(url=f"file://{folder}", path="docs")
    assert build(source=origin).documents == 1
    assert not build(source=origin).made
    (folder / "docs" / "b.md").write_text("# B\n\nsecond text")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "two")
    again = build(source=None)
    assert (again.version, again.changed, again.embedded) == ("2", 1, 1)
    asset = ws.data.get("docs-documents", "2")
    assert (asset.origin["kind"], asset.origin["stamp"]) == ("git", git(folder, "rev-parse", "HEAD"))
    assert build(source=GitOrigin(url=f"file://{folder}", ref="v1", path="docs")).documents == 1
    whole = build(source=GitOrigin(url=f"file://{folder}", ref="v1"))  # the same commit, and more of it
    assert whole.documents == 2
    with pytest.raises(FlowyardError, match="no files below 'papers'"):
        build("other", source=GitOrigin(url=f"file://{folder}", path="papers"))


def test_rows_of_a_query_are_documents(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "roots" / "shop.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE articles (id TEXT, name TEXT, text TEXT, notes TEXT, price REAL, sold INTEGER)")
        database.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)",
            [("a/1", "Lamp", "A lamp that shines.", "fragile", 9.5, 3), ("b", "Chair", "A chair to sit on.", None, 40.0, 0)],
        )
    ws.datastores.create(DatastoreWrite(name="shop", type="sqlite", configs={"path": str(path)}))
    origin = SqlOrigin(datastore="shop", query="SELECT * FROM articles", key="id", text=("text", "notes"), title="name")
    made = build(source=origin)
    assert (made.documents, made.unread) == (2, 0)
    [hit] = ws.indexes.search("docs", "What shines?", top_k=1).hits
    assert (hit.chunk.document, hit.title) == ("a%2F1.md", "Lamp")
    assert hit.chunk.metadata == {"id": "a/1", "price": 9.5, "sold": 3}
    assert hit.chunk.text == "# Lamp\n\n## text\n\nA lamp that shines.\n\n## notes\n\nfragile"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE articles SET sold = 1 WHERE id = 'b'")
    again = build(source=None)
    assert (again.version, again.changed, again.embedded) == ("2", 1, 0)  # its text did not change
    for wrong, message in (
        (SqlOrigin(datastore="shop", query="SELECT * FROM articles", key="nr", text=("text",)), "no column 'nr'"),
        (SqlOrigin(datastore="shop", query="SELECT 1 AS id, 'x' AS text FROM articles", key="id", text=("text",)), "Two rows have the key"),
        (SqlOrigin(datastore="shop", query="SELECT * FROM articles WHERE 1 = 0", key="id", text=("text",)), "no rows"),
        (SqlOrigin(datastore="shop", query="DELETE FROM articles", key="id", text=("text",)), "rows"),
    ):
        with pytest.raises(FlowyardError, match=message):
            build("other", source=wrong)


def test_what_is_refused_when_it_is_asked_for(build: IndexBuilder, ws: Workspace) -> None:
    for source, code in (
        (WebOrigin(url="http://10.0.0.1/"), "DatastoreInvalid"),
        (WebOrigin(url="gopher://example"), "InvalidInput"),
        (GitOrigin(url="file:///etc"), "DatastoreInvalid"),
        (SqlOrigin(datastore="none", query="SELECT 1", key="id", text=("x",)), "DatastoreNotFound"),
        (SqlOrigin(datastore="none", query="SELECT 1", key="id", text=()), "InvalidInput"),
        (None, "InvalidInput"),
    ):
        with pytest.raises(RemoteError) as refused:
            ws.indexes.build("docs", source)
        assert refused.value.remote.code == code


def test_samples_of_each_step_are_there_for_whoever_may_write(build: IndexBuilder, ws: Workspace, server: Any) -> None:
    build.put(cats="# Cats\n\nCats purr and sleep.", long="# Long\n\n" + "Many words stand here. " * 400)
    (build.folder / "broken.pdf").write_bytes(b"%PDF-1.4 no")
    build()
    job = ws.indexes.versions("docs")[0].job
    found = ws.indexes.build_samples("docs", job)
    assert [file.key for file in found.files] == ["broken.pdf", "cats.md", "long.md"]
    assert (found.changed, found.kept, found.source) == (3, 0, "azureml:docs-documents:1")
    assert [(page.document, page.cut) for page in found.pages] == [("cats.md", False), ("long.md", True)]
    assert [one.why for one in found.unread] == ["damaged"]
    first = found.chunks[0]
    assert (first.document, first.dimensions, len(first.vector), first.reused) == ("cats.md", 16, 8, False)
    assert [chunk.document for chunk in found.chunks] == ["cats.md"] + ["long.md"] * 5
    every = [chunk.id for chunk in ws.indexes.chunks("docs", "long.md")]
    assert every.index(found.chunks[-1].id) >= len(every) // 2
    build.put(ants="# Ants\n\nAnts carry.", cats="# Cats\n\nCats hunt. " + "They hunt. " * 100)
    build(access=[])
    second = ws.indexes.build_samples("docs", ws.indexes.versions("docs")[0].job)
    assert (second.changed, second.kept) == (2, 2)
    assert not any(chunk.reused for chunk in second.chunks)
    build(chunks=ChunkRecipe(overlap_tokens=16))
    third = ws.indexes.build_samples("docs", ws.indexes.versions("docs")[0].job)
    assert {chunk.reused for chunk in third.chunks} == {True, False}
    assert all(len(chunk.vector) == 8 for chunk in third.chunks)
    key = ws.keys.create("reader", role="reader")
    reader = Workspace(url=server.url, api_key=key.secret, workspace="default")
    with pytest.raises(RemoteError) as refused:
        reader.indexes.build_samples("docs", job)
    assert refused.value.remote.status == 403
    for name, wrong, code in (("docs", "nothing", "JobNotFound"), ("others", job, "IndexBuildNotFound")):
        with pytest.raises(RemoteError) as refused:
            ws.indexes.build_samples(name, wrong)
        assert refused.value.remote.code == code


def test_by_command_line(build: IndexBuilder, ws: Workspace, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    del build
    asked: list[Any] = []

    def note(body: Any) -> None:
        asked.append(body.origin)
        raise FlowyardError("enough")

    monkeypatch.setattr(ws.indexes._transport.__class__, "post", lambda self, path, kind, body=None, headers=None: note(body))
    command("index", "create", "x", "--web", "https://example.com/docs/", "--depth", "2")
    command("index", "create", "x", "--git", "git+https://example.com/a/b.git@v1#docs")
    command("index", "create", "x", "--git", "https://example.com/a/b.git")
    command("index", "create", "x", "--sql", "SELECT 1", "--datastore", "shop", "--text", "a", "--text", "b")
    command("index", "create", "x")
    web, pinned, plain, sql, nothing = asked
    assert (web.web, nothing) == (WebOrigin(url="https://example.com/docs/", depth=2), None)
    assert pinned.git == GitOrigin(url="https://example.com/a/b.git", ref="v1", path="docs")
    assert plain.git == GitOrigin(url="https://example.com/a/b.git")
    assert sql.sql == SqlOrigin(datastore="shop", query="SELECT 1", key="id", text=("a", "b"))
    assert command("index", "create", "x", "--web", "https://example.com", "--data", ".")[0] == 2
    assert command("index", "create", "x", "--sql", "SELECT 1")[0] == 2
