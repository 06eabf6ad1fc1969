"""The `workspaces` table."""

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from flowyard.identity.errors import NameTakenError
from flowyard.identity.model import AuditRecord, WorkspaceRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import memberships, workspaces
from flowyard.storage.sql.audit import append_audit


def lock_workspace(connection: Connection, workspace_id: str) -> None:
    """Let no other transaction change this workspace's members or keys until this one ends (SQLite: `writing` did that)."""
    connection.execute(select(workspaces.c.id).where(workspaces.c.id == workspace_id).with_for_update())


class SqlWorkspaceStore:
    """`identity.ports.WorkspaceStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, workspace: WorkspaceRecord, owner_id: str, audit: AuditRecord) -> None:
        """See `WorkspaceStore.add`."""
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    insert(workspaces).values(
                        id=workspace.id, name=workspace.name, display_name=workspace.display_name, created_ns=workspace.created_ns
                    )
                )
                connection.execute(
                    insert(memberships).values(workspace_id=workspace.id, user_id=owner_id, role="owner", created_ns=workspace.created_ns)
                )
                append_audit(connection, audit)
        except IntegrityError as error:
            raise NameTakenError(f"There is a workspace {workspace.name!r} already.", remedy="Choose another name.") from error

    def get(self, name: str) -> WorkspaceRecord | None:
        """See `WorkspaceStore.get`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(workspaces).where(workspaces.c.name == name)).mappings().one_or_none()
        return WorkspaceRecord(**row) if row else None

    def find(self, workspace_id: str) -> WorkspaceRecord | None:
        """See `WorkspaceStore.find`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(workspaces).where(workspaces.c.id == workspace_id)).mappings().one_or_none()
        return WorkspaceRecord(**row) if row else None

    def all(self) -> list[WorkspaceRecord]:
        """See `WorkspaceStore.all`."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(workspaces).order_by(workspaces.c.name)).mappings()
            return [WorkspaceRecord(**row) for row in rows]
