"""How sure a difference is: a confidence interval of the mean of paired differences."""

import math
import random
from collections.abc import Sequence
from typing import Literal, NamedTuple

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
        error = math.sqrt(math.fsum((value - mean) ** 2 for value in differences) / (n - 1) / n)
        return Interval(mean, mean - _Z * error, mean + _Z * error, n, "normal")
    if all(value == differences[0] for value in differences):
        return Interval(mean, mean, mean, n, "bootstrap")
    source = random.Random(_SEED)  # noqa: S311 - no secret is made of it
    means = sorted(sum(source.choices(differences, k=n)) / n for _ in range(RESAMPLES))
    return Interval(mean, _percentile(means, 0.025), _percentile(means, 0.975), n, "bootstrap")


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which `share` of `ordered` lies, interpolated linearly between neighbours."""
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
