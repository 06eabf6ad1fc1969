"""The `workspace_limits`, `limit_use` and `limit_leases` tables."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update

from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import decode, to_json
from flowyard.identity.limits import MEASURES, Ask, Grant, Measure, window_of
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import limit_leases, limit_use, workspace_limits
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.events import append_event
from flowyard.storage.sql.workspaces import lock_workspace
from flowyard.wire.limits import Limits

_ADVISORY_LOCK = 0x666C_6F77_0003
_SHARE = 10
LEASE_NS = 3 * NANOSECONDS


class SqlLimitStore:
    """`identity.limits.LimitStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, workspace_id: str) -> Limits | None:
        """See `LimitStore.get`."""
        query = select(workspace_limits.c.limits).where(workspace_limits.c.workspace_id == workspace_id)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar_one_or_none()
        return decode(found, Limits) if found else None

    def all(self, workspace_id: str | None = None) -> dict[str, Limits]:
        """Return the limits of all workspaces that have some, or of one."""
        query = select(workspace_limits.c.workspace_id, workspace_limits.c.limits)
        if workspace_id is not None:
            query = query.where(workspace_limits.c.workspace_id == workspace_id)
        with reading(self._engine) as connection:
            return {found: decode(limits, Limits) for found, limits in connection.execute(query)}

    def put(self, workspace_id: str, limits: Limits, audit: AuditRecord) -> None:
        """See `LimitStore.put`."""
        values = {"limits": to_json(asdict(limits)).decode(), "updated_ns": now_ns()}
        with writing(self._engine) as connection:
            lock_workspace(connection, workspace_id)
            mine = update(workspace_limits).where(workspace_limits.c.workspace_id == workspace_id).values(**values)
            if connection.execute(mine).rowcount == 0:
                connection.execute(insert(workspace_limits).values(workspace_id=workspace_id, **values))
            append_audit(connection, audit)
            append_event(connection, workspace_id, "limits", "")


class SqlLeaseStore:
    """`identity.limits.LeaseStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def renew(self, holder: str, asks: Sequence[Ask]) -> list[Grant]:
        """See `LeaseStore.renew`."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            return [_renew(connection, holder, ask, now_ns()) for ask in asks]

    def used(self, subjects: Sequence[str]) -> Mapping[str, Mapping[Measure, int]]:
        """See `LeaseStore.used`."""
        now = now_ns()
        starts = {measure: window_of(measure, now)[0] for measure in MEASURES}
        found: dict[str, dict[Measure, int]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(select(limit_use).where(limit_use.c.subject.in_(subjects))).mappings():
                if starts.get(row["measure"]) == row["start_ns"]:
                    found.setdefault(row["subject"], {})[row["measure"]] = row["used"]
        return found


def _renew(connection: Connection, holder: str, ask: Ask, now: int) -> Grant:
    used = _add(connection, ask)
    mine = (limit_leases.c.subject == ask.subject, limit_leases.c.measure == ask.measure)
    # A lease of an earlier window holds nothing of this one.
    over = (limit_leases.c.holder == holder) | (limit_leases.c.expires_ns <= now) | (limit_leases.c.start_ns < ask.start_ns)
    connection.execute(delete(limit_leases).where(*mine, over))
    others = connection.execute(select(func.coalesce(func.sum(limit_leases.c.amount), 0)).where(*mine)).scalar_one()
    left = max(0, ask.bound - used - int(others))
    if ask.need is None:
        return Grant(amount=0, beyond=left)
    amount = min(left, max(ask.need, -(-left // _SHARE)))
    if amount:
        connection.execute(
            insert(limit_leases).values(
                subject=ask.subject, measure=ask.measure, holder=holder, amount=amount, start_ns=ask.start_ns, expires_ns=now + LEASE_NS
            )
        )
    return Grant(amount=amount, beyond=left - amount)


def _add(connection: Connection, ask: Ask) -> int:
    """Add what was spent to the count of its window, and return the count. What belongs to a window that is over is dropped."""
    mine = (limit_use.c.subject == ask.subject, limit_use.c.measure == ask.measure)
    row = connection.execute(select(limit_use.c.start_ns, limit_use.c.used).where(*mine)).first()
    if row is None:
        connection.execute(insert(limit_use).values(subject=ask.subject, measure=ask.measure, start_ns=ask.start_ns, used=ask.spent))
        return ask.spent
    if row.start_ns > ask.start_ns:
        return ask.bound
    used = ask.spent + (row.used if row.start_ns == ask.start_ns else 0)
    if ask.spent or row.start_ns < ask.start_ns:
        connection.execute(update(limit_use).where(*mine).values(start_ns=ask.start_ns, used=used))
    return used
