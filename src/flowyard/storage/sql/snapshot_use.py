"""Which snapshots deployments refer to, in all workspaces: what serves, what served before, and what is about to."""

from sqlalchemy import Engine, select

from flowyard.endpoints.online.deploy import DEPLOYMENT
from flowyard.foundation.codecs import from_json
from flowyard.storage.engine import reading
from flowyard.storage.schema import deployment_revisions, deployments, jobs


class SqlSnapshotUse:
    """`flows.runs.ports.SnapshotUse` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def snapshots_in_use(self) -> tuple[set[str], int | None]:
        """See `SnapshotUse.snapshots_in_use`."""
        with reading(self._engine) as connection:
            present = {row.id: row.digest for row in connection.execute(select(deployments.c.id, deployments.c.digest))}
            open_jobs = select(jobs.c.arguments, jobs.c.created_ns).where(jobs.c.kind == DEPLOYMENT, jobs.c.status != "completed")
            found = [(from_json(row.arguments), row.created_ns) for row in connection.execute(open_jobs)]
            plans = [from_json(text) for text in connection.execute(select(deployment_revisions.c.plan)).scalars()]
        used = {digest for digest in (*present.values(), *(plan["digest"] for plan in plans)) if digest}
        since: int | None = None
        for arguments, created_ns in found:
            if arguments["deployment_id"] not in present:
                continue
            plan = arguments["plan"]
            if plan.get("digest"):
                used.add(plan["digest"])
            elif plan.get("flow"):
                # It takes, or has taken, its snapshot itself, after it was made.
                since = created_ns if since is None else min(since, created_ns)
        return used, since
