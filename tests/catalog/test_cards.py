"""Model cards."""

import pytest
import yaml

from flowyard.catalog.cards import built_in_cards, read_card
from flowyard.catalog.errors import CardInvalidError
from flowyard.catalog.sources import source_of
from flowyard.catalog.sources.ports import parse_address
from flowyard.foundation.codecs import plain


def test_the_cards_that_come_with_the_product_are_whole() -> None:
    cards = built_in_cards()
    assert set(cards) == {"smollm2-135m", "bge-small-en-v1.5", "ms-marco-minilm-l-12-v2"}
    for card in cards.values():
        assert card.license in {"Apache-2.0", "MIT"}
        assert card.engine.context <= card.context_length
        for file in card.files:
            for text in file.sources:
                address = parse_address(text)
                assert source_of(address)
                assert address.sha256 in {None, file.sha256}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"licence": "MIT"}, "unknown field `licence`"),
        ({"parameters": "many"}, "Expected `int`"),
        ({"name": "../x"}, "name is"),
        ({"files": [{"name": "a/b", "bytes": 1, "sha256": "0" * 64, "sources": ["file:///x"]}]}, "no plain name"),
        ({"files": [{"name": "a", "bytes": 1, "sha256": "0", "sources": ["file:///x"]}]}, "64 lower-case"),
        ({"files": [{"name": "a", "bytes": 1, "sha256": "0" * 64, "sources": []}]}, "has no sources"),
        ({"files": []}, "is not among the files"),
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
