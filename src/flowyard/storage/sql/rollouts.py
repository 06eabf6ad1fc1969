"""The `rollouts` table."""

from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, insert, select, update

from flowyard.endpoints.online.model import EndpointRecord
from flowyard.endpoints.online.names import check_traffic
from flowyard.endpoints.rollouts.errors import RolloutActiveError, TrafficMovedError
from flowyard.endpoints.rollouts.model import ACTIVE, Progress, RolloutRecord, is_same
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import decode, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import audit as audit_table
from flowyard.storage.schema import deployments, endpoints, rollouts
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.endpoints import put_traffic, read_endpoints
from flowyard.storage.sql.events import append_event
from flowyard.storage.sql.workspaces import lock_workspace
from flowyard.wire.rollouts import RolloutStart


class SqlRolloutStore:
    """`endpoints.rollouts.ports.RolloutStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, rollout: RolloutRecord, audit: AuditRecord) -> None:
        """See `RolloutStore.add`."""
        with writing(self._engine) as connection:
            lock_workspace(connection, rollout.workspace_id)
            active = _rows().where(rollouts.c.endpoint_id == rollout.endpoint_id, rollouts.c.state.in_(ACTIVE))
            if connection.execute(active).first() is not None:
                raise RolloutActiveError(rollout.endpoint)
            if not _move(connection, rollout, rollout.progress.before):
                raise TrafficMovedError("The traffic was changed at the same moment.", remedy="Start the rollout again.")
            values = {"id": rollout.id, "workspace_id": rollout.workspace_id, "endpoint_id": rollout.endpoint_id}
            values |= {"spec": _text(rollout.spec), "created_ns": rollout.created_ns, "created_by": rollout.created_by}
            connection.execute(insert(rollouts).values(**values, version=rollout.version, **_values(rollout)))
            append_audit(connection, audit)
            append_event(connection, rollout.workspace_id, "endpoint", rollout.endpoint)

    def find(self, endpoint_id: str, *, limit: int = 20) -> list[RolloutRecord]:
        """See `RolloutStore.find`."""
        query = _rows().where(rollouts.c.endpoint_id == endpoint_id).order_by(rollouts.c.id.desc()).limit(limit)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(query).mappings()]

    def active(self) -> list[RolloutRecord]:
        """See `RolloutStore.active`."""
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(_rows().where(rollouts.c.state.in_(ACTIVE))).mappings()]

    def save(
        self,
        rollout: RolloutRecord,
        *,
        sample: int | None = None,
        moved_from: dict[str, int] | None = None,
        audit: AuditRecord | None = None,
    ) -> bool:
        """See `RolloutStore.save`."""
        mine = (rollouts.c.id == rollout.id, rollouts.c.version == rollout.version)
        with writing(self._engine) as connection:
            if moved_from is not None and not _move(connection, rollout, moved_from):
                return False
            changed = connection.execute(update(rollouts).where(*mine).values(version=rollout.version + 1, **_values(rollout)))
            if changed.rowcount == 0:
                connection.rollback()
                return False
            sampled = sample is not None and _sample(connection, rollout, sample)
            append_audit(connection, audit)
            if sampled or moved_from is not None:
                append_event(connection, rollout.workspace_id, "endpoint", rollout.endpoint)
        return True

    def mover(self, rollout: RolloutRecord) -> str | None:
        """See `RolloutStore.mover`."""
        query = (
            select(audit_table.c.actor)
            .where(
                audit_table.c.workspace_id == rollout.workspace_id,
                audit_table.c.action == "endpoint.traffic",
                audit_table.c.target == f"endpoints/{rollout.endpoint}",
            )
            .order_by(audit_table.c.at_ns.desc(), audit_table.c.id.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            return connection.execute(query).scalar_one_or_none()


def _move(connection: Connection, rollout: RolloutRecord, moved_from: dict[str, int]) -> bool:
    """Set the endpoint's traffic if it is `moved_from` still."""
    endpoint = _endpoint(connection, rollout)
    if endpoint is None or not is_same(endpoint.traffic, moved_from):
        return False
    traffic = rollout.progress.traffic
    check_traffic(traffic, [deployment.name for deployment in endpoint.deployments])
    put_traffic(connection, endpoint.id, traffic)
    return True


def _sample(connection: Connection, rollout: RolloutRecord, sample: int) -> bool:
    to = (deployments.c.endpoint_id == rollout.endpoint_id, deployments.c.name == rollout.spec.to, deployments.c.sample != sample)
    return bool(connection.execute(update(deployments).where(*to).values(sample=sample)).rowcount)


def _endpoint(connection: Connection, rollout: RolloutRecord) -> EndpointRecord | None:
    # On PostgreSQL whoever changes the traffic at this moment is waited for.
    locked = select(endpoints.c.id).where(endpoints.c.id == rollout.endpoint_id).with_for_update()
    if connection.execute(locked).first() is None:
        return None
    found = read_endpoints(connection, rollout.workspace_id, rollout.endpoint)
    return found[0] if found else None


def _rows() -> Select[Any]:
    return select(rollouts, endpoints.c.name.label("endpoint")).join(endpoints, endpoints.c.id == rollouts.c.endpoint_id)


def _values(rollout: RolloutRecord) -> dict[str, Any]:
    return {"state": rollout.state, "progress": _text(rollout.progress), "updated_ns": now_ns()}


def _record(row: RowMapping) -> RolloutRecord:
    values: dict[str, Any] = {**row, "spec": decode(row["spec"], RolloutStart), "progress": decode(row["progress"], Progress)}
    return RolloutRecord(**values)


def _text(value: Any) -> str:
    return to_json(value).decode()
