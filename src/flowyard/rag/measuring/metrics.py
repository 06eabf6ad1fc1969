"""Measures of a ranked list.

Manning, Raghavan and Schütze (2008), Introduction to Information Retrieval, chapter 8. nDCG is that of Järvelin and Kekäläinen (2002), ACM
TOIS 20: 422-446, with a discount of log2(rank + 1).

Where the characters are known that answer a question, a chunk gains the share of them that no chunk before it had: alpha-nDCG with
alpha = 1 (Clarke et al. 2008, SIGIR, 659-666) and characters for nuggets, with recall by characters, which chunkings are compared by (Smith
and Troynikov 2024, Evaluating Chunking Strategies for Retrieval). Else an answer that is cut into three chunks would have to be found three
times, and one that overlapping chunks have twice would count twice.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: How deep lists are looked at.
DEPTHS = (1, 3, 5, 10)
DEEPEST = DEPTHS[-1]
#: The version of what is counted. 1: chunks that answer; 2: the characters that do.
RULE = 2
#: A question counts as answered once so much of the characters that answer it was found.
_ENOUGH = 0.5
#: Shares are sums of rounded numbers.
_ROUNDING = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What was found of one question.

    Attributes:
        relevant: of the best chunks in their order, whether each answers the question; those behind `DEEPEST` do not count.
        there: how many of the index answer it; without any, every measure is 0: the index cannot answer.
        gains: what each of them adds, as a share of all that answers, 0 to 1. Empty: every relevant one adds alike, and one is enough.
        best: the gains of the best order that the index has, the largest first, up to `DEEPEST`.
    """

    relevant: Sequence[bool]
    there: int
    gains: Sequence[float] = ()
    best: Sequence[float] = ()

    @property
    def alike(self) -> "Ranking":
        """The same with every relevant chunk adding alike."""
        return Ranking(relevant=self.relevant, there=self.there)


def scores(found: Ranking) -> dict[str, float]:
    """Return all measures of one question, each from 0 to 1, higher is better.

    A question is answered at the rank by which half of what answers it was found, or by the first relevant chunk where all add alike: that
    is its ``hit_rate``, and ``mrr`` by its inverse. ``precision`` is the share of relevant chunks, and depends on how long chunks are.
    """
    relevant = list(found.relevant[:DEEPEST])
    share = 1 / found.there if found.there else 0.0
    gains, best, enough = list(found.gains[:DEEPEST]), found.best, _ENOUGH
    if not best:
        gains, best, enough = [share * hit for hit in relevant], [share] * min(found.there, DEEPEST), share
    first = next((rank for rank in range(1, len(gains) + 1) if sum(gains[:rank]) >= enough - _ROUNDING and best), None)
    values = {"mrr": 0.0 if first is None else 1 / first}
    for depth in DEPTHS:
        values[f"hit_rate@{depth}"] = float(first is not None and first <= depth)
        values[f"precision@{depth}"] = sum(relevant[:depth]) / depth
        values[f"recall@{depth}"] = min(1.0, sum(gains[:depth]))
        values[f"ndcg@{depth}"] = min(1.0, _discounted(gains[:depth]) / _discounted(best[:depth])) if best else 0.0
    return values


def names() -> tuple[str, ...]:
    """Return the names of the measures, the one to look at first: ``ndcg@10``."""
    found = scores(Ranking(relevant=(), there=0))
    return ("ndcg@10", *(name for name in found if name != "ndcg@10"))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
