"""What routes depend on: the services, who asks, and the one place that checks rights.

A route says what it needs, and nothing else decides::

    @router.get("")
    def list_keys(caller: Annotated[Caller, allow("keys:read")], services: ServicesDep) -> ...
"""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Header, Path, Request
from starlette.concurrency import run_in_threadpool

from flowyard.identity.errors import BadCredentialError, PermissionDeniedError, WorkspaceNotFoundError
from flowyard.identity.idempotency import request_digest
from flowyard.identity.model import Caller, Principal
from flowyard.identity.permissions import Permission, allowed
from flowyard.identity.sign_in import SESSION_COOKIE
from flowyard.server.errors import CrossOriginError
from flowyard.server.replay import ReplayedAnswer, begin_recording
from flowyard.wiring.server import Services

STUDIO_HEADER = "x-flowyard-studio"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_SIGN_IN = "Send 'Authorization: Bearer <key>', or open the sign-in link. Keys are made with: flowyard key create NAME"


async def get_services(request: Request) -> Services:
    """Return the services of this server. As what does not block it is async: else each request would wait for a thread to do it."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]


def same_origin(request: Request) -> None:
    """Refuse what a page of another site sends.

    The studio's header cannot be sent across sites without a preflight, which nobody here answers.

    Raises:
        CrossOriginError: the Origin is not this host.
    """
    origin = request.headers.get("origin")
    if request.headers.get(STUDIO_HEADER) == "1":
        return
    if origin is None or urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise CrossOriginError(
            f"The request came from {origin!r}, this server is {request.headers.get('host')!r}.",
            remedy="Use the studio at its own address, or send an API key instead of the browser's session.",
        )


def get_principal(request: Request, services: ServicesDep) -> Principal:
    """Return who asks, by the API key in ``Authorization: Bearer`` or the session cookie.

    Raises:
        BadCredentialError: there is neither, or it does not work.
        CrossOriginError: a session is used to change something from another site's page.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise BadCredentialError("The Authorization header is not of the form 'Bearer <key>'.", remedy=_SIGN_IN)
        return services.sign_in.by_key(key.strip())
    session = request.cookies.get(SESSION_COOKIE)
    if not session:
        raise BadCredentialError("The request has no key and no session.", remedy=_SIGN_IN)
    if request.method not in _SAFE_METHODS:
        same_origin(request)
    return services.sign_in.by_session(session)


PrincipalDep = Annotated[Principal, Depends(get_principal)]
WorkspaceName = Annotated[str, Path(description="The workspace's name.", max_length=64)]


def allow(permission: Permission, *, starts_work: bool = False) -> Any:
    """Return a dependency that gives the `Caller` when their role in the path's workspace has `permission`.

    With `starts_work`, a request with an ``Idempotency-Key`` is done once: sent again, it gets the first answer.

    It raises WorkspaceNotFoundError (also for workspaces that the caller is not in) and PermissionDeniedError.
    """

    async def check(principal: PrincipalDep, workspace: WorkspaceName) -> Caller:
        caller = principal.enter(workspace)
        if caller is None:
            raise WorkspaceNotFoundError(
                f"There is no workspace {workspace!r}, or you are not in it.",
                remedy="GET /api/v1/workspaces lists yours; a key belongs to one workspace.",
            )
        if not allowed(caller.role, permission, caller.scope):
            raise PermissionDeniedError(
                f"This needs the permission {permission}, which the role {caller.role} does not have.",
                remedy="Ask an owner of the workspace for another role or key.",
            )
        return caller

    async def check_and_begin(
        request: Request,
        services: ServicesDep,
        caller: Annotated[Caller, Depends(check)],
        idempotency_key: Annotated[
            str | None, Header(min_length=1, max_length=200, description="Send the same key again to get the first answer again.")
        ] = None,
    ) -> Caller:
        if idempotency_key is not None:
            digest = request_digest(request.method, request.url.path, await request.body())
            present = await run_in_threadpool(services.idempotency.begin, caller.workspace_id, idempotency_key, digest)
            if present is not None:
                raise ReplayedAnswer(present.status, present.response)
            begin_recording(request.scope, services.idempotency, caller.workspace_id, idempotency_key)
        return caller

    dependency: Callable[..., Any] = check_and_begin if starts_work else check
    _PERMISSIONS[dependency] = permission
    return Depends(dependency)


_PERMISSIONS: dict[Callable[..., Any], Permission] = {}


def permission_of(dependency: Callable[..., Any] | None) -> Permission | None:
    """Return the permission that a dependency made by `allow` checks; None for any other. For tests and the OpenAPI schema."""
    return _PERMISSIONS.get(dependency) if dependency is not None else None
