"""The audit trail: who changed what, and when."""

from typing import Any

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.ids import new_id
from flowyard.identity.model import AuditRecord, Caller
from flowyard.identity.ports import AuditLog
from flowyard.wire.identity import AuditEntry
from flowyard.wire.shared import Page

MAX_PAGE = 500


def audit_record(caller: Caller, action: str, target: str, detail: dict[str, Any] | None = None) -> AuditRecord:
    """Return the line for something that `caller` does now. Give it to a store that writes it together with the change."""
    return AuditRecord(
        id=new_id(),
        workspace_id=caller.workspace_id,
        at_ns=now_ns(),
        actor=caller.actor,
        action=action,
        target=target[:300],
        detail=detail or {},
    )


class AuditTrail:
    """Writes and reads the audit trail."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    def record(self, caller: Caller, action: str, target: str, detail: dict[str, Any] | None = None) -> None:
        """Add a line: `action` is ``<noun>.<verb>``, `target` is ``<noun>/<name>``. Never put a secret into `detail`."""
        self._log.append(audit_record(caller, action, target, detail))

    def page(self, workspace_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[AuditEntry]:
        """Return up to `limit` lines, newest first, after the one that `cursor` names."""
        limit = min(max(limit, 1), MAX_PAGE)
        records = self._log.read(workspace_id, limit=limit + 1, before_id=cursor)
        shown = records[:limit]
        return Page(items=tuple(_entry(record) for record in shown), next_cursor=shown[-1].id if len(records) > limit else None)


def _entry(record: AuditRecord) -> AuditEntry:
    return AuditEntry(
        id=record.id,
        at=to_rfc3339(record.at_ns),
        actor=record.actor,
        action=record.action,
        target=record.target,
        detail=record.detail,
    )
