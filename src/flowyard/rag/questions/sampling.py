"""Which passages questions are made of: spread over the corpus by its length, so that long documents have more and no part is left out.

Systematic sampling (Cochran 1977, Sampling Techniques, chapter 8): points at equal distances over all documents one behind the other,
from a random beginning. Further rounds begin between the points of those before, by the golden ratio.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

_GOLDEN = 0.6180339887498949


def points(lengths: Sequence[int], count: int, seed: int, rounds: int) -> Iterator[tuple[int, float]]:
    """Yield `count` points a round as (which of the lengths, how far in it from 0 up to 1); each round in an order of its own."""
    ends = list(accumulate(lengths))
    if not ends or ends[-1] <= 0:
        return
    source = random.Random(seed)  # noqa: S311 - no secret is made of it
    begin = source.random()
    for turn in range(rounds):
        first = (begin + turn * _GOLDEN) % 1
        found: list[tuple[int, float]] = []
        for number in range(count):
            at = (number + first) / count * ends[-1]
            which = min(bisect_right(ends, at), len(ends) - 1)
            start = ends[which] - lengths[which]
            found.append((which, min((at - start) / lengths[which], 0.999999)))
        source.shuffle(found)
        yield from found
