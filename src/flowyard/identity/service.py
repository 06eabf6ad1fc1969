"""Workspaces and the people in them."""

from dataclasses import dataclass, field

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import AuditTrail, audit_record
from flowyard.identity.errors import BadCredentialError, PermissionDeniedError, UserNotFoundError
from flowyard.identity.keys import KeyService
from flowyard.identity.model import Caller, Member, Membership, Principal, UserRecord, WorkspaceRecord
from flowyard.identity.names import check_name
from flowyard.identity.permissions import allowed
from flowyard.identity.ports import UserStore, WorkspaceStore
from flowyard.identity.secrets import secret_hash
from flowyard.identity.sign_in import SignInService
from flowyard.wire.identity import ApiKeyCreate, SignInLink, User, UserCreate, UserUpdate, Workspace, WorkspaceCreate

DEFAULT_WORKSPACE = "default"
FIRST_USER = "owner"
LOCAL_KEY = "local"
MAX_DISPLAY_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrapped:
    """What a new installation begins with. `api_key` is the owner's key for the CLI on this machine (the given one if it still works)."""

    workspace: WorkspaceRecord
    owner: UserRecord
    api_key: str = field(repr=False)


class IdentityService:
    """Workspaces, users and memberships."""

    def __init__(self, workspaces: WorkspaceStore, users: UserStore, keys: KeyService, sign_in: SignInService, audit: AuditTrail) -> None:
        self._workspaces = workspaces
        self._users = users
        self._keys = keys
        self._sign_in = sign_in
        self._audit = audit

    def bootstrap(self, api_key: str | None = None) -> Bootstrapped:
        """Make what is not there yet: the workspace ``default``, the user ``owner``, and the owner's key ``local``.

        Called by ``flowyard up`` at every start. `api_key` is the key that this machine keeps; a new one replaces it when it does not work.
        """
        user = self._users.get(FIRST_USER) or self._users.add(UserRecord(id=new_id(), name=FIRST_USER, created_ns=now_ns()))
        workspace = self._workspaces.get(DEFAULT_WORKSPACE) or self._add_workspace(DEFAULT_WORKSPACE, "Default", user)
        if api_key is not None and self._opens(api_key, workspace):
            return Bootstrapped(workspace=workspace, owner=user, api_key=api_key)
        caller = Caller(workspace.id, workspace.name, user.name, "user", "owner", "", user.id)
        if any(key.name == LOCAL_KEY and key.revoked_at is None for key in self._keys.list(caller)):
            self._keys.revoke(caller, LOCAL_KEY)
        created = self._keys.create(caller, ApiKeyCreate(name=LOCAL_KEY, role="owner"))
        return Bootstrapped(workspace=workspace, owner=user, api_key=created.secret)

    def workspaces(self, principal: Principal) -> tuple[Workspace, ...]:
        """Return the workspaces that `principal` may enter."""
        return tuple(_workspace(membership) for membership in principal.memberships)

    def all_workspaces(self) -> list[WorkspaceRecord]:
        """Return every workspace of the installation: for the processes of the platform, not for callers."""
        return self._workspaces.all()

    def create_workspace(self, principal: Principal, request: WorkspaceCreate) -> Workspace:
        """Make a workspace that `principal`, a user who owns one already, owns.

        Raises:
            InvalidInputError: the name or display name is not valid.
            PermissionDeniedError: `principal` is a key, or owns no workspace.
            NameTakenError: there is one of this name.
        """
        check_name("workspace", request.name)
        display_name = request.display_name or request.name
        if len(display_name) > MAX_DISPLAY_NAME:
            raise InvalidInputError(
                f"The display name has {len(display_name)} characters.",
                remedy=f"Use at most {MAX_DISPLAY_NAME}.",
                location=Location(pointer="/display_name"),
            )
        owns = any(allowed(membership.role, "workspaces:write") for membership in principal.memberships)
        user = self._users.find(principal.id) if principal.kind == "user" and owns else None
        if user is None:
            raise PermissionDeniedError(
                "Only a signed-in user who owns a workspace can make another; a key belongs to one workspace for good.",
                remedy="Sign in to the studio as an owner.",
            )
        record = self._add_workspace(request.name, display_name, user)
        return _workspace(Membership(workspace=record, role="owner"))

    def users(self, caller: Caller) -> tuple[User, ...]:
        """Return who is in the caller's workspace."""
        return tuple(_user(member) for member in self._users.members(caller.workspace_id))

    def add_user(self, caller: Caller, request: UserCreate) -> User:
        """Let a person into the caller's workspace; who is new to the installation is added to it.

        Raises:
            InvalidInputError: the name is not valid.
            NameTakenError: they are in already.
        """
        check_name("user", request.name)
        user = self._users.add(UserRecord(id=new_id(), name=request.name, created_ns=now_ns()))
        audit = audit_record(caller, "user.add", f"users/{user.name}", {"role": request.role})
        self._users.add_member(caller.workspace_id, user.id, request.role, audit)
        return _user(Member(user=user, role=request.role))

    def update_user(self, caller: Caller, name: str, request: UserUpdate) -> User:
        """Change a person's role.

        Raises:
            UserNotFoundError: nobody of this name is in the workspace.
            LastOwnerError: it would leave the workspace without an owner.
        """
        member = self._member(caller, name)
        audit = audit_record(caller, "user.update", f"users/{name}", {"role": request.role, "was": member.role})
        self._users.set_role(caller.workspace_id, member.user.id, request.role, audit)
        return _user(Member(user=member.user, role=request.role))

    def remove_user(self, caller: Caller, name: str) -> None:
        """End a person's membership. What they made stays; keys that they made go on working until they are revoked.

        Raises:
            UserNotFoundError: nobody of this name is in the workspace.
            LastOwnerError: it would leave the workspace without an owner.
        """
        member = self._member(caller, name)
        audit = audit_record(caller, "user.remove", f"users/{name}", {"role": member.role})
        self._users.remove_member(caller.workspace_id, member.user.id, audit)

    def sign_in_link(self, caller: Caller, principal: Principal, name: str, base_url: str) -> SignInLink:
        """Return a link that signs the person of this name in.

        A link opens every workspace that the person is in. So whoever asks for one must own all of these.

        Raises:
            UserNotFoundError: nobody of this name is in the workspace.
            PermissionDeniedError: the person is in a workspace that the caller does not own.
        """
        member = self._member(caller, name)
        owned = {membership.workspace.id for membership in principal.memberships if membership.role == "owner"}
        beyond = [m.workspace.name for m in self._users.memberships(member.user.id) if m.workspace.id not in owned]
        if beyond and member.user.id != principal.id:
            raise PermissionDeniedError(
                f"{name!r} is also in a workspace that you do not own, and a sign-in link would open that too.",
                remedy="Ask somebody who owns all the workspaces that they are in.",
            )
        self._audit.record(caller, "user.sign_in_link", f"users/{name}")
        return self._sign_in.link(member.user, base_url)

    def owner_link(self, base_url: str) -> SignInLink:
        """Return a sign-in link for the first user: what ``flowyard up`` prints on the machine itself."""
        user = self._users.get(FIRST_USER)
        if user is None:
            raise UserNotFoundError(f"There is no user {FIRST_USER!r}.", remedy="Run: flowyard up")
        return self._sign_in.link(user, base_url)

    def _add_workspace(self, name: str, display_name: str, owner: UserRecord) -> WorkspaceRecord:
        record = WorkspaceRecord(id=new_id(), name=name, display_name=display_name, created_ns=now_ns())
        caller = Caller(record.id, name, owner.name, "user", "owner", "", owner.id)
        self._workspaces.add(record, owner.id, audit_record(caller, "workspace.create", f"workspaces/{name}"))
        return record

    def _opens(self, api_key: str, workspace: WorkspaceRecord) -> bool:
        try:
            caller = self._sign_in.by_key_hash(secret_hash(api_key)).enter(workspace.name)
        except BadCredentialError:
            return False
        return caller is not None and caller.role == "owner"

    def _member(self, caller: Caller, name: str) -> Member:
        for member in self._users.members(caller.workspace_id):
            if member.user.name == name:
                return member
        raise UserNotFoundError(f"Nobody called {name!r} is in this workspace.", remedy="List who is with: flowyard user list")


def _workspace(membership: Membership) -> Workspace:
    record = membership.workspace
    return Workspace(name=record.name, display_name=record.display_name, role=membership.role, created_at=to_rfc3339(record.created_ns))


def _user(member: Member) -> User:
    seen = member.user.last_seen_ns
    return User(
        name=member.user.name,
        role=member.role,
        created_at=to_rfc3339(member.user.created_ns),
        last_seen_at=None if seen is None else to_rfc3339(seen),
    )
