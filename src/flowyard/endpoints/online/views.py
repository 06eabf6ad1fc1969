"""Endpoints as the API shows them."""

from collections.abc import Mapping

from flowyard.compute.model import ProcessStatus
from flowyard.endpoints.online.model import DeploymentRecord, EndpointRecord, ReplicaRecord, RevisionRecord, ScalingRecord
from flowyard.foundation.clock import to_rfc3339
from flowyard.wire.endpoints import Deployment, Endpoint, Replica, Revision
from flowyard.wire.scaling import Scaling


def show_endpoint(record: EndpointRecord, processes: Mapping[str, ProcessStatus]) -> Endpoint:
    """Return an endpoint; `processes` has the replicas' processes by name, as far as they are known."""
    return Endpoint(
        name=record.name,
        description=record.description,
        traffic=record.traffic,
        deployments=tuple(_deployment(deployment, processes) for deployment in record.deployments),
        created_at=to_rfc3339(record.created_ns),
        updated_at=to_rfc3339(record.updated_ns),
        scoring_path=f"/endpoints/{record.name}/score",
        swagger_path=f"/endpoints/{record.name}/swagger.json",
        openai_path=f"/endpoints/{record.name}/v1",
        mirror_traffic=record.mirror_traffic,
        auth_mode=record.auth_mode,
        tags=record.tags,
    )


def _deployment(record: DeploymentRecord, processes: Mapping[str, ProcessStatus]) -> Deployment:
    return Deployment(
        name=record.name,
        endpoint=record.endpoint,
        state=record.state,
        instance_count=record.plan.instance_count,
        replicas=tuple(_replica(replica, processes.get(replica.name)) for replica in record.replicas),
        created_at=to_rfc3339(record.created_ns),
        updated_at=to_rfc3339(record.updated_ns),
        flow=record.plan.flow,
        digest=record.plan.digest,
        model=record.plan.model,
        script=record.plan.script,
        job=record.job_id,
        error=record.error,
        environment_variables=record.plan.environment_variables,
        init=record.plan.init,
        settings=record.plan.settings,
        instances=record.wanted,
    )


def show_revision(record: RevisionRecord, serving: int) -> Revision:
    """Return a revision; `serving` is the number of the one that serves."""
    plan = record.plan
    return Revision(
        revision=record.revision,
        serving=record.revision == serving,
        deployed_at=to_rfc3339(record.created_ns),
        deployed_by=record.created_by,
        instance_count=plan.instance_count,
        flow=plan.flow,
        digest=plan.digest,
        model=plan.model,
        script=plan.script,
        environment_variables=plan.environment_variables,
        init=plan.init,
        settings=plan.settings,
    )


def show_scaling(record: ScalingRecord) -> Scaling:
    """Return a change of the number of replicas."""
    return Scaling(at=to_rfc3339(record.at_ns), before=record.before, after=record.after, reason=record.reason, by=record.by)


def _replica(record: ReplicaRecord, process: ProcessStatus | None) -> Replica:
    if process is None:
        return Replica(name=record.name, state=record.state)
    return Replica(
        name=record.name,
        state=process.state,
        pid=process.pid,
        restarts=process.restarts,
        started_at=to_rfc3339(process.started_ns) if process.started_ns else None,
        error=str((process.error or {}).get("detail") or "") or None,
    )
