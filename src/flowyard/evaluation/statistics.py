"""Intervals: how far a mean or a share over so many rows may be from the truth."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from flowyard.flows.runs.intervals import paired_interval

LEVEL = 0.95

Interval = tuple[float, float]


def wilson(successes: int, rows: int, level: float = LEVEL) -> Interval | None:
    """Return the score interval of a share; None without rows.

    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22: 209-212.
    """
    if rows <= 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / rows
    middle = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows) * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(values: Sequence[float]) -> Interval | None:
    """Return the 95 % interval of a mean; None for fewer than two values, which say nothing of their spread.

    It is the interval that comparisons of runs have for differences: a seeded bootstrap, for many rows the normal approximation.
    """
    found = paired_interval(values) if len(values) > 1 else None
    return None if found is None else (found.low, found.high)
