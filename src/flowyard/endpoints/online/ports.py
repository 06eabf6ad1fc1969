"""What online endpoints need of the rest."""

from collections.abc import Sequence
from typing import Any, Protocol

from flowyard.connections.model import ResolvedConnection
from flowyard.data.lineage.model import Thing
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord, EndpointRecord, ReplicaRecord, RevisionRecord, ScalingRecord
from flowyard.identity.model import AuditRecord, Caller
from flowyard.wire.connections import Connection
from flowyard.wire.endpoints import DeploymentState
from flowyard.wire.identity import Role


class EndpointStore(Protocol):
    """Keeps endpoints, deployments and replicas.

    Every method is one transaction; what changes where requests go appends the event ``endpoint``, and what takes an `audit` line
    writes it too.
    """

    def add(self, endpoint: EndpointRecord, audit: AuditRecord) -> None:
        """Keep a new endpoint.

        Raises:
            EndpointTakenError: the workspace has one of this name.
        """
        ...

    def find(self, workspace_id: str | None = None) -> list[EndpointRecord]:
        """Return the endpoints of a workspace, or of all, by name, with everything below them."""
        ...

    def get(self, workspace_id: str, name: str) -> EndpointRecord | None:
        """Return one endpoint with everything below it."""
        ...

    def deployment(self, deployment_id: str) -> DeploymentRecord | None:
        """Return one deployment with its replicas."""
        ...

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """Delete an endpoint and everything below it, revoke its own keys and tokens; False when there is none."""
        ...

    def set_traffic(self, workspace_id: str, name: str, traffic: dict[str, int], audit: AuditRecord) -> bool:
        """Replace the split; False when there is no such endpoint.

        Raises:
            TrafficInvalidError: it names a deployment that does not exist.
        """
        ...

    def update(self, endpoint: EndpointRecord, audit: AuditRecord) -> bool:
        """Replace description, tags, mirrored traffic and the auth mode by those of `endpoint`; False when there is no such endpoint.

        Another auth mode revokes its own keys and tokens.
        """
        ...

    def begin_deploy(self, endpoint: EndpointRecord, name: str, plan: DeploymentPlan, audit: AuditRecord) -> DeploymentRecord:
        """Note that a deploy begins: make the deployment, or mark the present one as ``deploying``; it goes on serving."""
        ...

    def set_job(self, deployment_id: str, job_id: str) -> None:
        """Note which job deploys."""
        ...

    def switch(self, deployment_id: str, revision: int, plan: DeploymentPlan, by: str, made_of: Sequence[Thing] = ()) -> None:
        """Let `revision` serve from now on, as ``healthy`` and without an error; the endpoint's first deployment gets all traffic.

        Replicas of other revisions are forgotten; the revision is noted as deployed by `by`; its lineage has `made_of` besides what it
        serves. Again, it changes nothing.
        """
        ...

    def revisions(self, deployment_id: str) -> Sequence[RevisionRecord]:
        """Return what served under the deployment's name, the newest first: the last `REVISIONS_KEPT`."""
        ...

    def scale(self, deployment: DeploymentRecord, count: int, reason: str, by: str) -> bool:
        """Let so many replicas run, and keep the change in the history. False: it has another revision or number by now."""
        ...

    def resize(self, deployment: DeploymentRecord, plan: DeploymentPlan, reason: str, audit: AuditRecord) -> bool:
        """Replace `instance_count` and the scale settings by those of `plan`, and keep the change in the history.

        False: it has another revision or number by now.
        """
        ...

    def scalings(self, deployment_id: str) -> Sequence[ScalingRecord]:
        """Return the changes of the number of replicas, the newest first: the last `SCALINGS_KEPT`."""
        ...

    def set_state(self, deployment_id: str, state: DeploymentState, error: dict[str, Any] | None) -> None:
        """Note how a deployment is."""
        ...

    def delete_deployment(self, deployment_id: str, audit: AuditRecord | None) -> bool:
        """Delete a deployment and its replicas, and take it out of the split; False when there is none."""
        ...

    def put_replica(self, replica: ReplicaRecord) -> bool:
        """Keep a replica as it is now; False when its deployment is gone."""
        ...

    def forget_replica(self, name: str) -> None:
        """Forget a replica."""
        ...


class Connections(Protocol):
    """Connections with their secrets."""

    def resolve_all(self, workspace_id: str | None = None) -> Sequence[ResolvedConnection]:
        """Return the connections of a workspace."""
        ...


class ConnectionNames(Protocol):
    """Connections as a caller sees them, without their secrets."""

    def list(self, caller: Caller) -> Sequence[Connection]:
        """Return the connections of the caller's workspace."""
        ...


class ProcessKeys(Protocol):
    """Keys for processes, as `identity.keys.KeyService` makes them."""

    def issue(
        self, workspace_id: str, name: str, role: Role, *, scope: str, expires_ns: int | None = None, acts_for: str | None = None
    ) -> str:
        """Make a key and return its secret. `acts_for`: by whose access tags the process sees documents."""
        ...

    def revoke_scope(self, workspace_id: str, scope: str) -> int:
        """Revoke all keys of a scope and return how many there were."""
        ...

    def scopes(self, prefix: str) -> Sequence[tuple[str, str]]:
        """Return the scopes of unrevoked keys that begin with `prefix`, each after the id of its workspace."""
        ...


class JobStates(Protocol):
    """Whether jobs still go on."""

    def is_active(self, workspace_id: str, job_id: str | None) -> bool:
        """Whether there is such a job that has not ended."""
        ...
