"""The `telemetry_policies` table."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import get_args

from sqlalchemy import Engine, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.foundation.codecs import from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import telemetry_policies
from flowyard.storage.sql.audit import append_audit
from flowyard.tracing.policy import PolicyRecord
from flowyard.wire.telemetry_policy import RedactionRule, RetentionDays

logger = logging.getLogger(__name__)

_RULES = frozenset(get_args(RedactionRule))
_SIGNALS = frozenset(field.name for field in fields(RetentionDays))


class SqlPolicyStore:
    """`tracing.policy.PolicyStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, workspace_id: str) -> PolicyRecord | None:
        """See `PolicyStore.get`."""
        query = select(telemetry_policies).where(telemetry_policies.c.workspace_id == workspace_id)
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return _record(row) if row else None

    def all(self) -> Mapping[str, PolicyRecord]:
        """See `PolicyStore.all`."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(telemetry_policies)).mappings().all()
        return {row["workspace_id"]: _record(row) for row in rows}

    def put(self, workspace_id: str, record: PolicyRecord, audit: AuditRecord) -> None:
        """See `PolicyStore.put`."""
        try:
            self._put(workspace_id, record, audit)
        except IntegrityError:
            # Somebody else has put the first one at the same moment; now there is a row to update.
            self._put(workspace_id, record, audit)

    def _put(self, workspace_id: str, record: PolicyRecord, audit: AuditRecord) -> None:
        values = {
            "redact": to_json(record.redact).decode(),
            "retention_days": to_json(asdict(record.retention_days)).decode(),
            "sampling_ratio": record.sampling_ratio,
            "updated_ns": record.updated_ns,
        }
        mine = update(telemetry_policies).where(telemetry_policies.c.workspace_id == workspace_id)
        with writing(self._engine) as connection:
            if connection.execute(mine.values(**values)).rowcount == 0:
                connection.execute(insert(telemetry_policies).values(workspace_id=workspace_id, **values))
            append_audit(connection, audit)


def _record(row: RowMapping) -> PolicyRecord:
    """Return a policy; rules and signals that only another version knows are left out, and said so."""
    redact: list[RedactionRule] = from_json(row["redact"].encode())
    days: dict[str, int | None] = from_json(row["retention_days"].encode())
    unknown = [*(set(redact) - _RULES), *(set(days) - _SIGNALS)]
    if unknown:
        logger.warning("The telemetry policy of workspace %s names what this version does not know: %s.", row["workspace_id"], unknown)
    return PolicyRecord(
        redact=tuple(name for name in redact if name in _RULES),
        retention_days=RetentionDays(**{name: value for name, value in days.items() if name in _SIGNALS}),
        sampling_ratio=row["sampling_ratio"],
        updated_ns=row["updated_ns"],
    )
