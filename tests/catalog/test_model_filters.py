"""Search and filters over the catalog, and folders and repositories of cards beside the product's own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from flowyard.catalog.cards import Card, read_card
from flowyard.catalog.errors import CatalogUnavailableError
from flowyard.catalog.filters import query_of, select
from flowyard.catalog.ports import Fit
from flowyard.catalog.service import Catalog
from flowyard.catalog.shelf import CardShelf, bring, catalog_folders
from flowyard.cli.entry import main
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError


def _card(name: str = "own", **fields: object) -> str:
    card = {
        "name": name, "display_name": name.upper(), "publisher": "us", "task": "chat-completion", "description": "Für Verträge.",
        "intended_use": "i", "limits": "l", "hub": {"repository": "a/b"}, **fields,
    }  # fmt: skip
    return yaml.safe_dump(card, allow_unicode=True)


def _catalog(*cards: str) -> Catalog:
    read = [read_card(text, "x.yaml") for text in cards]
    return Catalog(Path("/nowhere/models"), cards={card.name: card for card in read}, fits=_small_only)


def _small_only(card: Card) -> Fit:
    return Fit(runs="yes" if (card.parameters or 10**12) < 10**9 else "no")


def test_filters_and_what_each_further_one_would_leave() -> None:
    models = _catalog(
        _card("a", license="MIT", parameters=5 * 10**8, languages=["de", "en"], tool_use="yes"),
        _card("b", license="Apache-2.0", parameters=7 * 10**9, languages=["en"]),
        _card("c", license="Gemma Terms of Use", license_class="conditional", task="embeddings", parameters=3 * 10**8),
    ).list()
    page = select(models, query_of(None, {"task": ["chat"], "license": ["permissive"]}))
    assert [model.name for model in page.items] == ["a", "b"]
    facets = {name: {facet.value: facet.count for facet in found} for name, found in page.facets.items()}
    assert facets["task"] == {"chat-completion": 2}
    assert facets["license"] == {"permissive": 2}
    assert facets["size"] == {"up-to-1b": 1, "4b-15b": 1}
    assert facets["runs_here"] == {"yes": 1, "no": 1}
    assert facets["language"] == {"en": 2, "de": 1}
    assert [model.name for model in select(models, query_of("VERTRÄGE", {"language": ["DE"]})).items] == ["a"]
    assert [model.name for model in select(models, query_of("", {"runs_here": ["true"]})).items] == ["a", "c"]
    assert [model.name for model in select(models, query_of("", {"size": ["4b-15b", "up-to-1b"], "tool_use": ["yes"]})).items] == ["a"]
    assert select(models, query_of("nothing like it", {})).total == 0
    with pytest.raises(InvalidInputError, match="Did you mean 'license'"):
        query_of("", {"licence": ["MIT"]})


def test_cards_of_a_folder_are_read_again_when_they_change(tmp_path: Path) -> None:
    shelf = CardShelf([tmp_path], built_in={})
    assert dict(shelf.cards()) == {}
    file = tmp_path / "own.yaml"
    file.write_text(_card())
    assert set(shelf.cards()) == {"own"}
    file.write_text(_card("other-name"))
    assert set(shelf.cards()) == {"other-name"}
    (tmp_path / "bad.yaml").write_text("name: [")
    (tmp_path / "huge.yaml").write_text("#" * 300_000)
    (tmp_path / "link.yaml").symlink_to("/etc/hostname")
    assert set(shelf.cards()) == {"other-name"}
    assert [Path(problem.split(":")[0].split(" ")[0]).name for problem in shelf.problems()] == ["bad.yaml", "huge.yaml"]
    file.unlink()
    assert dict(shelf.cards()) == {}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_cards_of_a_repository(tmp_path: Path) -> None:
    origin, home = tmp_path / "origin", tmp_path / "home"
    (origin / "cards").mkdir(parents=True)
    (origin / "cards/own.yaml").write_text(_card())
    (origin / "cards/link.yaml").symlink_to("/etc/hostname")
    who = ["-c", "user.name=x", "-c", "user.email=x@x"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*who, "commit", "-qm", "cards"]):
        subprocess.run(["git", *words], cwd=origin, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})
    url = f"{origin.as_uri()}#main"
    assert set(CardShelf(catalog_folders(home, [url]), built_in={}).cards()) == set()
    folder = bring(home, url)
    assert not (folder / ".git").exists()
    assert set(CardShelf(catalog_folders(home, [url]), built_in={}).cards()) == {"own"}
    with pytest.raises(CatalogUnavailableError) as caught:
        bring(home, "https://user:secret@127.0.0.1:9/x.git")
    assert "secret" not in str(caught.value)
    assert set(CardShelf(catalog_folders(home, [url]), built_in={}).cards()) == {"own"}


def test_the_command_filters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOWYARD_HOME", str(tmp_path))
    monkeypatch.delenv("FLOWYARD_URL", raising=False)
    with pytest.raises(SystemExit):
        main(["model", "list", "qwen3", "--task", "chat", "--license", "permissive", "--where", "tool-use=yes", "--json"])
    found = from_json(capsys.readouterr().out)
    assert {model["name"] for model in found} == {"qwen3-4b", "qwen3-8b", "qwen3-30b-a3b"}
    with pytest.raises(SystemExit):
        main(["model", "list", "--facets", "--json"])
    assert {facet["value"] for facet in from_json(capsys.readouterr().out)["access"]} == {"local", "hub", "connection"}
    with pytest.raises(SystemExit) as ended:
        main(["model", "list", "--where", "licence=MIT"])
    assert ended.value.code == 2
    assert "Did you mean 'license'" in capsys.readouterr().err
