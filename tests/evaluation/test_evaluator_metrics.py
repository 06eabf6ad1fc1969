"""Metrics of runs and their intervals."""

import random

import pytest

from flowyard.evaluation import F1ScoreEvaluator
from flowyard.evaluation.statistics import mean_interval, wilson


@pytest.mark.parametrize(
    ("successes", "rows", "low", "high"),
    # Computed with the closed form by hand; 8 of 10 is also the textbook example (0.490, 0.943).
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_wilson(successes: int, rows: int, low: float, high: float) -> None:
    assert wilson(successes, rows) == pytest.approx((low, high), abs=1e-4)


def test_no_rows_have_no_interval() -> None:
    assert wilson(0, 0) is None
    assert mean_interval([]) is None
    assert mean_interval([1.0]) is None


def test_intervals_of_means_are_the_same_each_time() -> None:
    values = [random.Random(number).gauss(0.5, 0.2) for number in range(50)]
    assert mean_interval(values) == mean_interval(values)


@pytest.mark.parametrize("rows", [20, 1100])
def test_intervals_of_means_cover_the_truth_about_as_often_as_they_say(rows: int) -> None:
    chance = random.Random(7)
    intervals = [mean_interval([chance.gauss(0.6, 0.25) for _ in range(rows)]) for _ in range(60)]
    covered = sum(low <= 0.6 <= high for low, high in (found for found in intervals if found))
    assert covered >= 0.87 * len(intervals)


def test_metrics_count_what_has_a_score_and_what_has_none() -> None:
    evaluator = F1ScoreEvaluator()
    rows = [evaluator(response=answer, ground_truth="one two") for answer in ("one two", "one", "three")]
    rows.append({**rows[0], "f1_score": None, "f1_score_result": "unknown"})
    metrics = evaluator.__aggregate__(rows)
    assert metrics["f1_score"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert metrics["f1_score_pass_rate"] == pytest.approx(2 / 3)
    assert (metrics["f1_score_count"], metrics["f1_score_invalid"]) == (3, 1)
    assert metrics["f1_score_low"] < metrics["f1_score"] < metrics["f1_score_high"]
    assert (metrics["f1_score_pass_rate_low"], metrics["f1_score_pass_rate_high"]) == pytest.approx(wilson(2, 3))


def test_a_mean_of_nothing_is_left_out() -> None:
    assert F1ScoreEvaluator().__aggregate__([]) == {"f1_score_count": 0, "f1_score_invalid": 0}
    assert F1ScoreEvaluator().__aggregate__([{"f1_score": float("nan")}]) == {"f1_score_count": 0, "f1_score_invalid": 1}
