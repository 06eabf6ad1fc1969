"""Sign-in links, sessions, and who stands behind a key or a session."""

from dataclasses import dataclass, field

from flowyard.foundation.clock import NANOSECONDS, now_ns, to_rfc3339
from flowyard.foundation.ids import new_secret
from flowyard.identity.errors import BadCredentialError, PermissionDeniedError, SignInTokenError
from flowyard.identity.keys import KeyService
from flowyard.identity.model import ENDPOINT_SCOPE, KeyRecord, Membership, Principal, SessionRecord, UserRecord
from flowyard.identity.ports import KeyStore, SessionStore, UserStore, WorkspaceStore
from flowyard.identity.secrets import secret_hash
from flowyard.wire.identity import SignInLink

TOKEN_NS = 15 * 60 * NANOSECONDS
SESSION_NS = 30 * 24 * 3600 * NANOSECONDS
SESSION_COOKIE = "flowyard_session"
SEEN_EVERY_NS = 60 * NANOSECONDS

_REMEDY = "Sign in again, or send a valid key as 'Authorization: Bearer <key>'. Keys are made with: flowyard key create NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session that was just opened: `secret` goes into the cookie and nowhere else."""

    secret: str = field(repr=False)
    expires_ns: int
    principal: Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInStores:
    """The stores that signing in looks into."""

    workspaces: WorkspaceStore
    users: UserStore
    keys: KeyStore
    sessions: SessionStore


class SignInService:
    """Opens and ends sessions, and tells who a key or session belongs to."""

    def __init__(self, stores: SignInStores, keys: KeyService) -> None:
        self._stores = stores
        self._keys = keys

    def link(self, user: UserRecord, base_url: str) -> SignInLink:
        """Return a link that signs `user` in once, within 15 minutes. The token is in the fragment: no server log sees it."""
        token = new_secret("fyt")
        expires_ns = now_ns() + TOKEN_NS
        self._stores.sessions.add_token(secret_hash(token), user.id, expires_ns)
        return SignInLink(url=f"{base_url.rstrip('/')}/sign-in#token={token}", expires_at=to_rfc3339(expires_ns))

    def with_token(self, token: str) -> NewSession:
        """Open a session with the token of a sign-in link, which works this once.

        Raises:
            SignInTokenError: it is unknown, used or expired.
        """
        user_id = self._stores.sessions.redeem(secret_hash(token), now_ns())
        user = self._stores.users.find(user_id) if user_id else None
        if user is None:
            raise SignInTokenError(
                "The sign-in link was used already, has expired or is unknown.",
                remedy="Get a new one with: flowyard user sign-in-link NAME (flowyard up prints one too).",
            )
        return self._open(self._user(user), user_id=user.id)

    def with_key(self, secret: str) -> NewSession:
        """Open a session as an API key. It ends when the key does.

        Raises:
            BadCredentialError: the key is unknown, expired or revoked, or none of a person's.
        """
        record = self._active_key(secret_hash(secret))
        if record.scope:
            raise BadCredentialError("This key belongs to an endpoint or a process, and opens no session.", remedy=_REMEDY)
        return self._open(self._key(record), api_key_id=record.id)

    def end(self, secret: str) -> None:
        """End a session everywhere."""
        self._stores.sessions.end(secret_hash(secret), now_ns())

    def by_key(self, secret: str) -> Principal:
        """Return who an API key is.

        Raises:
            BadCredentialError: the key is unknown, expired or revoked.
            PermissionDeniedError: it is an endpoint's own, which only gateways take.
        """
        return self.by_key_hash(secret_hash(secret))

    def by_key_hash(self, key_hash: str) -> Principal:
        """Return who the API key is whose secret has this SHA-256.

        Raises:
            BadCredentialError: the key is unknown, expired or revoked.
            PermissionDeniedError: it is an endpoint's own, which only gateways take.
        """
        record = self._active_key(key_hash)
        if record.scope.startswith(ENDPOINT_SCOPE):
            raise PermissionDeniedError(
                "This key calls one endpoint and nothing else.", remedy="Use a key of the workspace: flowyard key create NAME"
            )
        self._keys.used(record)
        return self._key(record)

    def by_session(self, secret: str) -> Principal:
        """Return who a session is.

        Raises:
            BadCredentialError: the session is unknown, has expired or was ended, or its key or user is no more.
        """
        return self.by_session_hash(secret_hash(secret))

    def by_session_hash(self, session_hash: str) -> Principal:
        """Return who the session is whose secret has this SHA-256; for gateways, which keep it until an event ``session`` or ``user``.

        Raises:
            BadCredentialError: the session is unknown, has expired or was ended, or its key or user is no more.
        """
        session = self._stores.sessions.by_hash(session_hash)
        if session is None or not session.active(now_ns()):
            raise BadCredentialError("The session has ended or is unknown.", remedy=_REMEDY)
        if session.api_key_id is not None:
            record = self._stores.keys.find(session.api_key_id)
            if record is None or not record.active(now_ns()):
                raise BadCredentialError("The key of this session has expired or was revoked.", remedy=_REMEDY)
            return self._key(record)
        user = self._stores.users.find(session.user_id or "")
        if user is None:
            raise BadCredentialError("The user of this session is no more.", remedy=_REMEDY)
        self._seen(user)
        return self._user(user)

    def _active_key(self, key_hash: str) -> KeyRecord:
        record = self._keys.by_hash(key_hash)
        if record is None:
            raise BadCredentialError("The key is unknown, has expired or was revoked.", remedy=_REMEDY)
        return record

    def _open(self, principal: Principal, *, user_id: str | None = None, api_key_id: str | None = None) -> NewSession:
        secret = new_secret("fys")
        now = now_ns()
        session = SessionRecord(user_id=user_id, api_key_id=api_key_id, created_ns=now, expires_ns=now + SESSION_NS)
        self._stores.sessions.add(secret_hash(secret), session)
        return NewSession(secret=secret, expires_ns=session.expires_ns, principal=principal)

    def _user(self, user: UserRecord) -> Principal:
        return Principal(id=user.id, name=user.name, kind="user", memberships=tuple(self._stores.users.memberships(user.id)))

    def _key(self, record: KeyRecord) -> Principal:
        workspace = self._stores.workspaces.find(record.workspace_id)
        memberships = (Membership(workspace=workspace, role=record.role),) if workspace else ()
        return Principal(
            id=record.id, name=record.name, kind="key", memberships=memberships, scope=record.scope, acts_for=record.acts_for or ""
        )

    def _seen(self, user: UserRecord) -> None:
        now = now_ns()
        if user.last_seen_ns is None or now - user.last_seen_ns >= SEEN_EVERY_NS:
            self._stores.users.seen(user.id, now)
