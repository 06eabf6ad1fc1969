"""Numbers, amounts and dates of a sentence have to stand in what supports it, in whatever writing, and be of the same thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.numbered_claims import CLAIMS

from flowyard.evaluation.text.claims import sentences_of
from flowyard.evaluation.text.numbers import facts_of, in_digits
from flowyard.evaluation.text.support import SUPPORTED_FROM, coverage, said, source_of

NOUNS = ("garage", "canteen", "library", "workshop", "nursery", "laundry")
UNITS = ("euros", "minutes", "tokens", "people", "GiB", "%")
VERBS = ("takes", "allows", "costs")


def supports(passage: str, sentence: str) -> bool:
    return coverage(said(sentence), source_of(sentences_of(passage))) >= SUPPORTED_FROM


def values(text: str) -> list[str]:
    return [fact.value for fact in facts_of(in_digits(text))]


def test_of_sixty_sentences_from_the_documentation_those_with_another_number_are_told_apart() -> None:
    right = [supports(passage, sentence) for passage, sentence, _ in CLAIMS]
    altered = [supports(passage, sentence) for passage, _, sentence in CLAIMS]
    assert len(CLAIMS) == 30
    assert all(right)
    assert sum(altered) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It keeps 1,000 rows of data.", "It keeps 1000 rows of data."),
        ("It keeps 1\u202f000 rows of data.", "It keeps a thousand rows of data."),
        ("It keeps 1.5 million rows of data.", "It keeps 1,500,000 rows of data."),
        ("It keeps two hundred thousand rows of data.", "It keeps 200,000 rows of data."),
        ("It keeps twenty-eight rows of data.", "It keeps 28 rows of data."),
        ("It keeps 28 % of the data.", "It keeps 28 per cent of the data."),
        ("It keeps 28% of the data.", "Of the data it keeps a share of 0.28."),
        ("It keeps data for an hour.", "It keeps data for 1 hour."),
        ("It keeps data worth 26.40 euros.", "It keeps data worth \u20ac26.4."),
        ("It keeps data worth 26 \u20ac.", "It keeps data worth 26 EUR."),
        ("It keeps data since 2026-11-28.", "It keeps data since November 28, 2026."),
        ("It keeps data from 7:00 on.", "It keeps data from seven on."),
        ("It keeps data for 30s.", "It keeps data for 30 seconds."),
    ],
)
def test_two_writings_of_a_number_are_the_same(one: str, other: str) -> None:
    assert supports(one, other)
    assert supports(other, one)


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [
        ("The stay costs 28 euros a night.", "The stay costs 28 dollars a night."),
        ("The garage is closed on Mondays.", "The garage is closed on Tuesdays."),
        ("The rule holds since 5 May 2024.", "The rule holds since 5 June 2024."),
        ("The garage opens at 7:30 on weekdays.", "The garage opens at 7:45 on weekdays."),
        ("A night in a hotel is paid up to 210 euros, and breakfast up to 28.", "A night in a hotel is paid up to 28 euros."),
        ("The model smollm2-135m answers in the studio.", "The model with 135 layers answers in the studio."),
    ],
)
def test_another_number_unit_or_date_is_not_supported(passage: str, sentence: str) -> None:
    assert not supports(passage, sentence)


def test_what_is_no_number_of_its_own_is_left_alone() -> None:
    assert values("smollm2-135m, v1.5, handbook:3, nDCG@10 and 10.0.0.1 are names") == []
    assert values("3-5 days, a 30-day limit, on the 28th, 7:30 and 1,024 MiB") == ["3", "5", "30", "28", "7:30", "1024"]


@st.composite
def told(draw: st.DrawFn) -> list[tuple[str, str, int, str]]:
    nouns = draw(st.lists(st.sampled_from(NOUNS), min_size=1, max_size=4, unique=True))
    return [(noun, draw(st.sampled_from(VERBS)), draw(st.integers(2, 99_999)), draw(st.sampled_from(UNITS))) for noun in nouns]


def written(number: int, way: int) -> str:
    return (str(number), f"{number:,}", f"{number}.0")[way]


@given(told(), st.sampled_from([0, 1]), st.sampled_from([0, 1]), st.sampled_from([". ", "; ", ", and ", "\n\n"]))
def test_each_statement_of_a_text_is_supported_by_it_however_its_number_is_written(
    facts: list[tuple[str, str, int, str]], ours: int, theirs: int, between: str
) -> None:
    text = between.join(f"The {noun} {verb} {written(number, theirs)} {unit}" for noun, verb, number, unit in facts)
    assert all(supports(text, f"The {noun} {verb} {written(number, ours)} {unit}.") for noun, verb, number, unit in facts)


@given(told(), st.integers(2, 99_999), st.sampled_from([". ", "; ", ", and ", "\n\n"]))
def test_a_statement_with_another_number_than_the_text_has_of_it_is_not(
    facts: list[tuple[str, str, int, str]], another: int, between: str
) -> None:
    text = between.join(f"The {noun} {verb} {number} {unit}" for noun, verb, number, unit in facts)
    others = {another, *(number for *_, number, _ in facts)}
    for noun, verb, number, unit in facts:
        wrong = [other for other in others if other not in {number, 1}]
        assert not any(supports(text, f"The {noun} {verb} {other} {unit}.") for other in wrong if _is_told(facts, other, unit))


def _is_told(facts: list[tuple[str, str, int, str]], other: int, unit: str) -> bool:
    """Tell whether the text lacks the number, or has it of the same unit: of another one it is seen by the unit alone."""
    return all(number != other or same == unit for *_, number, same in facts)


@given(st.text(alphabet="0123456789,.:- %\u20acaeinorst\u202f", max_size=40) | st.text(max_size=60))
def test_any_text_has_one_writing(text: str) -> None:
    once = in_digits(text)
    assert list(facts_of(once)) is not None
    coverage(said(text), source_of([text, once]))
