"""What is found of something before it is deployed."""

from dataclasses import dataclass, field
from typing import Any, Literal

from flowyard.wire.endpoints import DeploymentCreate
from flowyard.wire.metrics import MetricParts

CheckName = Literal["validation", "connections", "models", "test", "evaluation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentCheckCreate:
    """Look at what `deployment` would bring into service.

    `test`: run its flow once, in a session of the caller's own. `inputs` are what it is run with; None: the last inputs that are known
    (of a test, else of the first row of its newest run), else the defaults of its inputs.
    """

    deployment: DeploymentCreate
    test: bool = True
    inputs: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentCheck:
    """One thing that was looked at: ``bad`` stands against a deploy, ``warn`` does not. `remedy` says what to do where it is not good."""

    name: CheckName
    outcome: Literal["good", "warn", "bad"]
    says: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentTest:
    """How the flow ran once. `inputs_from`: where they were taken from. `error` is problem details, `duration_ms` milliseconds."""

    inputs: dict[str, Any]
    inputs_from: Literal["given", "test", "run", "defaults"]
    trace_id: str | None = None
    outputs: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    duration_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentEvaluation:
    """The newest evaluated `run` of this very version of a flow, over so many `rows`, with the metrics of its `evaluations`, runs too.

    `metric_parts` names the metrics that belong to no other, each with those that say more of it.
    """

    run: str
    rows: int
    evaluations: tuple[str, ...] = ()
    metrics: dict[str, float] = field(default_factory=dict[str, float])
    metric_parts: dict[str, MetricParts] = field(default_factory=dict[str, MetricParts])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentChecks:
    """What was found. `passes`: nothing is bad.

    `evaluated`: the evaluations of this version that its settings may name, the newest first; `evaluation` is the one that counts.

    `digest` is that of the flow's snapshot: deploy it with the flow's name, and what was checked is what is deployed. None for models.
    """

    passes: bool
    checks: tuple[DeploymentCheck, ...]
    digest: str | None = None
    test: DeploymentTest | None = None
    evaluation: DeploymentEvaluation | None = None
    evaluated: tuple[DeploymentEvaluation, ...] = ()
