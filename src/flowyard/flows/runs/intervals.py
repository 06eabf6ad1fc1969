"""How sure a difference is: a confidence interval of the mean of paired differences, and how many rows would show one."""

import math
import random
from collections.abc import Sequence
from operator import mul
from statistics import NormalDist
from typing import Literal, NamedTuple

LEVEL, POWER = 0.95, 0.8
RESAMPLES = 2000
#: With more pairs than this the mean is normally distributed for all that matters here, and resampling would only cost time.
BOOTSTRAP_LIMIT = 1000
_SEED = 20_240_607
_Z = 1.959963984540054  # the 97.5 % point of the standard normal distribution


class Interval(NamedTuple):
    """The mean of `n` differences and its 95 % confidence interval."""

    mean: float
    low: float
    high: float
    n: int
    method: Literal["bootstrap", "normal"]


def paired_interval(differences: Sequence[float]) -> Interval | None:
    """Return the mean of `differences` (the second side less the first, row by row) with its 95 % interval; None without any.

    Up to `BOOTSTRAP_LIMIT` pairs: the percentile bootstrap over pairs (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
    chapter 13) with `RESAMPLES` resamples and a fixed seed, so that the same rows give the same interval. Above: the mean ± 1.96 standard
    errors.
    """
    n = len(differences)
    if n == 0:
        return None
    mean = math.fsum(differences) / n
    if n > BOOTSTRAP_LIMIT:
        error = deviation_of(differences, mean) / math.sqrt(n)
        return Interval(mean, mean - _Z * error, mean + _Z * error, n, "normal")
    if all(value == differences[0] for value in differences):
        return Interval(mean, mean, mean, n, "bootstrap")
    source = random.Random(_SEED)  # noqa: S311 - no secret is made of it
    means = sorted(sum(source.choices(differences, k=n)) / n for _ in range(RESAMPLES))
    return Interval(mean, _percentile(means, 0.025), _percentile(means, 0.975), n, "bootstrap")


def deviation_of(differences: Sequence[float], mean: float) -> float:
    """Return the standard deviation (n - 1) of two or more `differences` around their `mean`."""
    deltas = [value - mean for value in differences]
    return math.sqrt(math.fsum(map(mul, deltas, deltas)) / (len(differences) - 1))


def rows_needed(deviation: float, difference: float, *, level: float = LEVEL, power: float = POWER) -> int | None:
    """Return how many pairs show a mean difference with a two-sided test: n = ((z_(1-a/2) + z_power) s / d)^2, and z^2/2 more for t.

    Cohen (1988), Statistical power analysis for the behavioral sciences, chapter 2; the correction for Student's t is that of Guenther
    (1981), Sample size formulas for normal theory T tests, The American Statistician 35: 243-244. None without a difference to see.

    Args:
        deviation: of the paired differences.
        difference: the mean difference that matters.
        level: of the interval that goes with the test.
        power: the chance that the test shows it.
    """
    if difference == 0 or not math.isfinite(deviation) or not math.isfinite(difference):
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    rows = ((z + NormalDist().inv_cdf(power)) * deviation / difference) ** 2 + z * z / 2
    return max(2, math.ceil(rows))


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which `share` of `ordered` lies, interpolated linearly between neighbours."""
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
