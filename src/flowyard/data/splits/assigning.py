"""Which row goes into which part: by a seed alone, so that it is the same on every machine.

Each row has a number made of the seed and its place (SplitMix64: Steele, Lea, Flood, 2014); within a stratum the rows are taken in the
order of these. A stratum gives each part the whole rows of its share; those that are left go to the parts that are furthest behind over
all strata so far, so that both the strata and the whole come out as asked.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = (1 << 64) - 1


def order(rows: int, seed: int) -> Any:
    """Return the numbers (uint64) of `rows` rows for a seed."""
    with np.errstate(over="ignore"):
        state = np.arange(1, rows + 1, dtype=np.uint64) * np.uint64(_GOLDEN) + np.uint64((seed * _GOLDEN + _FIRST) & _MASK)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
        return state ^ (state >> np.uint64(31))


def quotas(sizes: Sequence[int], ratios: Sequence[float]) -> list[list[int]]:
    """Return for each stratum how many of its rows each part has; they add up to `sizes`."""
    share = np.array(ratios, dtype=np.float64)
    behind = np.zeros(len(ratios))
    found: list[list[int]] = []
    for size in sizes:
        ideal = size * share
        given = np.floor(ideal + 1e-9).astype(np.int64)
        behind += ideal - given
        for _ in range(size - int(given.sum())):
            part = int(np.argmax(np.round(behind, 9)))
            given[part] += 1
            behind[part] -= 1
        found.append([int(rows) for rows in given])
    return found


def assign(strata: Any, ratios: Sequence[float], seed: int) -> Any:
    """Return the part (uint8) of each row.

    Args:
        strata: the stratum of each row, integers from 0; their order decides nothing but ties.
        ratios: what each part gets; they add up to 1.
        seed: of the order within strata.
    """
    rows = len(strata)
    parts = np.zeros(rows, dtype=np.uint8)
    sorted_rows = np.lexsort((order(rows, seed), strata))
    sizes = np.bincount(strata) if rows else np.zeros(0, dtype=np.int64)
    at = 0
    for given in quotas([int(size) for size in sizes], ratios):
        for part, count in enumerate(given):
            parts[sorted_rows[at : at + count]] = part
            at += count
    return parts
