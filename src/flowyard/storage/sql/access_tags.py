"""The `access_tags` table."""

from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, insert, null, or_, select

from flowyard.foundation.clock import now_ns
from flowyard.identity.access import HeldTags, Holder
from flowyard.identity.model import AuditRecord
from flowyard.storage.access_table import access_tags
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import api_keys, endpoints, memberships, users
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.workspaces import lock_workspace
from flowyard.wire.access_tags import HolderKind

_TAG = access_tags.c


class SqlAccessTagStore:
    """`identity.access.AccessTagStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, workspace_id: str, kind: HolderKind, name: str) -> Holder | None:
        """See `AccessTagStore.find`."""
        query = _present(workspace_id, kind)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(query.selected_columns.name == name)).first()
        return None if row is None else Holder(kind, row.id)

    def get(self, workspace_id: str, holder: Holder) -> HeldTags:
        """See `AccessTagStore.get`."""
        query = _present(workspace_id, holder.kind)
        tags = select(_TAG.tag).where(_TAG.workspace_id == workspace_id, _TAG.holder == str(holder))
        with reading(self._engine) as connection:
            row = connection.execute(query.where(query.selected_columns.id == holder.id)).first()
            if row is None:
                return HeldTags(frozenset(), None)
            return HeldTags(frozenset(connection.execute(tags).scalars()), row.role)

    def all(self, workspace_id: str) -> list[tuple[HolderKind, str, HeldTags]]:
        """See `AccessTagStore.all`."""
        kinds: tuple[HolderKind, ...] = ("user", "key", "endpoint")
        held: dict[str, set[str]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(select(_TAG.holder, _TAG.tag).where(_TAG.workspace_id == workspace_id)):
                held.setdefault(row.holder, set()).add(row.tag)
            return [
                (kind, name, HeldTags(tags, role))
                for kind in kinds
                for ident, name, role in connection.execute(_present(workspace_id, kind).order_by("name"))
                if (tags := frozenset(held.get(f"{kind}:{ident}", ()))) or kind != "endpoint"
            ]

    def put(self, workspace_id: str, holder: Holder, tags: frozenset[str], audit: AuditRecord) -> None:
        """See `AccessTagStore.put`."""
        rows = [{"workspace_id": workspace_id, "holder": str(holder), "tag": tag} for tag in sorted(tags)]
        with writing(self._engine) as connection:
            lock_workspace(connection, workspace_id)
            forget_tags(connection, workspace_id, holder)
            if rows:
                connection.execute(insert(access_tags), rows)
            append_audit(connection, audit)


def forget_tags(connection: Connection, workspace_id: str, holder: Holder) -> None:
    """Take all tags of a holder away."""
    connection.execute(delete(access_tags).where(_TAG.workspace_id == workspace_id, _TAG.holder == str(holder)))


def _present(workspace_id: str, kind: HolderKind) -> Select[Any, Any, Any]:
    """Return the query for id, name and role of those who are there: members, active keys of people, endpoints."""
    if kind == "user":
        here = (memberships.c.user_id == users.c.id, memberships.c.workspace_id == workspace_id)
        return select(users.c.id, users.c.name, memberships.c.role).where(*here)
    if kind == "key":
        lasting = or_(api_keys.c.expires_ns.is_(None), api_keys.c.expires_ns > now_ns())
        mine = (api_keys.c.workspace_id == workspace_id, api_keys.c.scope == "", api_keys.c.revoked_ns.is_(None), lasting)
        return select(api_keys.c.id, api_keys.c.name, api_keys.c.role).where(*mine)
    return select(endpoints.c.id, endpoints.c.name, null().label("role")).where(endpoints.c.workspace_id == workspace_id)
