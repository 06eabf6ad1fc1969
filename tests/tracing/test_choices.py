import pytest

from flowyard.tracing.search.choices import choices_of, chosen_field
from flowyard.tracing.search.model import All, Search, Term
from flowyard.tracing.search.parse import parse_search


def read(text: str) -> Search:
    found = parse_search(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("model:a", "model"),
        ("model:a OR model:b*", "model"),
        ("score.f1>=0.2 score.f1<0.4 OR score.f1>=0.8", "score.f1"),
        ("model:a OR user:b", None),
        ("model!=a", None),
        ("-model:a", None),
        ("model:a OR -model:b", None),
        ("model:a OR words", None),
    ],
)
def test_a_search_chooses_of_a_field_where_all_of_it_is_about_that_one_and_nothing_is_left_out(text: str, field: str | None) -> None:
    assert chosen_field(read(text)) == field


def test_choices_stand_apart_by_their_field() -> None:
    search = read("(model:a OR model:b) model:c -model:d user:u late duration>2s")
    assert isinstance(search, All)
    found = choices_of(search.of, ("model", "duration.none"))
    assert list(found.values()) == [("model", "a"), ("model", "b"), ("model", "c")]
    assert len(found.common) == 4
    assert Term("user", "=", "u") in found.common
