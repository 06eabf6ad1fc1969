"""A rollout as it is kept, and the traffic of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowyard.endpoints.figures import Counts
from flowyard.wire.rollouts import RolloutStart, RolloutState, RolloutStep

ACTIVE: frozenset[RolloutState] = frozenset({"running", "paused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rollout is.

    Attributes:
        before: the traffic before it began.
        traffic: the traffic that it set last; another means that somebody else moved it.
        step: the index of the step that runs.
        started_ns: when that step began.
        revision: of the deployment when the step began.
        baseline: what had been counted by then, by deployment id and gateway.
        steps: every step as it is or was.
        scores: of the answers of this step that were looked at.
        detail: how it stands, in a sentence.
        live_p95_ms: of the others in the last step in which they had requests enough to compare with.
        ended_ns: when it ended.
        ended_by: who ended it, where somebody did.
    """

    before: dict[str, int]
    traffic: dict[str, int]
    steps: tuple[RolloutStep, ...]
    step: int = 0
    started_ns: int = 0
    revision: int = 0
    baseline: dict[str, dict[str, Counts]] = field(default_factory=dict[str, dict[str, Counts]])
    scores: tuple[float, ...] = ()
    detail: str = ""
    live_p95_ms: float | None = None
    ended_ns: int | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutRecord:
    """A rollout. `version` counts how often it was written."""

    id: str
    workspace_id: str
    endpoint_id: str
    endpoint: str
    state: RolloutState
    spec: RolloutStart
    progress: Progress
    created_ns: int
    created_by: str
    updated_ns: int
    version: int = 1

    @property
    def share(self) -> int:
        """Per cent of the traffic in the step that runs."""
        return self.spec.steps[self.progress.step]


def is_same(traffic: Mapping[str, int], other: Mapping[str, int]) -> bool:
    """Whether two splits send the same to the same; a deployment without traffic may stand in one and not in the other."""
    return {name: share for name, share in traffic.items() if share} == {name: share for name, share in other.items() if share}


def split(before: Mapping[str, int], to: str, share: int) -> dict[str, int]:
    """Return the traffic when `to` gets `share` per cent and the others what is left, in the proportion that they had to each other.

    Shares are whole: what rounding leaves over goes to the others with the largest remainders.
    """
    others = {name: part for name, part in before.items() if name != to and part > 0}
    left, whole = 100 - share, sum(others.values())
    if not others or left <= 0:
        return {**dict.fromkeys(others, 0), to: 100}
    exact = {name: part * left / whole for name, part in others.items()}
    parts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: parts[name] - exact[name])
    for name in by_remainder[: left - sum(parts.values())]:
        parts[name] += 1
    return {**parts, to: share}
