"""The `users` and `memberships` tables."""

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.identity.access import Holder
from flowyard.identity.errors import LastOwnerError, NameTakenError, UserNotFoundError
from flowyard.identity.model import AuditRecord, Member, Membership, UserRecord, WorkspaceRecord
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import memberships, users, workspaces
from flowyard.storage.sql.access_tags import forget_tags
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.events import append_event
from flowyard.storage.sql.workspaces import lock_workspace
from flowyard.wire.identity import Role

_OWNER: Role = "owner"


class SqlUserStore:
    """`identity.ports.UserStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> UserRecord | None:
        """See `UserStore.get`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.name == name)).mappings().one_or_none()
        return UserRecord(**row) if row else None

    def find(self, user_id: str) -> UserRecord | None:
        """See `UserStore.find`."""
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.id == user_id)).mappings().one_or_none()
        return UserRecord(**row) if row else None

    def add(self, user: UserRecord) -> UserRecord:
        """See `UserStore.add`."""
        try:
            with writing(self._engine) as connection:
                row = connection.execute(select(users).where(users.c.name == user.name)).mappings().one_or_none()
                if row:
                    return UserRecord(**row)
                connection.execute(insert(users).values(id=user.id, name=user.name, created_ns=user.created_ns))
        except IntegrityError:
            # Another process added the same name between the two statements (PostgreSQL only).
            present = self.get(user.name)
            if present is None:
                raise
            return present
        return user

    def memberships(self, user_id: str) -> list[Membership]:
        """See `UserStore.memberships`."""
        query = (
            select(workspaces, memberships.c.role)
            .join(memberships, memberships.c.workspace_id == workspaces.c.id)
            .where(memberships.c.user_id == user_id)
            .order_by(workspaces.c.name)
        )
        with reading(self._engine) as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [Membership(role=row.pop("role"), workspace=WorkspaceRecord(**row)) for row in rows]

    def members(self, workspace_id: str) -> list[Member]:
        """See `UserStore.members`."""
        query = (
            select(users, memberships.c.role)
            .join(memberships, memberships.c.user_id == users.c.id)
            .where(memberships.c.workspace_id == workspace_id)
            .order_by(users.c.name)
        )
        with reading(self._engine) as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [Member(role=row.pop("role"), user=UserRecord(**row)) for row in rows]

    def add_member(self, workspace_id: str, user_id: str, role: Role, audit: AuditRecord) -> None:
        """See `UserStore.add_member`."""
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    insert(memberships).values(workspace_id=workspace_id, user_id=user_id, role=role, created_ns=audit.at_ns)
                )
                append_audit(connection, audit)
                append_event(connection, workspace_id, "user", user_id)
        except IntegrityError as error:
            raise NameTakenError(
                "This person is in the workspace already.", remedy="Change their role with: flowyard user update NAME --role ROLE"
            ) from error

    def set_role(self, workspace_id: str, user_id: str, role: Role, audit: AuditRecord) -> None:
        """See `UserStore.set_role`."""
        with writing(self._engine) as connection:
            self._check_change(connection, workspace_id, user_id, keeps_owner=role == _OWNER)
            connection.execute(
                update(memberships).where(memberships.c.workspace_id == workspace_id, memberships.c.user_id == user_id).values(role=role)
            )
            append_audit(connection, audit)
            append_event(connection, workspace_id, "user", user_id)

    def remove_member(self, workspace_id: str, user_id: str, audit: AuditRecord) -> None:
        """See `UserStore.remove_member`."""
        with writing(self._engine) as connection:
            self._check_change(connection, workspace_id, user_id, keeps_owner=False)
            connection.execute(delete(memberships).where(memberships.c.workspace_id == workspace_id, memberships.c.user_id == user_id))
            forget_tags(connection, workspace_id, Holder("user", user_id))
            append_audit(connection, audit)
            append_event(connection, workspace_id, "user", user_id)

    def seen(self, user_id: str, at_ns: int) -> None:
        """See `UserStore.seen`."""
        with writing(self._engine) as connection:
            connection.execute(update(users).where(users.c.id == user_id).values(last_seen_ns=at_ns))

    @staticmethod
    def _check_change(connection: Connection, workspace_id: str, user_id: str, *, keeps_owner: bool) -> None:
        lock_workspace(connection, workspace_id)
        here = memberships.c.workspace_id == workspace_id
        role = connection.execute(select(memberships.c.role).where(here, memberships.c.user_id == user_id)).scalar_one_or_none()
        if role is None:
            raise UserNotFoundError("This person is not in the workspace.", remedy="List who is with: flowyard user list")
        owners = select(func.count()).select_from(memberships).where(here, memberships.c.role == _OWNER)
        if role == _OWNER and not keeps_owner and connection.execute(owners).scalar_one() == 1:
            raise LastOwnerError("This is the workspace's only owner.", remedy="Make somebody else an owner first.")
