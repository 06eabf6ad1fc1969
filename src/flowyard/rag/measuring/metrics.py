"""Measures of a ranked list, of what is relevant or not.

Manning, Raghavan and Schütze (2008), Introduction to Information Retrieval, chapter 8. nDCG is that of Järvelin and Kekäläinen (2002), ACM
TOIS 20: 422-446, with a discount of log2(rank + 1).
"""

import math
from collections.abc import Sequence

#: How deep lists are looked at.
DEPTHS = (1, 3, 5, 10)
DEEPEST = DEPTHS[-1]


def scores(relevant: Sequence[bool], there: int) -> dict[str, float]:
    """Return all measures of one question, each from 0 to 1, higher is better.

    Args:
        relevant: of the best chunks in their order, whether each answers the question; those behind `DEEPEST` do not count.
        there: how many chunks of the index answer it; without any, every measure is 0: the index cannot answer.
    """
    kept = list(relevant[:DEEPEST])
    first = next((rank for rank, hit in enumerate(kept, start=1) if hit), None)
    found = {"mrr": 0.0 if first is None else 1 / first}
    for depth in DEPTHS:
        hits = sum(kept[:depth])
        found[f"hit_rate@{depth}"] = float(hits > 0)
        found[f"precision@{depth}"] = hits / depth
        found[f"recall@{depth}"] = min(1.0, hits / there) if there else 0.0
        found[f"ndcg@{depth}"] = min(1.0, _gain(kept[:depth]) / _gain([True] * min(there, depth))) if there else 0.0
    return found


def names() -> tuple[str, ...]:
    """Return the names of the measures, the one to look at first: ``ndcg@10``."""
    found = scores([], 0)
    return ("ndcg@10", *(name for name in found if name != "ndcg@10"))


def _gain(relevant: Sequence[bool]) -> float:
    return sum(1 / math.log2(rank + 1) for rank, hit in enumerate(relevant, start=1) if hit)
