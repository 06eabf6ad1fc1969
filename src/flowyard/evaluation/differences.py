"""What paired differences show: an interval, a test, and a correction for many tests at once.

Pure functions, without numpy or scipy: evaluators run in flows' own environments.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from flowyard.flows.runs.intervals import deviation_of, paired_interval

_TINY, _EPS, _MOST = 1e-300, 1e-15, 500


class Difference(NamedTuple):
    """Paired differences of `n` rows: their mean with its 95 % interval, standard deviation (n - 1), and the t-test's p value."""

    n: int
    mean: float
    low: float
    high: float
    deviation: float
    p_value: float | None


def paired_difference(differences: Sequence[float]) -> Difference | None:
    """Return what paired differences show; None for fewer than two, which say nothing of their spread.

    The interval is the one that comparisons of runs have: a seeded bootstrap, for many rows the normal approximation. The p value is
    two-sided, of Student's paired t-test (Student 1908, The probable error of a mean); None where all differences are the same.
    """
    n = len(differences)
    interval = paired_interval(differences) if n > 1 else None
    if interval is None:
        return None
    mean = math.fsum(differences) / n
    deviation = deviation_of(differences, mean)
    p_value = None if deviation == 0 else 2 * t_tail(abs(mean) / (deviation / math.sqrt(n)), n - 1)
    return Difference(n, mean, interval.low, interval.high, deviation, p_value)


def t_tail(t: float, degrees: float) -> float:
    """Return the probability that Student's t with `degrees` of freedom is above `t` >= 0.

    By the incomplete beta function: Abramowitz and Stegun (1964), 26.7.1 with 26.5.27.
    """
    return 0.5 * incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), for x from 0 to 1.

    Its continued fraction (Abramowitz and Stegun 1964, 26.5.8) by Lentz's method (Lentz 1976, Applied Optics 15: 668-671).
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    # The fraction converges fast on this side; on the other one the function is 1 less its mirror.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p values corrected for being one of many: Holm (1979), Scandinavian Journal of Statistics 6: 65-70. None stays None."""
    known = sorted((value, place) for place, value in enumerate(p_values) if value is not None)
    corrected: list[float | None] = [None] * len(p_values)
    greatest = 0.0
    for rank, (value, place) in enumerate(known):
        greatest = max(greatest, min(1.0, (len(known) - rank) * value))
        corrected[place] = greatest
    return corrected


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1.0 / _away(1.0 + term * d)
            c = _away(1.0 + term / c)
            step = c * d
            value *= step
        if abs(step - 1.0) < _EPS:
            break
    return value


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
