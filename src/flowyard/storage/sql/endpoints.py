"""The `endpoints`, `deployments` and `replicas` tables."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.data.lineage.model import Thing
from flowyard.endpoints.errors import EndpointTakenError
from flowyard.endpoints.online.lineage import deployment_edges
from flowyard.endpoints.online.model import (
    REVISIONS_KEPT,
    SCALINGS_KEPT,
    DeploymentPlan,
    DeploymentRecord,
    EndpointRecord,
    ReplicaRecord,
    RevisionRecord,
    ScalingRecord,
    endpoint_scope,
)
from flowyard.endpoints.online.names import check_traffic
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import decode, from_json, to_json
from flowyard.foundation.ids import new_id
from flowyard.identity.access import Holder
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import (
    deployment_figures,
    deployment_revisions,
    deployment_samples,
    deployment_scalings,
    deployment_usage,
    deployments,
    endpoints,
    replicas,
    rollouts,
)
from flowyard.storage.sql.access_tags import forget_tags
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.events import append_event
from flowyard.storage.sql.keys import revoke_scope
from flowyard.storage.sql.lineage import append_edges
from flowyard.wire.endpoints import DeploymentSettings, DeploymentState

# What is deleted with a deployment.
_BELOW_A_DEPLOYMENT = (replicas, deployment_revisions, deployment_figures, deployment_samples, deployment_scalings, deployment_usage)


class SqlEndpointStore:
    """`endpoints.online.ports.EndpointStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, endpoint: EndpointRecord, audit: AuditRecord) -> None:
        """See `EndpointStore.add`."""
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    insert(endpoints).values(
                        id=endpoint.id,
                        workspace_id=endpoint.workspace_id,
                        name=endpoint.name,
                        description=endpoint.description,
                        traffic=_text(endpoint.traffic),
                        auth_mode=endpoint.auth_mode,
                        tags=_text(endpoint.tags),
                        created_ns=endpoint.created_ns,
                        updated_ns=endpoint.updated_ns,
                    )
                )
                append_audit(connection, audit)
                append_event(connection, endpoint.workspace_id, "endpoint", endpoint.name)
        except IntegrityError as error:
            if self.get(endpoint.workspace_id, endpoint.name) is None:
                raise
            raise EndpointTakenError(f"There is an endpoint {endpoint.name!r} already.", remedy="Choose another name.") from error

    def find(self, workspace_id: str | None = None) -> list[EndpointRecord]:
        """See `EndpointStore.find`."""
        with reading(self._engine) as connection:
            return read_endpoints(connection, workspace_id)

    def get(self, workspace_id: str, name: str) -> EndpointRecord | None:
        """See `EndpointStore.get`."""
        with reading(self._engine) as connection:
            return _one(connection, workspace_id, name)

    def deployment(self, deployment_id: str) -> DeploymentRecord | None:
        """See `EndpointStore.deployment`."""
        with reading(self._engine) as connection:
            return _deployment(connection, deployment_id)

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """See `EndpointStore.delete`."""
        with writing(self._engine) as connection:
            mine = (endpoints.c.workspace_id == workspace_id, endpoints.c.name == name)
            endpoint_id = connection.execute(select(endpoints.c.id).where(*mine)).scalar_one_or_none()
            if endpoint_id is None:
                return False
            ids = list(connection.execute(select(deployments.c.id).where(deployments.c.endpoint_id == endpoint_id)).scalars())
            connection.execute(delete(rollouts).where(rollouts.c.endpoint_id == endpoint_id))
            _delete_deployments(connection, ids)
            connection.execute(delete(endpoints).where(endpoints.c.id == endpoint_id))
            forget_tags(connection, workspace_id, Holder("endpoint", endpoint_id))
            revoke_scope(connection, workspace_id, endpoint_scope(endpoint_id), now_ns())
            append_audit(connection, audit)
            append_event(connection, workspace_id, "endpoint", name)
            return True

    def set_traffic(self, workspace_id: str, name: str, traffic: dict[str, int], audit: AuditRecord) -> bool:
        """See `EndpointStore.set_traffic`."""
        with writing(self._engine) as connection:
            endpoint = _one(connection, workspace_id, name)
            if endpoint is None:
                return False
            check_traffic(traffic, [deployment.name for deployment in endpoint.deployments])
            put_traffic(connection, endpoint.id, traffic)
            append_audit(connection, audit)
            append_event(connection, workspace_id, "endpoint", name)
            return True

    def update(self, endpoint: EndpointRecord, audit: AuditRecord) -> bool:
        """See `EndpointStore.update`."""
        values = {
            "description": endpoint.description,
            "tags": _text(endpoint.tags),
            "mirror_traffic": _text(endpoint.mirror_traffic),
            "auth_mode": endpoint.auth_mode,
        }
        with writing(self._engine) as connection:
            present = _one(connection, endpoint.workspace_id, endpoint.name)
            changed = connection.execute(update(endpoints).where(endpoints.c.id == endpoint.id).values(**values, updated_ns=now_ns()))
            if changed.rowcount:
                if present is not None and present.auth_mode != endpoint.auth_mode:
                    revoke_scope(connection, endpoint.workspace_id, endpoint_scope(endpoint.id), now_ns())
                append_audit(connection, audit)
                append_event(connection, endpoint.workspace_id, "endpoint", endpoint.name)
            return bool(changed.rowcount)

    def begin_deploy(self, endpoint: EndpointRecord, name: str, plan: DeploymentPlan, audit: AuditRecord) -> DeploymentRecord:
        """See `EndpointStore.begin_deploy`."""
        now = now_ns()
        with writing(self._engine) as connection:
            mine = (deployments.c.endpoint_id == endpoint.id, deployments.c.name == name)
            changed = connection.execute(
                update(deployments).where(*mine).values(state="deploying", job_id=None, updated_ns=now).returning(deployments.c.id)
            ).scalar_one_or_none()
            deployment_id = changed or new_id()
            if changed is None:
                connection.execute(
                    insert(deployments).values(
                        id=deployment_id,
                        workspace_id=endpoint.workspace_id,
                        endpoint_id=endpoint.id,
                        name=name,
                        state="deploying",
                        revision=0,
                        created_ns=now,
                        updated_ns=now,
                        **_plan_values(plan),
                    )
                )
            append_audit(connection, audit)
            begun = _deployment(connection, deployment_id)
        if begun is None:
            raise RuntimeError("a deployment that was just written is not there")
        return begun

    def set_job(self, deployment_id: str, job_id: str) -> None:
        """See `EndpointStore.set_job`."""
        with writing(self._engine) as connection:
            connection.execute(update(deployments).where(deployments.c.id == deployment_id).values(job_id=job_id))

    def switch(self, deployment_id: str, revision: int, plan: DeploymentPlan, by: str, made_of: Sequence[Thing] = ()) -> None:
        """See `EndpointStore.switch`."""
        with writing(self._engine) as connection:
            found = _deployment(connection, deployment_id)
            if found is None:
                return
            values = {
                "state": "healthy",
                "revision": revision,
                "instances": None,
                "error": None,
                "updated_ns": now_ns(),
                **_plan_values(plan),
            }
            connection.execute(update(deployments).where(deployments.c.id == deployment_id).values(**values))
            connection.execute(delete(replicas).where(replicas.c.deployment_id == deployment_id, replicas.c.revision != revision))
            _keep_revision(connection, found, revision, plan, by)
            append_edges(connection, deployment_edges(found, revision, plan, by, made_of))
            endpoint = _one(connection, found.workspace_id, found.endpoint)
            if endpoint is not None and not any(endpoint.traffic.values()) and _first_to_serve(endpoint, deployment_id):
                put_traffic(connection, endpoint.id, {found.name: 100})
            append_event(connection, found.workspace_id, "endpoint", found.endpoint)

    def revisions(self, deployment_id: str) -> list[RevisionRecord]:
        """See `EndpointStore.revisions`."""
        query = (
            select(deployment_revisions)
            .where(deployment_revisions.c.deployment_id == deployment_id)
            .order_by(deployment_revisions.c.revision.desc())
        )
        with reading(self._engine) as connection:
            return [
                RevisionRecord(
                    revision=row["revision"],
                    plan=decode(row["plan"], DeploymentPlan),
                    created_ns=row["created_ns"],
                    created_by=row["created_by"],
                )
                for row in connection.execute(query).mappings()
            ]

    def scale(self, deployment: DeploymentRecord, count: int, reason: str, by: str) -> bool:
        """See `EndpointStore.scale`."""
        with writing(self._engine) as connection:
            return _scale(connection, deployment, reason, by, {"instances": count}, count)

    def resize(self, deployment: DeploymentRecord, plan: DeploymentPlan, reason: str, audit: AuditRecord) -> bool:
        """See `EndpointStore.resize`."""
        with writing(self._engine) as connection:
            values = {"instances": None, "instance_count": plan.instance_count, "settings": _text(plan.settings)}
            changed = _scale(connection, deployment, reason, audit.actor, values, plan.instance_count)
            append_audit(connection, audit if changed else None)
            return changed

    def scalings(self, deployment_id: str) -> list[ScalingRecord]:
        """See `EndpointStore.scalings`."""
        table = deployment_scalings
        query = select(table.c.at_ns, table.c.before, table.c.after, table.c.reason, table.c.by)
        query = query.where(table.c.deployment_id == deployment_id).order_by(table.c.at_ns.desc(), table.c.id.desc()).limit(SCALINGS_KEPT)
        with reading(self._engine) as connection:
            return [ScalingRecord(**row) for row in connection.execute(query).mappings()]

    def set_state(self, deployment_id: str, state: DeploymentState, error: dict[str, Any] | None) -> None:
        """See `EndpointStore.set_state`."""
        with writing(self._engine) as connection:
            values = {"state": state, "error": _text(error) if error else None, "updated_ns": now_ns()}
            connection.execute(update(deployments).where(deployments.c.id == deployment_id).values(**values))
            _tell(connection, deployment_id)

    def delete_deployment(self, deployment_id: str, audit: AuditRecord | None) -> bool:
        """See `EndpointStore.delete_deployment`."""
        with writing(self._engine) as connection:
            found = _deployment(connection, deployment_id)
            if found is None:
                return False
            _delete_deployments(connection, [deployment_id])
            endpoint = _one(connection, found.workspace_id, found.endpoint)
            if endpoint is not None and found.name in endpoint.mirror_traffic:
                connection.execute(update(endpoints).where(endpoints.c.id == endpoint.id).values(mirror_traffic=_text({})))
            if endpoint is not None and found.name in endpoint.traffic:
                put_traffic(connection, endpoint.id, {name: share for name, share in endpoint.traffic.items() if name != found.name})
            append_audit(connection, audit)
            append_event(connection, found.workspace_id, "endpoint", found.endpoint)
            return True

    def put_replica(self, replica: ReplicaRecord) -> bool:
        """See `EndpointStore.put_replica`."""
        values = {**asdict(replica), "updated_ns": now_ns()}
        with writing(self._engine) as connection:
            if connection.execute(select(deployments.c.id).where(deployments.c.id == replica.deployment_id)).first() is None:
                return False
            changed = connection.execute(update(replicas).where(replicas.c.name == replica.name).values(**values))
            if not changed.rowcount:
                connection.execute(insert(replicas).values(**values))
            _tell(connection, replica.deployment_id)
            return True

    def forget_replica(self, name: str) -> None:
        """See `EndpointStore.forget_replica`."""
        with writing(self._engine) as connection:
            gone = delete(replicas).where(replicas.c.name == name).returning(replicas.c.deployment_id)
            deployment_id = connection.execute(gone).scalar_one_or_none()
            if deployment_id is not None:
                _tell(connection, deployment_id)

    def forget_addresses(self) -> None:
        """Say of all replicas that they do not run: their supervisor has just been started.

        Nothing must be sent to an address of its earlier life. Somebody else may listen there by now.
        """
        with writing(self._engine) as connection:
            connection.execute(update(replicas).values(address=None, state="stopped", updated_ns=now_ns()))


def read_endpoints(connection: Connection, workspace_id: str | None = None, name: str | None = None) -> list[EndpointRecord]:
    """Return endpoints with everything below them, by name: of one workspace or all, of one name or all."""
    query = select(endpoints).order_by(endpoints.c.name)
    if workspace_id is not None:
        query = query.where(endpoints.c.workspace_id == workspace_id)
    if name is not None:
        query = query.where(endpoints.c.name == name)
    rows = list(connection.execute(query).mappings())
    if not rows:
        return []
    names: dict[str, str] = {row["id"]: row["name"] for row in rows}
    # One list of ids would outgrow a statement's parameters where there are many: the workspace bounds it as well.
    below = select(deployments).order_by(deployments.c.name)
    below = below.where(deployments.c.endpoint_id.in_(names)) if name is not None else _within(below, deployments, workspace_id)
    grouped: dict[str, list[DeploymentRecord]] = defaultdict(list)
    found = list(connection.execute(below).mappings())
    running = _replicas(connection, workspace_id, [row["id"] for row in found] if name is not None else None)
    for row in found:
        if row["endpoint_id"] in names:
            grouped[row["endpoint_id"]].append(_deployment_record(row, names[row["endpoint_id"]], running.get(row["id"], ())))
    return [_endpoint_record(row, tuple(grouped[row["id"]])) for row in rows]


def _within(query: Any, table: Any, workspace_id: str | None) -> Any:
    return query if workspace_id is None else query.where(table.c.workspace_id == workspace_id)


def _replicas(connection: Connection, workspace_id: str | None, ids: list[str] | None) -> dict[str, tuple[ReplicaRecord, ...]]:
    query = select(replicas).order_by(replicas.c.name)
    query = _within(query, replicas, workspace_id) if ids is None else query.where(replicas.c.deployment_id.in_(ids))
    grouped: dict[str, list[ReplicaRecord]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        grouped[row["deployment_id"]].append(ReplicaRecord(**row))
    return {deployment_id: tuple(records) for deployment_id, records in grouped.items()}


def _one(connection: Connection, workspace_id: str, name: str) -> EndpointRecord | None:
    found = read_endpoints(connection, workspace_id, name)
    return found[0] if found else None


def _deployment(connection: Connection, deployment_id: str) -> DeploymentRecord | None:
    query = (
        select(deployments, endpoints.c.name.label("endpoint"))
        .join(endpoints, endpoints.c.id == deployments.c.endpoint_id)
        .where(deployments.c.id == deployment_id)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    running = _replicas(connection, None, [deployment_id])
    return _deployment_record(row, row["endpoint"], running.get(deployment_id, ()))


def _scale(connection: Connection, deployment: DeploymentRecord, reason: str, by: str, values: dict[str, Any], after: int) -> bool:
    mine = (deployments.c.id == deployment.id, deployments.c.revision == deployment.revision)
    mine = (*mine, func.coalesce(deployments.c.instances, deployments.c.instance_count) == deployment.wanted)
    if not connection.execute(update(deployments).where(*mine).values(**values)).rowcount:
        return False
    table, now = deployment_scalings, now_ns()
    place = {"id": new_id(), "deployment_id": deployment.id, "workspace_id": deployment.workspace_id}
    connection.execute(insert(table).values(**place, at_ns=now, before=deployment.wanted, after=after, reason=reason, by=by))
    older = select(table.c.id).where(table.c.deployment_id == deployment.id).order_by(table.c.at_ns.desc(), table.c.id.desc())
    connection.execute(delete(table).where(table.c.id.in_(older.offset(SCALINGS_KEPT).limit(SCALINGS_KEPT))))
    append_event(connection, deployment.workspace_id, "endpoint", deployment.endpoint)
    return True


def _delete_deployments(connection: Connection, ids: list[str]) -> None:
    for below in _BELOW_A_DEPLOYMENT:
        connection.execute(delete(below).where(below.c.deployment_id.in_(ids)))
    connection.execute(delete(deployments).where(deployments.c.id.in_(ids)))


def _keep_revision(connection: Connection, deployment: DeploymentRecord, revision: int, plan: DeploymentPlan, by: str) -> None:
    table = deployment_revisions
    mine = table.c.deployment_id == deployment.id
    if connection.execute(select(table.c.revision).where(mine, table.c.revision == revision)).first() is None:
        values = {"deployment_id": deployment.id, "workspace_id": deployment.workspace_id, "revision": revision}
        connection.execute(insert(table).values(**values, plan=_text(plan), created_ns=now_ns(), created_by=by))
    connection.execute(delete(table).where(mine, table.c.revision <= revision - REVISIONS_KEPT))


def _first_to_serve(endpoint: EndpointRecord, deployment_id: str) -> bool:
    return all(deployment.revision == 0 for deployment in endpoint.deployments if deployment.id != deployment_id)


def put_traffic(connection: Connection, endpoint_id: str, traffic: dict[str, int]) -> None:
    """Replace the split within the caller's transaction; whoever calls appends the event."""
    connection.execute(update(endpoints).where(endpoints.c.id == endpoint_id).values(traffic=_text(traffic), updated_ns=now_ns()))


def _tell(connection: Connection, deployment_id: str) -> None:
    found = _deployment(connection, deployment_id)
    if found is not None:
        append_event(connection, found.workspace_id, "endpoint", found.endpoint)


def _plan_values(plan: DeploymentPlan) -> dict[str, Any]:
    return {
        "flow": plan.flow,
        "digest": plan.digest,
        "model": plan.model,
        "script": plan.script,
        "instance_count": plan.instance_count,
        "environment_variables": _text(plan.environment_variables),
        "init": _text(plan.init),
        "settings": _text(plan.settings),
    }


def _endpoint_record(row: RowMapping, below: tuple[DeploymentRecord, ...]) -> EndpointRecord:
    return EndpointRecord(
        id=row["id"],
        workspace_id=row["workspace_id"],
        name=row["name"],
        description=row["description"],
        traffic=from_json(row["traffic"]),
        mirror_traffic=from_json(row["mirror_traffic"]),
        auth_mode=row["auth_mode"],
        tags=from_json(row["tags"]),
        created_ns=row["created_ns"],
        updated_ns=row["updated_ns"],
        deployments=below,
    )


def _deployment_record(row: RowMapping, endpoint: str, running: tuple[ReplicaRecord, ...]) -> DeploymentRecord:
    return DeploymentRecord(
        id=row["id"],
        workspace_id=row["workspace_id"],
        endpoint_id=row["endpoint_id"],
        endpoint=endpoint,
        name=row["name"],
        state=row["state"],
        revision=row["revision"],
        plan=DeploymentPlan(
            instance_count=row["instance_count"],
            flow=row["flow"],
            digest=row["digest"],
            model=row["model"],
            script=row["script"],
            environment_variables=from_json(row["environment_variables"]),
            init=from_json(row["init"]),
            settings=decode(row["settings"], DeploymentSettings),
        ),
        created_ns=row["created_ns"],
        updated_ns=row["updated_ns"],
        job_id=row["job_id"],
        error=from_json(row["error"]) if row["error"] else None,
        replicas=running,
        instances=row["instances"],
        sample=row["sample"],
    )


def _text(value: Any) -> str:
    return to_json(value).decode()
