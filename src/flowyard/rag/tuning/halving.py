"""Successive halving: many configurations on few questions, the better ones on more.

Jamieson and Talwalkar (2016), Non-stochastic Best Arm Identification and Hyperparameter Optimization, AISTATS; with several objectives the
configurations that nothing dominates come first, as in Schmucker et al. (2021), Multi-objective Asynchronous Successive Halving.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Of so many configurations one goes on to so many times the questions: Hyperband's usual 3.
ETA = 3
#: The fewest questions of a rung, and the fewest configurations.
_QUESTIONS, _CONFIGURATIONS = 10, 2
#: Latencies that lie so near to each other, as a ratio, are the same: this machine's noise.
_SAME = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a configuration stands. `score`: higher is better; the others: lower is better."""

    score: float
    latency_ms: float
    context_tokens: float


def rungs(configurations: int, questions: int) -> list[int]:
    """Return how many questions each rung has asked in all, the last one all of them."""
    steps = 0
    while questions // ETA ** (steps + 1) >= _QUESTIONS and configurations // ETA ** (steps + 1) >= _CONFIGURATIONS:
        steps += 1
    return [questions // ETA**left for left in range(steps, 0, -1)] + [questions]


def survivors(standings: Sequence[Standing]) -> list[int]:
    """Return the places of those that go on, a third of all: from the front that nothing dominates inwards, of one front the best scores.

    The best score is always among them.
    """
    most = max(1, math.ceil(len(standings) / ETA))
    left, kept = list(range(len(standings))), list[int]()
    while len(kept) < most:
        front = _front(standings, left)
        by_score = sorted(front, key=lambda place: (-standings[place].score, standings[place].context_tokens, place))
        kept += by_score[: most - len(kept)]
        left = [place for place in left if place not in front]
    return sorted(kept)


def frontier(standings: Sequence[Standing]) -> list[int]:
    """Return the places of those that nothing dominates."""
    return _front(standings, list(range(len(standings))))


def _front(standings: Sequence[Standing], places: Sequence[int]) -> list[int]:
    return [place for place in places if not any(_dominates(standings[other], standings[place]) for other in places if other != place)]


def _dominates(one: Standing, other: Standing) -> bool:
    """Return whether one is nowhere worse and somewhere better."""
    worse = one.score < other.score or one.context_tokens > other.context_tokens or _slower(one, other)
    better = one.score > other.score or one.context_tokens < other.context_tokens or _slower(other, one)
    return better and not worse


def _slower(one: Standing, other: Standing) -> bool:
    return one.latency_ms > _SAME * other.latency_ms
