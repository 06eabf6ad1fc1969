"""What paired differences show, against SciPy 1.17's numbers."""

import pytest

from flowyard.evaluation.differences import holm, incomplete_beta, paired_difference, t_tail
from flowyard.flows.runs.intervals import rows_needed

DIFFERENCES = [0.1, -0.2, 0.35, 0.4, 0.0, 0.15, -0.05, 0.3, 0.22, 0.11]


@pytest.mark.parametrize(
    ("a", "b", "x", "expected"),
    [
        (0.5, 0.5, 0.3, 0.36901011956554536),
        (2.0, 3.0, 0.5, 0.6875),
        (50, 0.5, 0.9, 0.001204149832559813),
        (1000, 0.5, 0.999, 0.15724727426672383),
        (5, 100, 0.02, 0.058268003113134036),
        (3, 4, 0, 0),
        (3, 4, 1, 1),
    ],
)
def test_incomplete_beta(a: float, b: float, x: float, expected: float) -> None:
    """scipy.special.betainc"""
    assert incomplete_beta(a, b, x) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("t", "degrees", "expected"),
    [(0, 1, 0.5), (1, 1, 0.25), (2.5, 9, 0.016930913841492867), (3, 499, 0.0014173826179085663), (12, 4, 0.0001382142742514865)],
)
def test_tail_of_t(t: float, degrees: int, expected: float) -> None:
    """scipy.stats.t.sf"""
    assert t_tail(t, degrees) == pytest.approx(expected, abs=1e-9)


def test_paired_difference() -> None:
    """scipy.stats.ttest_1samp"""
    found = paired_difference(DIFFERENCES)
    assert found
    assert found.p_value == pytest.approx(0.04524779630063328, abs=1e-9)
    assert found.mean == pytest.approx(0.138)
    assert found.low < 0.138 < found.high
    assert paired_difference([1.0]) is None
    same = paired_difference([0.5] * 4)
    assert same
    assert (same.mean, same.low, same.high, same.p_value) == (0.5, 0.5, 0.5, None)


def test_rows_needed() -> None:
    # statsmodels' TTestPower().solve_power: 198.15 and 33.37 pairs for effects of 0.2 and 0.5.
    assert rows_needed(1.0, 0.2) == 199
    assert rows_needed(1.0, 0.5) == 34
    assert rows_needed(1.0, -0.5) == 34
    assert rows_needed(0.0, 0.5) == 2
    assert rows_needed(1.0, 0.0) is None
    assert rows_needed(float("nan"), 0.1) is None


def test_holm() -> None:
    assert holm([0.01, 0.04, None, 0.03]) == [pytest.approx(0.03), pytest.approx(0.06), None, pytest.approx(0.06)]
    assert holm([0.9, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
