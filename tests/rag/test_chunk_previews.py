"""Ways of cutting shown on a document before a build: what a build would make, of what the caller sees, and nothing else of the server."""

from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.foundation.errors import RemoteError
from flowyard.wire.identity import ApiKeyCreate
from flowyard.wire.indexes import AccessRule, ChunkRecipe
from support.built_indexes import IndexBuilder

SMALL = ChunkRecipe(max_tokens=64, overlap_tokens=8)
WINDOWS = ChunkRecipe(strategy="tokens", max_tokens=32, overlap_tokens=0)
LONG = "# Cats\n\n" + "\n\n".join(f"## Part {n}\n\nCats purr, and sleep {n} hours of a day, wherever it is warm." for n in range(300))


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path) -> IndexBuilder:
    made = IndexBuilder(services, ws, tmp_path / "documents")
    services.indexes.previews._models = made.model
    made.put(cats=LONG, dogs="# Dogs\n\nDogs bark at the postman.")
    return made


def test_each_way_shows_the_chunks_that_a_build_makes(build: IndexBuilder, ws: Workspace) -> None:
    build(chunks=SMALL)
    built = ws.indexes.chunks("docs", "cats.md")
    found = ws.indexes.preview("cats.md", [SMALL, WINDOWS], index="docs", page=2)
    small, windows = found.ways
    assert (small.count, small.tokens) == (len(built), sum(chunk.tokens for chunk in built))
    assert sum(small.histogram) == small.count
    assert list(small.chunks) == [chunk for chunk in built if chunk.start < found.end and chunk.end > found.start]
    assert (found.page, found.start, found.end, found.pages[:2]) == (2, 6000, 12000, (1, 2))
    assert not found.exact, "the test's tokenizer estimates"
    assert windows.tokens == small.tokens, "no section is cut, so none overlaps"
    assert all(chunk.tokens <= 32 for chunk in windows.chunks)
    assert windows.chunks[0].start <= 6000 < windows.chunks[0].end
    assert len({chunk.id for chunk in windows.chunks}) == len(windows.chunks)


def test_a_file_of_this_machine_is_sent_alone_and_an_asset_is_looked_into(build: IndexBuilder, ws: Workspace) -> None:
    sent = ws.indexes.preview("dogs.md", [SMALL], data=build.folder)
    assert (sent.title, sent.ways[0].count, sent.pages) == ("Dogs", 1, (1,))
    (build.folder / "sub").mkdir()
    (build.folder / "sub" / "cows.md").write_text("# Cows\n\nCows give milk.")
    asset = ws.data.create("animals", build.folder)
    assert ws.indexes.preview("sub/cows.md", [SMALL], data=asset.reference).title == "Cows"
    assert ws.indexes.preview("sub/cows.md", [SMALL], data=build.folder).document == "cows.md"
    listed = ws.transport.get("indexes/previews/documents", tuple[str, ...], params={"data": asset.reference, "like": "COW"})
    assert listed == ("sub/cows.md",)


@pytest.mark.parametrize("key", ["../animals", "sub/../dogs.md", "/etc/passwd", ".hidden", "sub", "", "dogs.md/", "no.md", "a\0b"])
def test_only_what_a_build_would_read_is_shown(build: IndexBuilder, ws: Workspace, key: str) -> None:
    (build.folder / "sub").mkdir()
    (build.folder / ".hidden").write_text("secret")
    (build.folder / "sub" / "cows.md").write_text("# Cows")
    asset = ws.data.create("animals", build.folder)
    with pytest.raises(RemoteError) as refused:
        ws.indexes.preview(key, [SMALL], data=asset.reference)
    assert refused.value.remote.code == "DocumentNotFound"


def test_of_a_version_only_documents_that_the_caller_sees_are_shown(build: IndexBuilder, services: Any, ws: Workspace) -> None:
    build(chunks=SMALL, access=(AccessRule(under="cats", tags=("vets",)),))
    assert ws.indexes.preview("cats.md", [SMALL], index="docs").title == "Cats", "an owner sees everything"
    owner = services.sign_in.by_key(services.identity.bootstrap().api_key).enter()
    key = services.keys.create(owner, ApiKeyCreate(name="ci", role="contributor")).secret
    other = Workspace(url=ws.transport.url, api_key=key, workspace="default")
    assert other.indexes.preview("dogs.md", [SMALL], index="docs").title == "Dogs"
    with pytest.raises(RemoteError) as hidden:
        other.indexes.preview("cats.md", [SMALL], index="docs")
    with pytest.raises(RemoteError) as nowhere:
        other.indexes.preview("none.md", [SMALL], index="docs")
    assert hidden.value.message.replace("cats.md", "none.md") == nowhere.value.message
    assert hidden.value.remote.code == nowhere.value.remote.code == "DocumentNotFound"


def test_what_cannot_be_shown_says_why(build: IndexBuilder, ws: Workspace) -> None:
    (build.folder / "broken.pdf").write_bytes(b"%PDF-1.4\nnothing of it")
    (build.folder / "empty.md").write_text("\n")
    (build.folder / "long.txt").write_text("word " * 200_001)
    asset = ws.data.create("animals", build.folder).reference
    with pytest.raises(RemoteError, match="a build takes longer for each, and reads larger ones"):
        ws.indexes.preview("long.txt", [SMALL], data=asset)
    refused: list[tuple[str, str]] = []
    cases: tuple[dict[str, Any], ...] = (
        {"document": "broken.pdf"},
        {"document": "empty.md"},
        {"ways": []},
        {"ways": [SMALL] * 5},
        {"ways": [ChunkRecipe(max_tokens=64, overlap_tokens=60)]},
        {"ways": [ChunkRecipe(max_tokens=100_000)]},
        {"page": 9},
        {"index": "docs"},
        {"data": None},
    )
    for asked in cases:
        whole: dict[str, Any] = {"document": "dogs.md", "ways": [SMALL], "data": asset, **asked}
        with pytest.raises(RemoteError) as error:
            ws.indexes.preview(**whole)
        refused.append((error.value.remote.code, error.value.message))
    assert [code for code, _ in refused] == ["DocumentUnreadable"] * 2 + ["InvalidInput"] * 7
    assert refused[1][1] == "The file holds no text."
    assert refused[6][1] == "The document has no page 9."
