"""Intervals: how far a mean or a share over so many rows may be from the truth."""

import math
import random
from collections.abc import Sequence
from statistics import NormalDist, fmean, stdev

LEVEL = 0.95
#: Up to so many values the interval of a mean is bootstrapped; beyond, the central limit theorem gives the same for less.
BOOTSTRAP_ROWS = 200
RESAMPLES = 2_000

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


def mean_interval(values: Sequence[float], level: float = LEVEL, seed: int = 0) -> Interval | None:
    """Return the interval of a mean; None for fewer than two values, which say nothing of their spread.

    Percentile bootstrap of 2,000 seeded resamples up to 200 values (Efron 1979, Bootstrap methods, Annals of Statistics 7: 1-26); above
    that mean ± z·s/√n.
    """
    rows = len(values)
    if rows < 2:
        return None
    if rows > BOOTSTRAP_ROWS:
        half = NormalDist().inv_cdf((1 + level) / 2) * stdev(values) / math.sqrt(rows)
        return fmean(values) - half, fmean(values) + half
    choices = random.Random(seed).choices  # noqa: S311 - not for secrets; the seed makes the interval the same each time
    means = sorted(math.fsum(choices(values, k=rows)) / rows for _ in range(RESAMPLES))
    tail = (1 - level) / 2
    return means[math.floor(tail * (RESAMPLES - 1))], means[math.ceil((1 - tail) * (RESAMPLES - 1))]
