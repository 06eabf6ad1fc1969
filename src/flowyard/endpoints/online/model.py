"""Endpoints, deployments and replicas as they are kept."""

from dataclasses import dataclass, field
from typing import Any

from flowyard.identity.model import ENDPOINT_SCOPE
from flowyard.wire.endpoints import AuthMode, DeploymentSettings, DeploymentState, ReplicaState

#: Revisions of a deployment that are kept to go back to.
REVISIONS_KEPT = 20
#: What the scopes of replicas' API keys begin with.
KEY_SCOPES = "deployment:"
#: Changes of a deployment's number of replicas that are kept.
SCALINGS_KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentPlan:
    """What a deploy is to bring into service: a flow (with `digest`, once it is known), a scoring script (with `digest`), or a model."""

    instance_count: int = 1
    flow: str | None = None
    digest: str | None = None
    model: str | None = None
    script: str | None = None
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    init: dict[str, Any] = field(default_factory=dict[str, Any])
    settings: DeploymentSettings = field(default_factory=DeploymentSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRecord:
    """What a deploy brought into service, when, and who asked for it."""

    revision: int
    plan: DeploymentPlan
    created_ns: int
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaRecord:
    """A replica as it should run. `name` is its process's; `address` None: it has not told one yet."""

    name: str
    workspace_id: str
    deployment_id: str
    revision: int
    token: str
    state: ReplicaState
    address: str | None = None
    updated_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRecord:
    """A deployment. `plan` is what serves now; `revision` 0 means that nothing has served yet. `error` is problem details.

    `instances`: how many replicas should run now; None: as many as `plan` says. `sample`: see `gateway.ports.DeploymentRoute`.
    """

    id: str
    workspace_id: str
    endpoint_id: str
    endpoint: str
    name: str
    state: DeploymentState
    revision: int
    plan: DeploymentPlan
    created_ns: int
    updated_ns: int
    job_id: str | None = None
    error: dict[str, Any] | None = None
    replicas: tuple[ReplicaRecord, ...] = ()
    instances: int | None = None
    sample: int = 0

    @property
    def wanted(self) -> int:
        """How many replicas should run now."""
        return self.plan.instance_count if self.instances is None else self.instances


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRecord:
    """A change of the number of replicas that should run."""

    at_ns: int
    before: int
    after: int
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRecord:
    """An endpoint with its deployments, by name."""

    id: str
    workspace_id: str
    name: str
    description: str | None
    traffic: dict[str, int]
    created_ns: int
    updated_ns: int
    mirror_traffic: dict[str, int] = field(default_factory=dict[str, int])
    auth_mode: AuthMode = "key"
    tags: dict[str, str] = field(default_factory=dict[str, str])
    deployments: tuple[DeploymentRecord, ...] = ()

    def deployment(self, name: str) -> DeploymentRecord | None:
        """Return the deployment of that name."""
        return next((deployment for deployment in self.deployments if deployment.name == name), None)


def replica_prefix(deployment_id: str) -> str:
    """Return what the process names of a deployment's replicas begin with."""
    return f"replica/{deployment_id}/"


def deployment_of(replica: str) -> str:
    """Return the id of the deployment that a replica's process belongs to."""
    return replica.split("/")[1]


def replica_name(deployment_id: str, revision: int, index: int) -> str:
    """Return the process name of a replica."""
    return f"{replica_prefix(deployment_id)}{revision}-{index}"


def endpoint_scope(endpoint_id: str) -> str:
    """Return the scope of an endpoint's own keys and tokens."""
    return f"{ENDPOINT_SCOPE}{endpoint_id}"


def key_scope(deployment_id: str, revision: int) -> str:
    """Return the scope of the API keys that a revision's replicas hold."""
    return f"{KEY_SCOPES}{deployment_id}:{revision}"


def revision_of(scope: str) -> tuple[str, int]:
    """Return the deployment's id and the revision that a scope of `key_scope` is of."""
    deployment_id, _, revision = scope.removeprefix(KEY_SCOPES).rpartition(":")
    return deployment_id, int(revision)
