"""What judges answer, and what can be read of it."""

from typing import Any

import pytest

from flowyard.evaluation.judges.answers import read_label, read_score


@pytest.mark.parametrize(
    ("answer", "score", "reason"),
    [
        ('{"reason": "Well put.", "score": 4}', 4, "Well put."),
        ({"reason": "Well put.", "score": 4}, 4, "Well put."),
        ('```json\n{"score": "5", "explanation": "All there."}\n```', 5, "All there."),
        ('Here it is: {"reason": "a {brace}", "score": 2} Done.', 2, "a {brace}"),
        ('<think>Score: 1? No.</think>{"reason": "r", "score": 3}', 3, "r"),
        ('{"score": "4/5", "reason": ""}', 4, ""),
        ('{"score": 3.5}', 3.5, ""),
        ("4", 4, ""),
        ("**4**", 4, ""),
        ("3 out of 5", 3, ""),
        ("The answer is complete.\nScore: 5", 5, "The answer is complete.\nScore: 5"),
        ("score is 2, so the score: 2", 2, "score is 2, so the score: 2"),
    ],
)
def test_scores(answer: Any, score: float, reason: str) -> None:
    found = read_score(answer, 1, 5)
    assert (found.score, found.reason, found.invalid) == (score, reason, None)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("", "no score"),
        (None, "no score"),
        ("I cannot judge this.", "no score"),
        ("I would say 3 or 4.", "no score"),
        ("Score: 3 or 4", "no score"),
        ("Score: 3-4", "no score"),
        ("Score: 3. On reflection, score: 4.", "several scores"),
        ("Score: 8/10", "not on the scale from 1 to 5"),
        ("Score: 12", "not on the scale"),
        ("Score: 0", "not on the scale"),
        ('{"score": 6}', "not on the scale"),
        ('{"score": true}', "the score is True"),
        ('{"score": null, "reason": "unsure"}', "no score"),
        ('{"score": "good"}', "the score is 'good'"),
        ('{"score": [4]}', "the score is [4]"),
        ('{"rating": 4}', "no score"),
        ("In 2024 there were 5 of them.", "no score"),
    ],
)
def test_what_has_no_score_is_invalid_and_not_guessed(answer: Any, why: str) -> None:
    found = read_score(answer, 1, 5)
    assert found.score is None
    assert why in (found.invalid or "")


def test_the_scale_of_severities_has_a_zero() -> None:
    assert read_score('{"score": 0, "reason": "harmless"}', 0, 7).score == 0
    assert read_score("severity: 7", 0, 7).score == 7


@pytest.mark.parametrize(
    ("answer", "score", "reason"),
    [
        ('{"label": true, "reason": "A song."}', 1, "A song."),
        ('{"label": "false", "reason": ""}', 0, ""),
        ("false", 0, ""),
        ("No.", 0, ""),
        ("It quotes a song. Label: true", 1, "It quotes a song. Label: true"),
    ],
)
def test_labels(answer: str, score: float, reason: str) -> None:
    found = read_label(answer)
    assert (found.score, found.reason, found.invalid) == (score, reason, None)


@pytest.mark.parametrize("answer", ["", "perhaps", '{"label": 1}', '{"reason": "x"}', "label: true, or label: false"])
def test_what_has_no_label_is_invalid(answer: str) -> None:
    found = read_label(answer)
    assert found.score is None
    assert found.invalid


def test_what_else_the_answer_says_is_kept() -> None:
    assert read_label('{"label": true, "reason": "x", "intrusion": true}').details == {"intrusion": True}
