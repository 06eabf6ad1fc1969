"""People in a workspace."""

from typing import Annotated

from fastapi import Request

from flowyard.identity.model import Caller
from flowyard.server.deps import PrincipalDep, ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.identity import SignInLink, User, UserCreate, UserUpdate
from flowyard.wire.shared import Page

router = api_router("users", "/workspaces/{workspace}/users")
Reader = Annotated[Caller, allow("users:read")]
Writer = Annotated[Caller, allow("users:write")]


@router.get("")
def list_users(caller: Reader, services: ServicesDep) -> Page[User]:
    """List who is in the workspace."""
    return Page(items=services.identity.users(caller))


@router.post("", status_code=201)
def create_user(body: UserCreate, caller: Writer, services: ServicesDep) -> User:
    """Let a person in, with a role."""
    return services.identity.add_user(caller, body)


@router.patch("/{name}")
def update_user(name: str, body: UserUpdate, caller: Writer, services: ServicesDep) -> User:
    """Change a person's role; it takes effect at once."""
    return services.identity.update_user(caller, name, body)


@router.delete("/{name}", status_code=204)
def delete_user(name: str, caller: Writer, services: ServicesDep) -> None:
    """End a person's membership of the workspace."""
    services.identity.remove_user(caller, name)


@router.post("/{name}/sign-in-link")
def make_sign_in_link(name: str, request: Request, caller: Writer, principal: PrincipalDep, services: ServicesDep) -> SignInLink:
    """Make a link that signs a person in once, within 15 minutes."""
    return services.identity.sign_in_link(caller, principal, name, str(request.base_url))
