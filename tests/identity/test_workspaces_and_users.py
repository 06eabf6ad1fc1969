"""The first start, workspaces, and people in them."""

from typing import Any

import pytest

from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.errors import LastOwnerError, NameTakenError, PermissionDeniedError, UserNotFoundError
from flowyard.identity.model import Caller, Principal
from flowyard.wire.identity import UserCreate, UserUpdate, WorkspaceCreate


@pytest.fixture
def owner_user(services: Any, owner_key: str) -> Principal:
    return signed_in(services, services.identity.owner_link("http://x").url)


def signed_in(services: Any, url: str) -> Principal:
    return services.sign_in.with_token(url.partition("#token=")[2]).principal


@pytest.fixture
def caller(owner_user: Principal) -> Caller:
    found = owner_user.enter("default")
    assert found is not None
    return found


def test_bootstrap_makes_what_is_missing_and_keeps_what_works(services: Any) -> None:
    first = services.identity.bootstrap()
    assert (first.workspace.name, first.owner.name) == ("default", "owner")
    again = services.identity.bootstrap(first.api_key)
    assert again == first
    replaced = services.identity.bootstrap("fy_lost")
    assert replaced.api_key != first.api_key
    caller = services.sign_in.by_key(replaced.api_key).enter()
    assert [(key.name, key.revoked_at is None) for key in services.keys.list(caller)] == [("local", True), ("local", False)]
    assert first.api_key not in repr(first)


def test_a_workspace_belongs_to_who_makes_it(services: Any, owner_user: Principal) -> None:
    made = services.identity.create_workspace(owner_user, WorkspaceCreate(name="second"))
    assert (made.name, made.display_name, made.role) == ("second", "second", "owner")
    with pytest.raises(NameTakenError):
        services.identity.create_workspace(owner_user, WorkspaceCreate(name="second"))


@pytest.mark.parametrize("name", ["", "Big", "a_b", "-a", "a-", "a" * 65, "a/b", "..", "ä", "a\n"])
def test_names_that_no_workspace_has(services: Any, owner_user: Principal, name: str) -> None:
    with pytest.raises(InvalidInputError, match="no name for a workspace"):
        services.identity.create_workspace(owner_user, WorkspaceCreate(name=name))


def test_neither_keys_nor_guests_make_workspaces(services: Any, owner_key: str, caller: Caller) -> None:
    with pytest.raises(PermissionDeniedError):
        services.identity.create_workspace(services.sign_in.by_key(owner_key), WorkspaceCreate(name="second"))
    services.identity.add_user(caller, UserCreate(name="ada", role="contributor"))
    ada = signed_in(services, services.identity.sign_in_link(caller, signed_owner(services), "ada", "http://x").url)
    with pytest.raises(PermissionDeniedError):
        services.identity.create_workspace(ada, WorkspaceCreate(name="second"))


def signed_owner(services: Any) -> Principal:
    return signed_in(services, services.identity.owner_link("http://x").url)


def test_people_come_change_and_go(services: Any, caller: Caller) -> None:
    assert services.identity.add_user(caller, UserCreate(name="ada@example.org", role="reader")).role == "reader"
    with pytest.raises(NameTakenError):
        services.identity.add_user(caller, UserCreate(name="ada@example.org"))
    assert services.identity.update_user(caller, "ada@example.org", UserUpdate(role="owner")).role == "owner"
    services.identity.remove_user(caller, "ada@example.org")
    with pytest.raises(UserNotFoundError):
        services.identity.remove_user(caller, "ada@example.org")
    with pytest.raises(LastOwnerError):
        services.identity.remove_user(caller, "owner")
    actions = [entry.action for entry in services.audit.page(caller.workspace_id).items]
    assert actions[:3] == ["user.remove", "user.update", "user.add"]


def test_a_link_for_somebody_opens_no_workspace_that_its_maker_does_not_own(services: Any, owner_user: Principal, caller: Caller) -> None:
    services.identity.add_user(caller, UserCreate(name="ada", role="owner"))
    ada = signed_in(services, services.identity.sign_in_link(caller, owner_user, "ada", "http://x").url)
    services.identity.create_workspace(ada, WorkspaceCreate(name="hers"))
    with pytest.raises(PermissionDeniedError, match="do not own"):
        services.identity.sign_in_link(caller, owner_user, "ada", "http://x")
    services.identity.sign_in_link(ada.enter("default"), ada, "ada", "http://x")


def test_whoever_is_in_no_workspace_enters_none(owner_user: Principal) -> None:
    assert owner_user.enter("other") is None
    assert owner_user.enter() is not None
