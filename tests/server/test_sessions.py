"""Sign-in links, sessions, cookies, and pages of other sites."""

from typing import Any

import pytest

from flowyard.foundation.clock import now_ns
from flowyard.identity import sign_in
from flowyard.wire.identity import ApiKeyCreate, UserCreate

KEYS = "/api/v1/workspaces/default/keys"
HERE = {"Origin": "http://flowyard.test"}
STUDIO = {"X-Flowyard-Studio": "1"}


def token_of(link: str) -> str:
    return link.partition("#token=")[2]


@pytest.fixture
def link(services: Any, owner_key: str) -> str:
    return services.identity.owner_link("http://flowyard.test").url


@pytest.fixture
def signed_in(client: Any, link: str) -> Any:
    answer = client.post("/api/v1/sign-in", json={"token": token_of(link)})
    assert answer.status_code == 200, answer.text
    return client


def test_a_link_signs_in_once(client: Any, link: str) -> None:
    assert link.startswith("http://flowyard.test/sign-in#token=")
    first = client.post("/api/v1/sign-in", json={"token": token_of(link)})
    assert first.json()["name"] == "owner"
    cookie = first.headers["set-cookie"]
    assert cookie.startswith("flowyard_session=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=2592000"):
        assert part in cookie
    assert "Secure" not in cookie
    second = client.post("/api/v1/sign-in", json={"token": token_of(link)})
    assert second.status_code == 401
    assert second.json()["code"] == "SignInTokenInvalid"
    assert client.get("/api/v1/me").json()["kind"] == "user"


def test_a_link_expires(client: Any, link: str, services: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    later = now_ns() + sign_in.TOKEN_NS
    monkeypatch.setattr(sign_in, "now_ns", lambda: later)
    assert client.post("/api/v1/sign-in", json={"token": token_of(link)}).status_code == 401


def test_a_session_expires(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    later = now_ns() + sign_in.SESSION_NS
    monkeypatch.setattr(sign_in, "now_ns", lambda: later)
    assert signed_in.get("/api/v1/me").status_code == 401


def test_signing_out_ends_the_session_everywhere(signed_in: Any, services: Any, events: Any) -> None:
    cookie = signed_in.cookies["flowyard_session"]
    assert signed_in.post("/api/v1/sign-out", headers=HERE).status_code == 204
    assert "flowyard_session" not in signed_in.cookies
    stolen = signed_in.get("/api/v1/me", headers={"Cookie": f"flowyard_session={cookie}"})
    assert stolen.status_code == 401
    assert [event.kind for event in events.since(0)][-1] == "session"


@pytest.mark.parametrize("body", [{}, {"token": "x", "api_key": "y"}, {"token": None, "api_key": None}])
def test_sign_in_wants_exactly_one(client: Any, body: dict[str, Any]) -> None:
    assert client.post("/api/v1/sign-in", json=body).status_code == 422


def test_a_session_of_a_key_has_its_rights_and_ends_with_it(client: Any, services: Any, owner_key: str) -> None:
    caller = services.sign_in.by_key(owner_key).enter()
    secret = services.keys.create(caller, ApiKeyCreate(name="short", role="reader")).secret
    me = client.post("/api/v1/sign-in", json={"api_key": secret}).json()
    assert (me["name"], me["kind"], me["workspaces"][0]["role"]) == ("short", "key", "reader")
    assert client.post(KEYS, json={"name": "x"}, headers=HERE).status_code == 403
    services.keys.revoke(caller, "short")
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        (HERE, True),
        (STUDIO, True),
        ({}, False),
        ({"Origin": "http://evil.test"}, False),
        ({"Origin": "http://flowyard.test.evil.test"}, False),
        ({"Origin": "http://flowyard.test:8801"}, False),
        ({"Origin": "null"}, False),
    ],
)
def test_a_session_changes_nothing_for_other_sites(signed_in: Any, headers: dict[str, str], passes: bool) -> None:
    answer = signed_in.post(KEYS, json={"name": "made"}, headers=headers)
    assert answer.status_code == (201 if passes else 403), answer.text
    if not passes:
        assert answer.json()["code"] == "CrossOrigin"
    assert signed_in.get(KEYS, headers=headers).status_code == 200


def test_a_key_is_no_matter_of_origins(client: Any, owner: dict[str, str]) -> None:
    assert client.post(KEYS, json={"name": "made"}, headers=owner | {"Origin": "http://evil.test"}).status_code == 201


def test_no_other_site_signs_a_visitor_in(client: Any, link: str) -> None:
    refused = client.post("/api/v1/sign-in", json={"token": token_of(link)}, headers={"Origin": "http://evil.test"})
    assert refused.status_code == 403
    assert client.post("/api/v1/sign-in", json={"token": token_of(link)}, headers=HERE).status_code == 200


def test_a_wrong_key_is_not_made_good_by_a_session(signed_in: Any) -> None:
    assert signed_in.get("/api/v1/me", headers={"Authorization": "Bearer fy_wrong"}).status_code == 401


def test_the_cookie_is_secure_over_tls(services: Any, link: str) -> None:
    from fastapi.testclient import TestClient

    from flowyard.server.app import create_app

    with TestClient(create_app(services), base_url="https://flowyard.test") as secure:
        assert "Secure" in secure.post("/api/v1/sign-in", json={"token": token_of(link)}).headers["set-cookie"]


def test_a_changed_role_and_an_ended_membership_take_effect_at_once(
    client: Any, services: Any, owner: dict[str, str], owner_key: str
) -> None:
    caller = services.sign_in.by_key(owner_key).enter()
    services.identity.add_user(caller, UserCreate(name="ada", role="owner"))
    made = client.post("/api/v1/workspaces/default/users/ada/sign-in-link", headers=owner).json()
    client.post("/api/v1/sign-in", json={"token": token_of(made["url"])})
    assert client.post(KEYS, json={"name": "one"}, headers=HERE).status_code == 201
    assert client.patch("/api/v1/workspaces/default/users/ada", json={"role": "reader"}, headers=owner).status_code == 200
    assert client.post(KEYS, json={"name": "two"}, headers=HERE).status_code == 403
    assert client.delete("/api/v1/workspaces/default/users/ada", headers=owner).status_code == 204
    assert client.get(KEYS).status_code == 404
    assert client.get("/api/v1/me").json()["workspaces"] == []


def test_who_was_here_last(signed_in: Any, owner: dict[str, str]) -> None:
    signed_in.get("/api/v1/me")
    user = signed_in.get("/api/v1/workspaces/default/users", headers=owner).json()["items"][0]
    assert user["last_seen_at"] is not None
