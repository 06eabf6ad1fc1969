"""The `deployment_usage` table."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Engine, delete, func, insert, literal, select

from flowyard.endpoints.online.usage import DeploymentUse, UseFigures
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import deployment_usage


class SqlUsageStore:
    """`endpoints.online.usage.UsageStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, rows: Sequence[DeploymentUse], *, forget_before_ns: int) -> None:
        """See `UsageStore.add`."""
        with writing(self._engine) as connection:
            connection.execute(delete(deployment_usage).where(deployment_usage.c.at_ns < forget_before_ns))
            connection.execute(insert(deployment_usage), [asdict(row) for row in rows])

    def read(self, deployment_ids: Iterable[str], since_ns: int, until_ns: int, grain_ns: int | None) -> list[UseFigures]:
        """See `UsageStore.read`."""
        table = deployment_usage.c
        bucket = literal(0) if grain_ns is None else table.at_ns // grain_ns * grain_ns
        query = (
            select(
                table.deployment_id,
                bucket.label("begin_ns"),
                func.sum(table.cpu_ns).label("cpu_ns"),
                func.sum(table.lasted_ns).label("lasted_ns"),
                func.avg(table.memory_bytes).label("memory"),
                func.max(table.memory_bytes).label("peak"),
            )
            .where(table.deployment_id.in_(list(deployment_ids)), table.at_ns >= since_ns, table.at_ns < until_ns)
            .group_by(table.deployment_id, "begin_ns")
            .order_by("begin_ns", table.deployment_id)
        )
        with reading(self._engine) as connection:
            return [
                UseFigures(
                    deployment_id=row.deployment_id,
                    begin_ns=None if grain_ns is None else row.begin_ns,
                    cpu_cores=float(row.cpu_ns / row.lasted_ns),
                    memory_bytes=round(row.memory),
                    memory_peak_bytes=row.peak,
                )
                for row in connection.execute(query)
            ]
