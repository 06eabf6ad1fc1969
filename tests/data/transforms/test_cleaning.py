"""The cleaning steps, row by row."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.data.transforms.cleaning.normalize import Normalize
from flowyard.data.transforms.cleaning.ports import Dropped, Misfit
from flowyard.data.transforms.cleaning.steps import row_step
from flowyard.data.transforms.errors import TransformError
from flowyard.wire.transforms import (
    DeduplicateStep,
    FilterLanguageStep,
    FilterLengthStep,
    MapColumnsStep,
    NormalizeStep,
    PythonStep,
    RedactStep,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  a \t b  ", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n b", "a\n\nb"),
        ("ﬁne ①", "fine 1"),
        ("e\u0301", "é"),
        ("a\u200b\x00b\ufeff", "ab"),
        ("a\u00a0b\u3000c", "a b c"),
    ],
)
def test_texts_are_written_one_way(before: str, after: str) -> None:
    assert row_step(NormalizeStep())({"q": before, "n": 1}) == {"q": after, "n": 1}


@given(st.text(), st.booleans())
def test_what_is_normalized_stays_as_it_is(text: str, lowercase: bool) -> None:
    step = Normalize(NormalizeStep(lowercase=lowercase))
    once = step.text(text)
    assert step.text(once) == once


def test_only_what_is_named_is_normalized_and_a_row_without_a_change_is_the_same_object() -> None:
    step = row_step(NormalizeStep(columns=("q",), form="none", whitespace=True, lowercase=True))
    assert step({"q": " Ä ", "r": " Ä "}) == {"q": "ä", "r": " Ä "}
    row = {"q": "ä", "r": "Ä"}
    assert step(row) is row
    assert unicodedata.is_normalized("NFD", Normalize(NormalizeStep(form="none")).text("e\u0301"))


@pytest.mark.parametrize(
    ("step", "text", "kept"),
    [
        (FilterLengthStep(column="q", min=2), "ab", True),
        (FilterLengthStep(column="q", min=3), "ab", False),
        (FilterLengthStep(column="q", max=2), "ab", True),
        (FilterLengthStep(column="q", max=1), "ab", False),
        (FilterLengthStep(column="q", min=2, unit="words"), "ab", False),
        (FilterLengthStep(column="q", min=2, unit="words"), "a b", True),
        (FilterLengthStep(column="q"), None, False),
        (FilterLengthStep(column="q", min=0), None, True),
    ],
)
def test_rows_are_kept_by_their_length(step: FilterLengthStep, text: str | None, kept: bool) -> None:
    made = row_step(step)({"q": text})
    assert isinstance(made, Dropped) != kept


def test_rows_are_kept_by_their_language() -> None:
    step = row_step(FilterLanguageStep(column="q", languages=("en", "fr"), confidence=0.3))
    kept = {
        "Where is my parcel? It should have been here yesterday.": None,
        "Bonjour, où est mon colis ? Il devait arriver hier.": None,
        "Wo ist mein Paket? Es sollte gestern schon da sein.": "language de",
        "12 345": "no letters",
    }
    for text, reason in kept.items():
        made = step({"q": text})
        assert (str(made) if isinstance(made, Dropped) else None) == reason
    sure = row_step(FilterLanguageStep(column="q", languages=("en",), confidence=1.0))
    assert sure({"q": "Where is it?"}) == "language en below the confidence 1"
    with pytest.raises(TransformError, match="'klingon' is no language"):
        row_step(FilterLanguageStep(column="q", languages=("klingon",)))


def test_rows_that_are_equal_are_kept_once() -> None:
    step = row_step(DeduplicateStep())
    rows: list[dict[str, Any]] = [{"a": 1, "b": "x"}, {"b": "x", "a": 1}, {"a": 1.5, "b": "x"}, {"a": "1", "b": "x"}, {"a": 1}]
    assert [isinstance(step(row), Dropped) for row in rows] == [False, True, False, False, False]
    by_column = row_step(DeduplicateStep(columns=("b",)))
    assert [isinstance(by_column(row), Dropped) for row in rows[:3]] == [False, True, True]
    with pytest.raises(Misfit):
        by_column({"a": 1})


def test_personal_data_gets_markers_in_texts_and_in_what_they_are_in() -> None:
    step = row_step(RedactStep(rules=("email", "secrets")))
    row: dict[str, Any] = {
        "q": "write to ann@example.com",
        "deep": [{"mail": "bob@example.com"}],
        "password": "hunter2-long",
        "n": 7,
        "x": None,
    }
    made = step(row)
    assert made == {"q": "write to [EMAIL]", "deep": [{"mail": "[EMAIL]"}], "password": "[SECRET]", "n": 7, "x": None}
    assert isinstance(made, dict)
    assert step(made) is made
    assert row_step(RedactStep(columns=("x",)))(row) is row


def test_columns_are_renamed_left_out_cast_and_added_in_this_order() -> None:
    step = MapColumnsStep(rename={"q": "question"}, drop=("gone", "never"), cast={"n": "integer", "s": "string"}, add={"source": "web"})
    made = row_step(step)({"q": "a", "gone": 1, "n": " 7 ", "s": {"a": 1}})
    assert made == {"question": "a", "n": 7, "s": '{"a":1}', "source": "web"}
    assert list(row_step(MapColumnsStep(keep=("b", "a")))({"a": 1, "b": 2, "c": 3})) == ["b", "a"]


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("integer", 2.0, 2), ("integer", None, None), ("number", "1.5", 1.5), ("number", 1, 1.0), ("boolean", "Yes", True),
        ("boolean", False, False), ("string", 1.5, "1.5"), ("string", "a", "a"),
    ],
)  # fmt: skip
def test_values_are_cast(kind: Any, value: Any, made: Any) -> None:
    found = row_step(MapColumnsStep(cast={"c": kind}))({"c": value})
    assert isinstance(found, dict)
    assert found["c"] == made
    assert type(found["c"]) is type(made)


@pytest.mark.parametrize(("kind", "value"), [("integer", "x"), ("integer", 1.5), ("number", "nan"), ("number", []), ("boolean", "maybe")])
def test_what_cannot_be_cast_says_so(kind: Any, value: Any) -> None:
    with pytest.raises(Misfit, match=f"is no {kind}") as caught:
        row_step(MapColumnsStep(cast={"c": kind}))({"c": value})
    assert caught.value.column == "c"


def test_two_columns_do_not_become_one() -> None:
    with pytest.raises(Misfit, match="two columns would be called 'b'"):
        row_step(MapColumnsStep(rename={"a": "b"}))({"a": 1, "b": 2})


def test_what_does_not_go_row_by_row_is_no_row_step() -> None:
    with pytest.raises(TypeError):
        row_step(PythonStep(function="a.py:b"))
