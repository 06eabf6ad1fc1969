"""Rollouts: traffic moves to a deployment in steps, and back when it does worse."""

from dataclasses import dataclass, field
from typing import Any, Literal

#: ``stopped``: somebody else moved the traffic, or the deployment is gone. ``aborted``: somebody ended it, and traffic is as before.
RolloutState = Literal["running", "paused", "completed", "rolled_back", "aborted", "stopped"]
#: ``wait``: too little is known to go on.
Verdict = Literal["pass", "wait", "breach"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutStart:
    """Move traffic to a deployment in steps.

    Attributes:
        to: the deployment.
        steps: per cent of the traffic that it gets, one after the other, rising.
        every_s: how long each step lasts at least.
        min_requests: requests that it has to have answered in a step before anything is concluded of them; None: 20, and more where
            one error in 20 would be over `max_error_rate`.
        max_error_rate: share of its answers that may be errors (status 400 and above).
        max_p95_ms: 95 % of its answers come within this time.
        max_p95_ratio: they come within so many times the time of 95 % of the others'.
        evaluator: the name of an evaluator that looks at sampled answers.
        min_score: the mean of its scores may not be lower (for measures where less is better: not higher).
        sample: how many answers of a step it looks at.
        evaluator_init: what the evaluator is made with: a judge's ``model_config``, the ``pattern`` of a regex.
        column_mapping: where each input of the evaluator comes from: ``${run.inputs.question}`` of the request, ``${run.outputs.answer}``
            of the answer.
    """

    to: str
    steps: tuple[int, ...] = (5, 25, 50, 100)
    every_s: int = 60
    min_requests: int | None = None
    max_error_rate: float | None = 0.02
    max_p95_ms: float | None = None
    max_p95_ratio: float | None = None
    evaluator: str | None = None
    min_score: float | None = None
    sample: int = 20
    evaluator_init: dict[str, Any] = field(default_factory=dict[str, Any])
    column_mapping: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutCheck:
    """What one rule says of a step. `rule`: requests, state, error_rate, p95, p95_ratio or score."""

    rule: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutStep:
    """A step as it is or was: what the deployment (and `live_…`: the others) did meanwhile, and what that means.

    Times are of 95 % of the requests; None where there were none. `score` is the mean over `scored` answers.
    """

    share: int
    state: Literal["pending", "running", "passed", "breached", "left"]
    started_at: str | None = None
    ended_at: str | None = None
    requests: int = 0
    errors: int = 0
    p95_ms: float | None = None
    live_requests: int = 0
    live_errors: int = 0
    live_p95_ms: float | None = None
    score: float | None = None
    scored: int = 0
    checks: tuple[RolloutCheck, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """A rollout. `before` is the traffic that a breach goes back to; `detail` says in a sentence how it stands or why it ended."""

    id: str
    endpoint: str
    state: RolloutState
    detail: str
    spec: RolloutStart
    step: int
    steps: tuple[RolloutStep, ...]
    before: dict[str, int]
    created_at: str
    created_by: str
    updated_at: str
    ended_at: str | None = None
    ended_by: str | None = None
