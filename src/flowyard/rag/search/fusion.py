"""Two orders made one."""

from collections.abc import Sequence

#: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009: the
#: constant that they found best, and that most search engines keep.
RRF_K = 60


def reciprocal_ranks(*orders: Sequence[int], k: int = RRF_K) -> dict[int, float]:
    """Return each member's fused score, the best first: the sum of ``1 / (k + rank)`` over the orders that have it, ranks from 1.

    What has the same score stands in the order of its best rank, then as the first order has it.
    """
    scores: dict[int, float] = {}
    best: dict[int, int] = {}
    for order in orders:
        for rank, member in enumerate(order, start=1):
            scores[member] = scores.get(member, 0.0) + 1.0 / (k + rank)
            best[member] = min(rank, best.get(member, rank))
    return dict(sorted(scores.items(), key=lambda item: (-item[1], best[item[0]])))
