"""Whatever text comes: scores are on their scales, and answers are read or are not, without a crash."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowyard.evaluation import (
    BleuScoreEvaluator,
    ExactMatchEvaluator,
    F1ScoreEvaluator,
    GleuScoreEvaluator,
    JsonSchemaValidityEvaluator,
    MeteorScoreEvaluator,
    RougeScoreEvaluator,
)
from flowyard.evaluation.judges.answers import read_label, read_score

TEXT = st.text(st.characters(exclude_categories=()), max_size=80) | st.text("a.b' \"?!(),;-\n", max_size=80)
SCORERS: list[Any] = [
    F1ScoreEvaluator(),
    BleuScoreEvaluator(),
    GleuScoreEvaluator(),
    MeteorScoreEvaluator(),
    RougeScoreEvaluator("rougeL"),
    ExactMatchEvaluator(),
    JsonSchemaValidityEvaluator(schema={"type": "object"}),
]


@pytest.mark.parametrize("scorer", SCORERS, ids=lambda it: it.info.name)
@given(answer=TEXT, truth=TEXT)
@settings(max_examples=120, deadline=None)
def test_scores_are_on_their_scale(scorer: Any, answer: str, truth: str) -> None:
    row = {"response": answer, "ground_truth": truth}
    result = scorer(**{name: row[name] for name in scorer.info.inputs})
    for measure in scorer.info.measures:
        assert 0 <= result[measure.key] <= 1 + 1e-12
        assert result[f"{measure.prefix}_result"] in {"pass", "fail"}


@given(
    answer=TEXT
    | st.sampled_from(["score: ", '{"score": ', "```json\n{", "Score 3/", "<think>"]).flatmap(lambda start: TEXT.map(start.__add__))
)
@settings(max_examples=400, deadline=None)
def test_answers_have_a_score_on_the_scale_or_none(answer: str) -> None:
    found = read_score(answer, 1, 5)
    assert (found.score is None) == (found.invalid is not None)
    assert found.score is None or 1 <= found.score <= 5
    label = read_label(answer)
    assert (label.score is None) == (label.invalid is not None)
    assert label.score in {None, 0.0, 1.0}


@pytest.mark.parametrize("number", ["9" * 400, "1e400", "-0.0001", "NaN", "Infinity"])
def test_monstrous_numbers_are_no_score(number: str) -> None:
    assert read_score(f'{{"score": {number}}}', 1, 5).score is None
    assert read_score(f"Score: {number}", 1, 5).score is None
