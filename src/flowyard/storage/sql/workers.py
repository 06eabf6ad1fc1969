"""The tables `workers` and `leases`."""

from sqlalchemy import Engine, case, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.compute.jobs.model import WorkerRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import leases, workers


class SqlWorkerStore:
    """`compute.jobs.ports.WorkerStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def register(self, worker: WorkerRecord) -> None:
        """See `WorkerStore.register`."""
        with writing(self._engine) as connection:
            connection.execute(
                insert(workers).values(
                    id=worker.id, host=worker.host, pid=worker.pid, started_ns=worker.started_ns, heartbeat_ns=worker.heartbeat_ns
                )
            )

    def heartbeat(self, worker_id: str, now_ns: int) -> bool:
        """See `WorkerStore.heartbeat`."""
        with writing(self._engine) as connection:
            return connection.execute(update(workers).where(workers.c.id == worker_id).values(heartbeat_ns=now_ns)).rowcount > 0

    def remove(self, worker_id: str) -> None:
        """See `WorkerStore.remove`."""
        with writing(self._engine) as connection:
            connection.execute(delete(workers).where(workers.c.id == worker_id))
            connection.execute(update(leases).where(leases.c.holder == worker_id).values(expires_ns=0))

    def workers(self) -> list[WorkerRecord]:
        """See `WorkerStore.workers`."""
        with reading(self._engine) as connection:
            return [WorkerRecord(**row) for row in connection.execute(select(workers).order_by(workers.c.started_ns)).mappings()]

    def lease(self, name: str, worker_id: str, *, now_ns: int, until_ns: int) -> int | None:
        """See `WorkerStore.lease`."""
        held = leases.c.holder == worker_id
        free = or_(held, leases.c.expires_ns < now_ns, leases.c.holder.not_in(select(workers.c.id)))
        values = {"holder": worker_id, "expires_ns": until_ns, "epoch": case((held, leases.c.epoch), else_=leases.c.epoch + 1)}
        try:
            with writing(self._engine) as connection:
                taken = connection.execute(update(leases).where(leases.c.name == name, free).values(**values)).rowcount
                epoch = connection.scalar(select(leases.c.epoch).where(leases.c.name == name))
                if epoch is None:
                    connection.execute(insert(leases).values(name=name, holder=worker_id, epoch=1, expires_ns=until_ns))
                    return 1
                return epoch if taken else None
        except IntegrityError:  # PostgreSQL: another made the row at the same moment
            return None
