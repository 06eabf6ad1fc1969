"""The audit trail over HTTP."""

from collections.abc import Iterator

from flowyard.client.transport import Transport
from flowyard.wire.identity import AuditEntry
from flowyard.wire.shared import Page

_PAGE = 100


class Audit:
    """Who changed what in the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | None = None) -> Iterator[AuditEntry]:
        """Yield entries, the newest first, fetching pages as they are needed; at most `limit`, or all."""
        left = limit
        cursor: str | None = None
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page: Page[AuditEntry] = self._transport.get("audit", Page[AuditEntry], params={"limit": size, "cursor": cursor})
            yield from page.items
            left = None if left is None else left - len(page.items)
            cursor = page.next_cursor
            if cursor is None:
                return
