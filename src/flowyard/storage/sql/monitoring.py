"""What ``/metrics`` tells of the database: counts over all workspaces."""

from collections import defaultdict

from sqlalchemy import Connection, Engine, func, select

from flowyard.monitoring.ports import Deployed, Inventory, Stored
from flowyard.storage.engine import reading
from flowyard.storage.schema import deployments, endpoints, jobs, replicas, telemetry_segments, workspaces


class SqlInventory:
    """`monitoring.ports.InventorySource` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> Inventory:
        """See `InventorySource.read`."""
        with reading(self._engine) as connection:
            known = connection.execute(select(workspaces.c.id, workspaces.c.name).order_by(workspaces.c.created_ns, workspaces.c.id)).all()
            return Inventory(
                workspaces={row.id: row.name for row in known},
                jobs=_jobs(connection),
                deployments=_deployments(connection),
                segments=_segments(connection),
            )

    def first_workspace(self) -> str | None:
        """See `InventorySource.first_workspace`."""
        with reading(self._engine) as connection:
            return connection.scalar(select(workspaces.c.id).order_by(workspaces.c.created_ns, workspaces.c.id).limit(1))


def _jobs(connection: Connection) -> dict[tuple[str, str, str], int]:
    columns = (jobs.c.workspace_id, jobs.c.kind, jobs.c.status)
    rows = connection.execute(select(*columns, func.count().label("n")).group_by(*columns)).all()
    return {(row.workspace_id, row.kind, row.status): int(row.n) for row in rows}


def _deployments(connection: Connection) -> tuple[Deployed, ...]:
    states: dict[str, dict[str, int]] = defaultdict(dict)
    columns = (replicas.c.deployment_id, replicas.c.state)
    for row in connection.execute(select(*columns, func.count().label("n")).group_by(*columns)):
        states[row.deployment_id][row.state] = int(row.n)
    statement = select(
        deployments.c.id,
        deployments.c.workspace_id,
        endpoints.c.name.label("endpoint"),
        deployments.c.name,
        deployments.c.state,
        func.coalesce(deployments.c.instances, deployments.c.instance_count).label("wanted"),
    ).join(endpoints, endpoints.c.id == deployments.c.endpoint_id)
    return tuple(
        Deployed(
            id=row.id,
            workspace_id=row.workspace_id,
            endpoint=row.endpoint,
            deployment=row.name,
            state=row.state,
            wanted=row.wanted,
            replicas=states.get(row.id, {}),
        )
        for row in connection.execute(statement)
    )


def _segments(connection: Connection) -> tuple[Stored, ...]:
    columns = (telemetry_segments.c.workspace_id, telemetry_segments.c.signal)
    statement = select(
        *columns,
        func.count().label("segments"),
        func.sum(telemetry_segments.c.rows).label("held"),
        func.sum(telemetry_segments.c.bytes).label("size"),
    ).group_by(*columns)
    return tuple(
        Stored(workspace_id=row.workspace_id, signal=row.signal, segments=int(row.segments), rows=int(row.held), bytes=int(row.size))
        for row in connection.execute(statement)
    )
