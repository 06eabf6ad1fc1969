"""How many replicas a deployment has, and why."""

from dataclasses import dataclass

from flowyard.wire.endpoints import ScaleSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentScale:
    """Change how many replicas run, without a new revision: a fixed number, or how they are scaled. What is None stays."""

    instance_count: int | None = None
    scale: ScaleSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """A change of the number of replicas. `by` is who changed it, or ``autoscaler``."""

    at: str
    before: int
    after: int
    reason: str
    by: str
