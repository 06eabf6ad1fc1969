"""Who asks, and whether they may call models and endpoints."""

import asyncio
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from flowyard.endpoints.gateway.directory import Directory, digest_of
from flowyard.endpoints.gateway.exchange import Exchange
from flowyard.endpoints.gateway.ports import EndpointRoute, SessionEntry
from flowyard.foundation.errors import ForbiddenError, UnauthenticatedError
from flowyard.identity.limits import NO_LIMITS
from flowyard.identity.model import ENDPOINT_SCOPE, NOTEBOOK_SCOPE
from flowyard.identity.permissions import allowed
from flowyard.identity.sign_in import SESSION_COOKIE
from flowyard.wire.identity import Role
from flowyard.wire.limits import Limits

WORKSPACE_HEADER = b"flowyard-workspace"

# A page of another site cannot send it without a preflight, which nobody here answers (as in `server.deps`).
_STUDIO_HEADER = b"x-flowyard-studio"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks. `scope` is empty for people's keys and for sessions; `key` is the name of a person's or an endpoint's key.

    `limits` are that key's own.
    """

    workspace_id: str
    actor: str
    role: Role
    scope: str = ""
    key: str | None = None
    key_id: str = ""
    limits: Limits = NO_LIMITS


async def authenticate(directory: Directory, exchange: Exchange) -> Principal:
    """Return who sent the request: by ``Authorization: Bearer``, ``api-key``, or the studio's session cookie.

    Raises:
        UnauthenticatedError: none of them, or unknown, expired, revoked.
        ForbiddenError: a session's request that comes from another site, or names a workspace that is not the person's.
    """
    secret = _secret(exchange)
    if secret is not None:
        return await _by_key(directory, secret)
    cookie = _cookie(exchange)
    if cookie is not None:
        return await _by_session(directory, exchange, cookie)
    raise UnauthenticatedError(
        "The request carries no key.", remedy="Send Authorization: Bearer <key>; make one with: flowyard key create NAME"
    )


def may_invoke(principal: Principal, *, models_only: bool) -> None:
    """Check the right to call.

    Raises:
        ForbiddenError: the role may only read, the key is one that a process holds and may call models alone, or it is an endpoint's
            own, which calls no models.
    """
    if not allowed(principal.role, "models:invoke" if models_only else "endpoints:invoke"):
        raise ForbiddenError(f"The role {principal.role!r} may not call models or endpoints.", remedy="Use a key with the role invoker.")
    if principal.scope.startswith(ENDPOINT_SCOPE):
        if models_only:
            raise _other_door("calls one endpoint and nothing else")
    elif principal.scope and not models_only and not principal.scope.startswith(NOTEBOOK_SCOPE):
        raise ForbiddenError("This key was made for a deployment or session and may call models only.", remedy="Use a key of your own.")


def may_enter(principal: Principal, name: str, endpoint: EndpointRoute | None) -> None:
    """Check that an endpoint's own key, or token, is that of the endpoint `name`; whether there is one it does not tell.

    Raises:
        ForbiddenError: it is another's.
    """
    if endpoint is None or principal.scope != f"{ENDPOINT_SCOPE}{endpoint.id}":
        raise _other_door(f"is not one of the endpoint {name!r}")


def _other_door(what: str) -> ForbiddenError:
    return ForbiddenError(f"This key {what}.", remedy="Use the endpoint's own key, or a key of the workspace.")


def _secret(exchange: Exchange) -> str | None:
    given = exchange.headers.get(b"authorization")
    if given is not None:
        scheme, _, secret = given.partition(b" ")
        if scheme.lower() != b"bearer" or not secret:
            raise UnauthenticatedError("The Authorization header holds no bearer key.", remedy="Send Authorization: Bearer <key>.")
        return secret.strip().decode("latin-1")
    return exchange.header(b"api-key") or None


async def _by_key(directory: Directory, secret: str) -> Principal:
    digest = digest_of(secret)
    key = directory.known_key(digest)
    if key is None and not directory.is_unknown(digest):
        key = await asyncio.to_thread(directory.find_key, digest)
    elif key is not None and directory.is_due(digest):
        asyncio.get_running_loop().run_in_executor(None, directory.renew_key, digest)
    if key is None or (key.expires_ns and key.expires_ns < time.time_ns()):
        raise UnauthenticatedError(
            "The key is not known, expired or revoked.", remedy="Make one with: flowyard key create NAME --role invoker"
        )
    return Principal(
        workspace_id=key.workspace_id,
        actor=key.name,
        role=key.role,
        scope=key.scope,
        key=key.name if not key.scope or key.scope.startswith(ENDPOINT_SCOPE) else None,
        key_id=key.id,
        limits=key.limits,
    )


def _cookie(exchange: Exchange) -> str | None:
    header = exchange.header(b"cookie")
    if header is None or SESSION_COOKIE not in header:
        return None
    morsel = SimpleCookie(header).get(SESSION_COOKIE)
    return morsel.value if morsel else None


async def _by_session(directory: Directory, exchange: Exchange, cookie: str) -> Principal:
    if exchange.method not in _SAFE_METHODS:
        _check_origin(exchange)
    digest = digest_of(cookie)
    known, session = directory.known_session(digest)
    if not known:
        session = await asyncio.to_thread(directory.find_session, digest)
    if session is None or session.expires_ns < time.time_ns():
        raise UnauthenticatedError("The session has ended.", remedy="Sign in again.")
    workspace_id = _workspace_of(session, exchange.header(WORKSPACE_HEADER))
    return Principal(workspace_id=workspace_id, actor=session.actor, role=session.roles[workspace_id])


def _workspace_of(session: SessionEntry, wanted: str | None) -> str:
    if wanted is None:
        if not session.roles:
            raise ForbiddenError("You belong to no workspace.", remedy="Ask an owner to add you.")
        return next(iter(session.roles))
    for workspace_id, name in session.names.items():
        if wanted in {workspace_id, name}:
            return workspace_id
    raise ForbiddenError(f"You do not belong to the workspace {wanted!r}.", remedy="Ask an owner of it to add you.")


def _check_origin(exchange: Exchange) -> None:
    if exchange.headers.get(_STUDIO_HEADER) == b"1":
        return
    origin = exchange.header(b"origin")
    host = exchange.header(b"host")
    if origin is None or host is None or urlsplit(origin).netloc != host:
        raise ForbiddenError("A request with a session must come from the studio itself.", remedy="Send an API key instead.")
