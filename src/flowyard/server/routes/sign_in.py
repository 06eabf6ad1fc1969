"""Signing in and out, and who is asking."""

from fastapi import Depends, Request, Response

from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.version import __version__
from flowyard.identity.model import Principal
from flowyard.identity.sign_in import SESSION_COOKIE, SESSION_NS
from flowyard.server.deps import PrincipalDep, ServicesDep, same_origin
from flowyard.server.routing import api_router
from flowyard.wire.identity import Me, SignIn
from flowyard.wiring.server import Services

router = api_router("sign_in")


def not_cross_site(request: Request) -> None:
    """Let programs, which send no Origin, and the studio sign in, but no other site's page (it could sign a visitor in as somebody)."""
    if "origin" in request.headers:
        same_origin(request)


@router.post("/sign-in", dependencies=[Depends(not_cross_site)])
def sign_in(body: SignIn, request: Request, response: Response, services: ServicesDep) -> Me:
    """Open a browser session with the token of a sign-in link, or with an API key. The answer sets the session cookie."""
    if (body.token is None) == (body.api_key is None):
        raise InvalidInputError("Expected either 'token' or 'api_key'.", remedy="Give exactly one of them.")
    session = services.sign_in.with_token(body.token) if body.token is not None else services.sign_in.with_key(body.api_key or "")
    response.set_cookie(
        SESSION_COOKIE,
        session.secret,
        max_age=SESSION_NS // 1_000_000_000,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return _me(session.principal, services)


@router.post("/sign-out", status_code=204)
def sign_out(request: Request, response: Response, services: ServicesDep, _: PrincipalDep) -> None:
    """End the session of the cookie, everywhere. A request with a key alone ends nothing."""
    session = request.cookies.get(SESSION_COOKIE)
    if session:
        services.sign_in.end(session)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")


@router.get("/me")
def get_me(principal: PrincipalDep, services: ServicesDep) -> Me:
    """Say who is asking and which workspaces they may enter."""
    return _me(principal, services)


def _me(principal: Principal, services: Services) -> Me:
    return Me(name=principal.name, kind=principal.kind, workspaces=services.identity.workspaces(principal), version=__version__)
