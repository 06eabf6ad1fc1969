"""Citation recall and precision: which sentences claim something, what they cite, and whether that says it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.evaluation import CitationsEvaluator
from flowyard.evaluation.citations import claims_in
from flowyard.evaluation.errors import EvaluatorInputError, EvaluatorSettingError
from flowyard.rag.tool.grounding import ground

OPENS = "The garage opens at seven on working days. It is closed on Sundays."
PARKS = "A parking permit costs 40 euros a month. Visitors park for free."
CATS = "Cats sleep most of the day."
SCORES = ("citation_recall", "citation_precision", "supported_claims")


def found(response: str, context: Any) -> tuple[float | None, ...]:
    result = CitationsEvaluator()(response=response, context=context)
    return tuple(result[name] for name in SCORES)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ("The garage opens at seven on working days [1].", (1, 1, 1)),
        ("The garage opens at seven on working days. [1]", (1, 1, 1)),
        ("The garage opens at seven on working days [1]. A parking permit costs 40 euros a month [2].", (1, 1, 1)),
        ("The garage opens at seven on working days. [1] A parking permit costs 40 euros a month. [2]", (1, 1, 1)),
        ("The garage opens at seven on working days [2].", (0, 0, 1)),
        ("The garage opens at seven on working days.", (0, None, 1)),
        ("The garage opens at seven on working days [1, 3].", (1, 0.5, 1)),
        ("The garage opens at seven on working days [1][3].", (1, 0.5, 1)),
        ("The garage opens at nine on working days [1].", (0, 0, 0)),
        ("The garage opens at 7 on working days [1].", (1, 1, 1)),
        ("A parking permit costs 50 euros a month [2].", (0, 0, 0)),
        ("Elephants remember every single waterhole [9].", (0, 0, 0)),
        ("I don't know.", (None, None, None)),
        ("Which garage do you mean?", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_what_is_claimed_has_to_stand_in_what_is_cited(response: str, expected: tuple[float | None, ...]) -> None:
    assert found(response, [OPENS, PARKS, CATS]) == expected


def test_passages_support_a_claim_together_and_each_is_needed_then() -> None:
    claim = "The garage opens at seven, and a parking permit costs 40 euros [1][2]."
    assert found(claim, [OPENS, PARKS, CATS]) == (1, 1, 0)
    assert found(claim.replace("[2]", "[2][3]"), [OPENS, PARKS, CATS]) == (1, pytest.approx(2 / 3), 0)


def test_passages_come_as_a_lookup_gives_them_or_as_text() -> None:
    response = "A parking permit costs 40 euros a month [1]."
    lookup = [{"text": PARKS, "metadata": {"source": {"filename": "a.md"}}, "score": 1.0}]
    for context in (lookup, [{"content": PARKS}], [PARKS], PARKS, json.dumps(lookup), json.dumps([PARKS])):
        assert found(response, context) == (1, 1, 1)
    assert found(response, []) == (0, 0, 0)
    assert found("It says so [1].", "[not json") == (None, None, None)
    for wrong in (7, [7], [{"title": "no text"}], {"text": PARKS}):
        with pytest.raises(EvaluatorInputError, match="'context' as a list of passages"):
            found(response, wrong)
    with pytest.raises(EvaluatorInputError, match="no 'context'"):
        CitationsEvaluator()(response=response, context=None)
    with pytest.raises(EvaluatorSettingError):
        CitationsEvaluator(threshold=float("nan"))


def test_a_grounded_answer_of_the_platform_is_cited_wholly() -> None:
    passages: list[Any] = []
    for at, text in enumerate((OPENS, PARKS)):
        passages.append({"text": text, "metadata": {"source": {"filename": f"{at}.md", "title": None}, "headings": []}})
    draft = "The garage opens at seven on working days. A permit for parking costs 40 euros a month."
    answer = ground(draft, passages, "When does the garage open?")
    assert found(answer["answer"], passages) == (1, 1, 1)
    assert found(answer["answer"], list(reversed(answer["citations"]))) == (1, 1, 1)


@given(st.text(max_size=200), st.lists(st.text(max_size=100), max_size=4))
def test_scores_are_shares_whatever_is_given(response: str, context: list[str]) -> None:
    for score in found(response, context):
        assert score is None or 0 <= score <= 1
    assert all(number >= 0 for claim in claims_in(response) for number in claim.cited)
