"""Counts of n-grams, and what two texts' counts share."""

from collections import Counter
from collections.abc import Sequence
from itertools import repeat

Counts = Counter[tuple[str, ...]]


def counts(words: Sequence[str], size: int) -> Counts:
    """Return how often each run of `size` words occurs."""
    return Counter(zip(*(words[start:] for start in range(size)), strict=False))


def shared(one: Counts, other: Counts) -> int:
    """Return how many runs two texts have in common, each counted as often as it is in both."""
    if len(other) < len(one):
        one, other = other, one
    return sum(map(min, one.values(), map(other.get, one, repeat(0))))
