"""Access tags: who may give which, to whom they go, and by whose tags processes see documents."""

from typing import Any

import pytest

from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.access import EVERYTHING, UNTAGGED, Access, acts_for
from flowyard.identity.errors import HolderNotFoundError, RoleTooHighError
from flowyard.identity.model import Caller
from flowyard.wire.endpoints import EndpointCreate
from flowyard.wire.identity import ApiKeyCreate, Role, UserCreate, UserUpdate


@pytest.fixture
def owner(services: Any, owner_key: str) -> Caller:
    return services.sign_in.by_key(owner_key).enter()


def with_key(services: Any, owner: Caller, name: str, role: Role) -> Caller:
    return services.sign_in.by_key(services.keys.create(owner, ApiKeyCreate(name=name, role=role)).secret).enter()


def process(services: Any, owner: Caller, scope: str, works_for: str | None) -> Caller:
    secret = services.keys.issue(owner.workspace_id, scope, "invoker", scope=scope, acts_for=works_for)
    return services.sign_in.by_key(secret).enter()


def test_access_is_what_has_no_tag_and_what_has_one_of_mine() -> None:
    mine = Access(frozenset({"a", "b"}))
    assert [mine.allows(tags) for tags in ((), ("b", "x"), ("x",))] == [True, True, False]
    assert [UNTAGGED.allows(()), UNTAGGED.allows(("a",)), EVERYTHING.allows(("a",))] == [True, False, True]
    assert mine.narrowed(("b", "x")) == Access(frozenset({"b"}))
    assert EVERYTHING.narrowed(("x",)) == Access(frozenset({"x"}))
    assert (mine.narrowed(None), EVERYTHING.narrowed(())) == (mine, UNTAGGED)
    assert mine.shown(("x", "b")) == ("b",)


def test_tags_are_given_by_owners_and_by_those_who_have_them(services: Any, owner: Caller) -> None:
    access = services.access
    hand = with_key(services, owner, "hand", "contributor")
    assert (access.access_of(owner), access.access_of(hand)) == (EVERYTHING, UNTAGGED)
    services.keys.create(owner, ApiKeyCreate(name="app", role="reader"))
    with pytest.raises(RoleTooHighError, match="do not have the access tag 'hr'"):
        access.set(hand, "key", "app", ["hr"])
    with pytest.raises(RoleTooHighError, match="'hr'"):
        access.set(hand, "key", "hand", ["hr"])
    access.set(owner, "key", "hand", ["hr", "hr", "wages"])
    assert access.access_of(hand) == Access(frozenset({"hr", "wages"}))
    assert access.set(hand, "key", "app", ["hr"]).tags == ("hr",)
    access.set(owner, "key", "app", ["hr", "board"])
    assert access.set(hand, "key", "app", ["board"]).tags == ("board",), "what is there may stay, and be taken away"
    access.set(owner, "key", "hand", [])
    with pytest.raises(RoleTooHighError, match="'hr'"):
        access.set(hand, "key", "app", ["hr"])
    with pytest.raises(RoleTooHighError, match="may not change a key with the role owner"):
        access.set(hand, "key", "local", [])
    lines = [(line.action, line.target, line.detail) for line in services.audit.page(owner.workspace_id).items]
    assert ("key.access", "keys/app", {"tags": ["board"], "was": ["board", "hr"]}) in lines


def test_what_is_no_tag_and_nobody(services: Any, owner: Caller) -> None:
    for tag in ("", " a", "a,b", "x" * 101, "a\nb"):
        with pytest.raises(InvalidInputError, match="is no access tag"):
            services.access.set(owner, "user", "owner", [tag])
    with pytest.raises(InvalidInputError, match="These are 101 tags"):
        services.access.set(owner, "user", "owner", [str(number) for number in range(101)])
    for kind in ("user", "key", "endpoint"):
        with pytest.raises(HolderNotFoundError, match=f"flowyard {kind} list"):
            services.access.get(owner, kind, "nobody")


def test_a_revoked_key_and_a_removed_member_leave_nothing_to_those_after_them(services: Any, owner: Caller) -> None:
    services.keys.create(owner, ApiKeyCreate(name="app", role="reader"))
    services.access.set(owner, "key", "app", ["hr"])
    services.keys.revoke(owner, "app")
    with pytest.raises(HolderNotFoundError):
        services.access.get(owner, "key", "app")
    services.keys.create(owner, ApiKeyCreate(name="app", role="reader"))
    services.identity.add_user(owner, UserCreate(name="ada", role="reader"))
    services.access.set(owner, "user", "ada", ["hr"])
    services.endpoints.create(owner, EndpointCreate(name="desk"))
    services.access.set(owner, "endpoint", "desk", ["hr"])
    assert [(one.kind, one.name, one.tags, one.everything) for one in services.access.list(owner)] == [
        ("user", "ada", ("hr",), False),
        ("user", "owner", (), True),
        ("key", "app", (), False),
        ("key", "local", (), True),
        ("endpoint", "desk", ("hr",), False),
    ]
    services.identity.remove_user(owner, "ada")
    services.identity.add_user(owner, UserCreate(name="ada", role="reader"))
    services.endpoints.delete(owner, "desk")
    services.endpoints.create(owner, EndpointCreate(name="desk"))
    assert services.access.get(owner, "user", "ada").tags == services.access.get(owner, "endpoint", "desk").tags == ()


def test_a_process_sees_as_who_it_works_for_at_that_time(services: Any, owner: Caller) -> None:
    services.identity.add_user(owner, UserCreate(name="ada", role="contributor"))
    ada = services.access._store.find(owner.workspace_id, "user", "ada")
    run = process(services, owner, "run:1", str(ada))
    assert services.access.access_of(run) == UNTAGGED
    services.access.set(owner, "user", "ada", ["hr"])
    assert services.access.access_of(run) == Access(frozenset({"hr"}))
    assert acts_for(run) == str(ada), "what it begins itself works for the same one"
    services.identity.update_user(owner, "ada", UserUpdate(role="owner"))
    assert services.access.access_of(run) == EVERYTHING
    assert services.access.access_of(process(services, owner, "run:2", None)) == UNTAGGED
    key = with_key(services, owner, "app", "contributor")
    services.access.set(owner, "key", "app", ["board"])
    session = process(services, owner, "session:1", acts_for(key))
    assert services.access.access_of(session) == Access(frozenset({"board"}))
    services.keys.revoke(owner, "app")
    assert services.access.access_of(session) == UNTAGGED


def test_tags_of_another_workspace_open_nothing(services: Any, owner: Caller) -> None:
    services.identity.add_user(owner, UserCreate(name="ada", role="reader"))
    services.access.set(owner, "user", "ada", ["hr"])
    ada = services.access._store.find(owner.workspace_id, "user", "ada")
    elsewhere = Caller("another", "another", "ada", "user", "reader", "", ada.id)
    assert services.access.access_of(elsewhere) == UNTAGGED


def test_who_lacks_a_tag_of_an_endpoint_deploys_nothing_to_it(services: Any, owner: Caller, client: Any) -> None:
    hand = services.keys.create(owner, ApiKeyCreate(name="hand", role="contributor")).secret
    services.endpoints.create(owner, EndpointCreate(name="desk"))
    services.access.set(owner, "endpoint", "desk", ["hr"])
    headers, path = {"Authorization": f"Bearer {hand}"}, "/api/v1/workspaces/default/endpoints/desk"
    for url, body in ((f"{path}/deployments", {"name": "blue", "flow": "none"}), (f"{path}/deployments/blue/rollback", {})):
        refused = client.post(url, headers=headers, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "RoleTooHigh"), refused.text
        assert "'hr'" in refused.json()["detail"]
    services.access.set(owner, "key", "hand", ["hr"])
    assert client.post(f"{path}/deployments", headers=headers, json={"name": "blue", "flow": "none"}).status_code == 404


def test_the_routes(services: Any, owner: Caller, client: Any, owner_key: str) -> None:
    services.identity.add_user(owner, UserCreate(name="ada", role="reader"))
    services.endpoints.create(owner, EndpointCreate(name="desk"))
    reader = services.keys.create(owner, ApiKeyCreate(name="looks", role="reader")).secret
    mine, theirs = ({"Authorization": f"Bearer {key}"} for key in (owner_key, reader))
    base = "/api/v1/workspaces/default"
    for kind, name in (("user", "ada"), ("key", "looks"), ("endpoint", "desk")):
        path = f"{base}/{kind}s/{name}/access-tags"
        told = {"kind": kind, "name": name, "tags": ["board", "hr"], "everything": False}
        assert client.put(path, headers=mine, json={"tags": ["hr", "board"]}).json() == told
        assert client.get(path, headers=mine).json() == told
        assert client.put(path, headers=theirs, json={"tags": []}).status_code == 403
        assert client.put(path, headers=mine, json={"tags": "hr"}).status_code in {400, 422}
        assert client.get(path.replace(name, "nobody"), headers=mine).json()["code"] == "HolderNotFound"
    assert len(client.get(f"{base}/access-tags", headers=mine).json()["items"]) == 5
    assert client.get(f"{base}/access-tags", headers=theirs).status_code == 403
