"""What an endpoint did, over a period, and does now."""

from dataclasses import dataclass
from typing import Literal

from flowyard.wire.endpoints import DeploymentState
from flowyard.wire.telemetry import Grain

#: ``none``: all requests together.
MetricsBy = Literal["none", "deployment", "status", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentLoad:
    """A deployment now. `as_of` is when gateways told it last; while requests are under way they do each second."""

    deployment: str
    state: DeploymentState
    instances: int
    replicas_ready: int
    in_flight: int
    waiting: int
    as_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFigures:
    """Requests of a group in a bucket of time. Times are in milliseconds; None where there is none to tell.

    `per_minute`: over that part of the bucket that lies in the period. Tokens and cost are of the model calls that the requests made,
    told by deployment, and None where the group is finer; `cost_micros` is None as well where no call has a known price.
    """

    time: str | None = None
    deployment: str | None = None
    status: str | None = None
    error: str | None = None
    requests: int
    per_minute: float
    errors: int
    error_rate: float
    p50_ms: float | None = None
    p90_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_micros: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCount:
    """How many requests to a deployment ended with an error of one kind: an HTTP status, or a problem's code."""

    deployment: str | None
    error: str | None
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentUsage:
    """What a deployment's replicas used in a bucket of time (`time` None: the period): processors on average, and resident memory."""

    time: str | None = None
    deployment: str
    cpu_cores: float
    memory_bytes: int
    memory_peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointMetrics:
    """An endpoint's requests from `since` to `until`. Mirrored copies are not among them. `truncated`: there were more groups.

    `usage` is told by deployment whatever the figures are told by; a deployment that had no replica in a bucket is not in it.
    """

    endpoint: str
    since: str
    until: str
    grain: Grain
    currency: str
    load: tuple[DeploymentLoad, ...]
    figures: tuple[EndpointFigures, ...]
    errors: tuple[ErrorCount, ...]
    usage: tuple[DeploymentUsage, ...]
    truncated: bool
