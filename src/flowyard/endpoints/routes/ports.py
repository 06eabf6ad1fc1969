"""What routes are as they are kept, and what is needed of a store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.identity.model import AuditRecord
from flowyard.wire.routes import RouteSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRecord:
    """A route as it is kept; names are unique in a workspace."""

    workspace_id: str
    name: str
    spec: RouteSpec
    created_ns: int
    updated_ns: int


class RouteStore(Protocol):
    """Keeps routes. Every change appends the event ``route``."""

    def all(self, workspace_id: str | None = None) -> Sequence[RouteRecord]:
        """Return the routes of a workspace, or of all, by name."""
        ...

    def get(self, workspace_id: str, name: str) -> RouteRecord | None:
        """Return one route."""
        ...

    def add(self, record: RouteRecord, audit: AuditRecord) -> bool:
        """Add a route; False when there is one of that name."""
        ...

    def replace(self, record: RouteRecord, audit: AuditRecord) -> bool:
        """Put a route's spec in the place of what was; False when there is no such route."""
        ...

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """Delete a route; False when there is none."""
        ...
