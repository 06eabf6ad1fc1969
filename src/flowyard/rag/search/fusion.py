"""Two orders made one."""

from collections.abc import Sequence

#: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009: the
#: constant that they found best, and that most search engines keep.
RRF_K = 60


def reciprocal_ranks(*orders: Sequence[int], weights: Sequence[float] = (), k: int = RRF_K) -> dict[int, float]:
    """Return each member's fused score, the best first: the sum of ``weight / (k + rank)`` over the orders that have it, ranks from 1.

    What has the same score stands in the order of its best rank, then as the first order has it.

    Args:
        orders: members, the best first.
        weights: of each order; without them every order has 1. An order of weight 0 still says what there is, behind all others.
        k: the constant.
    """
    scores: dict[int, float] = {}
    best: dict[int, int] = {}
    for order, weight in zip(orders, weights or [1.0] * len(orders), strict=True):
        for rank, member in enumerate(order, start=1):
            scores[member] = scores.get(member, 0.0) + weight / (k + rank)
            best[member] = min(rank, best.get(member, rank))
    return dict(sorted(scores.items(), key=lambda item: (-item[1], best[item[0]])))
