"""Online endpoints and their deployments."""

from dataclasses import dataclass, field
from typing import Any, Literal

DeploymentState = Literal["deploying", "healthy", "unhealthy", "failed", "deleting"]
#: How callers prove who they are besides by keys of the workspace: two keys of the endpoint's own, or tokens that expire.
AuthMode = Literal["key", "aml_token"]
ReplicaState = Literal["starting", "ready", "restarting", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSettings:
    """How requests to a deployment are bounded, in Azure ML's words; what is None is not bounded.

    `request_timeout_ms`: until the answer begins, and between two pieces of a streamed one. `max_concurrent_requests_per_instance`: more
    wait at the gateway, each `max_queue_wait_ms` (500 where it is None) at most.
    """

    request_timeout_ms: int | None = None
    max_concurrent_requests_per_instance: int | None = None
    max_queue_wait_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How a replica is asked whether it is alive, in Azure ML's words; times in seconds. One that misses too often is started again."""

    initial_delay: int = 10
    period: int = 10
    timeout: int = 2
    failure_threshold: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What is collected under one name: of which share of the requests (0 to 1; None: that of the collector).

    `asset` is what the data asset is called that an export makes.
    """

    enabled: bool = True
    sampling_rate: float | None = None
    asset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCollector:
    """What is collected of a deployment's requests, in Azure ML's words.

    ``request`` and ``response`` are the bodies, with the headers that `capture_headers` names; ``model_inputs`` and ``model_outputs`` a
    flow's or an MLflow model's; any of them, and others, what its code collects by ``Collector``.
    """

    collections: dict[str, Collection] = field(default_factory=dict[str, Collection])
    sampling_rate: float = 1.0
    capture_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleSettings:
    """How many replicas run: ``default``, as many as `instance_count` says, or, in Azure ML's words, ``target_utilization``.

    Then as many run, within the bounds, as keep `target_utilization_percentage` of what they may answer at a time busy, looked at every
    `polling_interval` seconds. With `target_p95_ms` one more is added while 5 % of the requests take longer. Replicas are taken away
    once fewer were enough for `cool_down_s`.
    """

    type: Literal["default", "target_utilization"] = "default"
    min_instances: int = 1
    max_instances: int = 1
    target_utilization_percentage: int = 70
    polling_interval: int = 1
    target_p95_ms: int | None = None
    cool_down_s: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a metric of the deployed version's evaluation has to be: one bound or both, inclusive."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        """Return it as one writes it: ``f1_score >= 0.8``."""
        bounds = ((">=", self.at_least), ("<=", self.at_most))
        return " and ".join(f"{self.metric} {sign} {bound:g}" for sign, bound in bounds if bound is not None) or self.metric


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSettings:
    """What a deployment has besides what it serves. `gates`: a flow whose evaluation does not meet them is not deployed.

    `evaluation`: the run that is held to them, that of the flow or one that evaluates it; None: the newest that there is.
    """

    request: RequestSettings = field(default_factory=RequestSettings)
    ready_within_s: int | None = None
    liveness_probe: Probe | None = None
    scale: ScaleSettings = field(default_factory=ScaleSettings)
    data_collector: DataCollector | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    gates: tuple[Gate, ...] = ()
    evaluation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """One process that serves a deployment."""

    name: str
    state: ReplicaState
    pid: int | None = None
    restarts: int = 0
    started_at: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment. One of `flow`, `script` (each with the `digest` of its snapshot) and `model` is set; `error` is problem details.

    `instance_count` is how many replicas it was deployed with, `instances` how many should run now.

    `init`: what its flow's class, or its prompty, is made with; connections by name.
    """

    name: str
    endpoint: str
    state: DeploymentState
    instance_count: int
    replicas: tuple[Replica, ...]
    created_at: str
    updated_at: str
    flow: str | None = None
    digest: str | None = None
    model: str | None = None
    script: str | None = None
    job: str | None = None
    error: dict[str, Any] | None = None
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    init: dict[str, Any] = field(default_factory=dict[str, Any])
    settings: DeploymentSettings = field(default_factory=DeploymentSettings)
    instances: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A real-time endpoint. `traffic` maps deployment to per cent and sums to 0 or 100; the URIs are absolute paths.

    `mirror_traffic` has at most one deployment: it gets a copy of so many per cent of the requests, and its answers go to nobody.
    """

    name: str
    description: str | None
    traffic: dict[str, int]
    deployments: tuple[Deployment, ...]
    created_at: str
    updated_at: str
    scoring_path: str
    swagger_path: str
    openai_path: str
    mirror_traffic: dict[str, int] = field(default_factory=dict[str, int])
    auth_mode: AuthMode = "key"
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCreate:
    """Make an endpoint. Its name has 3 to 32 characters: letters, digits and hyphens, a letter first."""

    name: str
    description: str | None = None
    auth_mode: AuthMode = "key"
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointUpdate:
    """Change an endpoint; what is None stays. `mirror_traffic` empty ends the mirroring.

    Another `auth_mode` revokes the endpoint's own keys and tokens.
    """

    description: str | None = None
    auth_mode: AuthMode | None = None
    tags: dict[str, str] | None = None
    mirror_traffic: dict[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficUpdate:
    """Split requests by deployment, per cent; the sum is 0 or 100."""

    traffic: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentCreate:
    """Deploy a flow of the workspace (`flow`), an uploaded snapshot (`snapshot`, its digest), or a catalog model (`model`).

    With `script` the snapshot is that of a scoring script: `script` is its path below ``code/``; ``model/`` is what it finds in
    ``AZUREML_MODEL_DIR``, and ``requirements.txt`` lists its packages.

    `init` gives the arguments of a flex flow's class, or a prompty's model configuration; it holds no secrets, but names of connections.

    `anyway`: deploy it although its evaluation does not meet the `gates` of its settings; the audit trail says so.
    """

    name: str = "blue"
    flow: str | None = None
    snapshot: str | None = None
    model: str | None = None
    script: str | None = None
    instance_count: int = 1
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    init: dict[str, Any] = field(default_factory=dict[str, Any])
    settings: DeploymentSettings = field(default_factory=DeploymentSettings)
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSource:
    """What a deploy would bring into service: a flow or a `script` (with the `digest` of its snapshot, where it is known) or a `model`."""

    flow: str | None = None
    digest: str | None = None
    model: str | None = None
    script: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a deploy brought into service: one of `flow`, `script` (with the `digest` of their snapshot) and `model`.

    `serving`: it serves now, or did last.
    """

    revision: int
    serving: bool
    deployed_at: str
    deployed_by: str
    instance_count: int
    flow: str | None = None
    digest: str | None = None
    model: str | None = None
    script: str | None = None
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    init: dict[str, Any] = field(default_factory=dict[str, Any])
    settings: DeploymentSettings = field(default_factory=DeploymentSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """Bring an earlier revision back; None: the one before what serves."""

    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An uploaded flow folder, addressed by the SHA-256 of its files."""

    digest: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLines:
    """The last lines that a replica wrote."""

    replica: str
    lines: tuple[str, ...]
