"""Model cards."""

from pathlib import Path

import msgspec
import pytest
import yaml

from flowyard.catalog import presenting
from flowyard.catalog.cards import Card, built_in_cards, read_card, schema_text
from flowyard.catalog.errors import CardInvalidError
from flowyard.catalog.facts import PricePlace
from flowyard.catalog.service import Catalog
from flowyard.catalog.sources import source_of
from flowyard.catalog.sources.ports import parse_address
from flowyard.foundation.codecs import plain

LOCAL = {"smollm2-135m", "bge-small-en-v1.5", "ms-marco-minilm-l-12-v2"}


def test_the_cards_that_come_with_the_product_are_whole() -> None:
    cards = built_in_cards()
    assert len(cards) >= 50
    assert {name for name, card in cards.items() if card.access == "local"} == LOCAL
    for name in LOCAL:
        card = cards[name]
        assert card.license in {"Apache-2.0", "MIT"}
        assert card.engine is not None
        assert card.engine.context <= (card.context_length or 0)
        for file in card.files:
            for text in file.sources:
                address = parse_address(text)
                assert source_of(address)
                assert address.sha256 in {None, file.sha256}


@pytest.mark.parametrize("card", built_in_cards().values(), ids=lambda card: card.name)
def test_a_card_says_what_people_choose_by(card: Card) -> None:
    assert card.collection != "Own models"
    assert card.references
    assert all(reference.startswith("https://") for reference in card.references)
    assert card.license != "unknown"
    assert (card.license_url or "").startswith("https://")
    assert card.license_kind != "unknown"
    assert card.languages
    assert card.context_length
    assert card.intended_use.strip()
    assert card.limits.strip()
    if card.access == "hub":
        assert card.hub is not None
        assert card.parameters
        assert card.architecture is not None
    if card.task == "embeddings":
        assert card.dimensions


def test_hosted_models_have_the_prices_of_the_list() -> None:
    hosted = [card for card in built_in_cards().values() if card.access == "connection"]
    assert {kind for card in hosted for kind in card.connection.types} == {"azure_open_ai", "open_ai", "serverless"}  # pyright: ignore[reportOptionalMemberAccess]
    for card in hosted:
        price = presenting.price(card)
        assert price is not None, card.name
        assert price.source.startswith("genai-prices")
    assert presenting.price(msgspec.structs.replace(hosted[0], price=PricePlace(provider="openai", model="no-such"))) is None


def test_what_is_not_known_stays_unknown() -> None:
    card = read_card("{name: x, display_name: X, publisher: p, task: completion, description: d, intended_use: i, limits: l, "
                     "hub: {repository: a/b}}", "x.yaml")  # fmt: skip
    model = Catalog(Path("/nowhere/models"), cards={"x": card}).get("x")
    assert (model.license, model.license_class, model.commercial_use) == ("unknown", "unknown", "unknown")
    assert (model.parameters, model.context_length, model.bytes_total, model.price, model.sizes) == (None, None, None, None, ())
    assert (model.tool_use, model.lifecycle, model.size_class, model.runs_here) == ("unknown", "unknown", "unknown", "unknown")


def test_the_schema_of_the_documentation_is_the_cards_own() -> None:
    written = (Path(__file__).parents[2] / "docs/model-card.schema.json").read_text("utf-8")
    assert written == schema_text(), "Run: python scripts/card_schema.py"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"licence": "MIT"}, "unknown field `licence`"),
        ({"parameters": "many"}, "Expected `int "),
        ({"name": "../x"}, "name is"),
        ({"files": [{"name": "a/b", "bytes": 1, "sha256": "0" * 64, "sources": ["file:///x"]}]}, "no plain name"),
        ({"files": [{"name": "a", "bytes": 1, "sha256": "0", "sources": ["file:///x"]}]}, "64 lower-case"),
        ({"files": [{"name": "a", "bytes": 1, "sha256": "0" * 64, "sources": list[str]()}]}, "has no sources"),
        ({"files": list[object]()}, "is not among the files"),
        ({"engine": None}, "no engine that runs them"),
        ({"engine": None, "files": list[object]()}, "says nowhere how the model is had"),
        ({"connection": {"types": ["open_ai"], "model": "m"}}, "beside engine or hub"),
        ({"hub": {"repository": "no-slash"}}, "no <organization>/<name>"),
        ({"parameters": 0}, "0 is no count"),
        ({"license_class": "free"}, "Invalid enum value 'free'"),
    ],
)
def test_a_card_that_is_wrong_says_what(change: dict[str, object], told: str) -> None:
    card = {**plain(built_in_cards()["smollm2-135m"]), **change}
    with pytest.raises(CardInvalidError, match=told) as caught:
        read_card(yaml.safe_dump(card), "x.yaml")
    assert "x.yaml" in str(caught.value)


def test_a_card_that_is_no_yaml_says_where() -> None:
    with pytest.raises(CardInvalidError, match=r"x\.yaml:2"):
        read_card("name: a\nfiles: [a: b: c", "x.yaml")


def test_a_card_with_aliases_is_refused() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
    with pytest.raises(CardInvalidError, match="aliases"):
        read_card(bomb, "x.yaml")
