"""What is checked in a step of a rollout.

Before a step's time is over, only what chance does not explain ends it: the bound lies outside the 95 % interval of the share. At its end
what was observed counts. Nothing is concluded of fewer requests than `min_requests`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from flowyard.endpoints.figures import Counts
from flowyard.evaluation.statistics import wilson
from flowyard.wire.endpoints import DeploymentState
from flowyard.wire.rollouts import RolloutCheck, RolloutStart, Verdict

#: Requests of which nothing is concluded when there are fewer, unless the rollout says otherwise.
FEW = 20
_SLOW = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a step: of the deployment, of those that serve beside it, and whether the step's time is over."""

    spec: RolloutStart
    canary: Counts
    live: Counts
    over: bool
    state: DeploymentState
    live_p95_ms: float | None = None
    replicas: int = 1
    error: str = ""
    scores: Sequence[float] = ()
    higher_is_better: bool = True


def least_requests(spec: RolloutStart) -> int:
    """Return how many requests a verdict needs: one error alone must not be over the bound."""
    if spec.min_requests is not None:
        return spec.min_requests
    return max(FEW, math.ceil(1 / spec.max_error_rate)) if spec.max_error_rate else FEW


def check(seen: Seen) -> tuple[RolloutCheck, ...]:
    """Return what each rule says."""
    return tuple(found for rule in RULES if (found := rule(seen)) is not None)


def verdict_of(checks: Sequence[RolloutCheck]) -> Verdict:
    """Return what they mean together: one breach is enough, and so is one that waits."""
    verdicts = {found.verdict for found in checks}
    return "breach" if "breach" in verdicts else "wait" if "wait" in verdicts else "pass"


def _serves(seen: Seen) -> RolloutCheck | None:
    if seen.replicas:
        return None
    text = f"{seen.spec.to} has no replica that is ready{f': {seen.error}' if seen.error else '.'}"
    # While they start, after the platform was started for instance, there is nothing wrong with them yet.
    return RolloutCheck(rule="state", verdict="breach" if seen.state in {"failed", "unhealthy"} else "wait", text=text)


def _requests(seen: Seen) -> RolloutCheck:
    count, least = seen.canary.requests, least_requests(seen.spec)
    if count >= least:
        return RolloutCheck(rule="requests", verdict="pass", text=f"{count} requests.")
    what = "waits for traffic: " if seen.over else ""
    return RolloutCheck(rule="requests", verdict="wait", text=f"{what}{count} of {least} requests.")


def _error_rate(seen: Seen) -> RolloutCheck | None:
    bound, canary, live = seen.spec.max_error_rate, seen.canary, seen.live
    if bound is None or canary.requests < least_requests(seen.spec):
        return None
    rate = canary.failed / canary.requests
    kinds = ", ".join(f"{count} with {kind}" for kind, count in sorted(canary.errors.items(), key=lambda item: -item[1])[:3])
    text = f"{rate:.1%} errors ({canary.failed} of {canary.requests}{f': {kinds}' if kinds else ''}), at most {bound:.1%}"
    verdict = _judge(canary.failed, canary.requests, bound, over=seen.over)
    if verdict == "breach" and live.requests >= least_requests(seen.spec) and live.failed / live.requests >= rate:
        # Whatever makes both fail is not the new one's doing; going on would not be right either.
        return RolloutCheck(
            rule="error_rate", verdict="wait", text=f"{text}; the others have {live.failed / live.requests:.1%}: both fail alike."
        )
    return RolloutCheck(rule="error_rate", verdict=verdict, text=f"{text}.")


def _p95(seen: Seen) -> RolloutCheck | None:
    bound = seen.spec.max_p95_ms
    return None if bound is None else _slowness(seen, "p95", bound, f"{bound:g} ms")


def _p95_ratio(seen: Seen) -> RolloutCheck | None:
    ratio = seen.spec.max_p95_ratio
    if ratio is None or seen.live_p95_ms is None:
        return None
    return _slowness(seen, "p95_ratio", ratio * seen.live_p95_ms, f"{ratio:g} times {seen.live_p95_ms:.0f} ms of the others")


def _slowness(seen: Seen, rule: str, bound_ms: float, told: str) -> RolloutCheck | None:
    canary = seen.canary
    p95 = canary.quantile_s(1 - _SLOW)
    if p95 is None or canary.requests < least_requests(seen.spec):
        return None
    verdict = _judge(canary.slower(bound_ms / 1000), canary.requests, _SLOW, over=seen.over)
    return RolloutCheck(rule=rule, verdict=verdict, text=f"P95 {p95 * 1000:.0f} ms, at most {told}.")


def _score(seen: Seen) -> RolloutCheck | None:
    spec = seen.spec
    if spec.evaluator is None or spec.min_score is None:
        return None
    if len(seen.scores) < spec.sample:
        return RolloutCheck(rule="score", verdict="wait", text=f"{len(seen.scores)} of {spec.sample} answers have a score.")
    mean = fmean(seen.scores)
    good = mean >= spec.min_score if seen.higher_is_better else mean <= spec.min_score
    bound = f"{'at least' if seen.higher_is_better else 'at most'} {spec.min_score:g}"
    text = f"{spec.evaluator} {mean:.3g} over {len(seen.scores)} answers, {bound}."
    return RolloutCheck(rule="score", verdict="pass" if good else "breach", text=text)


def _judge(bad: int, of: int, bound: float, *, over: bool) -> Verdict:
    interval = wilson(bad, of)
    certain = interval is not None and interval[0] > bound
    return "breach" if certain or (over and bad / of > bound) else "pass"


#: In the order in which they are shown.
RULES: tuple[Callable[[Seen], RolloutCheck | None], ...] = (_serves, _requests, _error_rate, _p95, _p95_ratio, _score)
