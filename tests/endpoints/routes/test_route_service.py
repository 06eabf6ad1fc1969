"""Routes over the API: kept, checked, told to gateways."""

from typing import Any

import pytest

ROUTES = "/api/v1/workspaces/default/gateway/routes"
SPEC: dict[str, Any] = {"targets": [{"model": "local/small", "weight": 2}], "fallbacks": ["endpoint:support"], "logging": {"sample": 0.1}}


def test_a_route_is_made_changed_listed_and_deleted(client: Any, owner: Any, services: Any, events: Any) -> None:
    made = client.post(ROUTES, headers=owner, json={"name": "chat", "spec": SPEC})
    assert made.status_code == 201
    assert made.json()["spec"]["retry"] == {"attempts": 1, "on": "unreached", "backoff_s": 0.1}
    assert made.json()["spec"]["logging"] == {"sample": 0.1}
    assert client.post(ROUTES, headers=owner, json={"name": "chat", "spec": SPEC}).json()["code"] == "RouteTaken"
    changed = client.put(f"{ROUTES}/chat", headers=owner, json={**SPEC, "timeout_s": 5, "logging": "none"})
    assert (changed.json()["spec"]["timeout_s"], changed.json()["spec"]["logging"]) == (5, "none")
    assert client.get(f"{ROUTES}/chat", headers=owner).json() == changed.json()
    assert [route["name"] for route in client.get(ROUTES, headers=owner).json()["items"]] == ["chat"]
    assert client.delete(f"{ROUTES}/chat", headers=owner).status_code == 204
    gone = client.delete(f"{ROUTES}/chat", headers=owner)
    assert (gone.status_code, gone.json()["code"]) == (404, "RouteNotFound")
    assert [(event.kind, event.key) for event in events.since(0) if event.kind == "route"] == [("route", "chat")] * 3


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"targets": []}, "/targets"),
        ({"targets": [{"model": "local/small", "weight": 0}]}, "/targets"),
        ({"targets": [{"model": "nothing/gpt"}]}, "/targets/0/model"),
        ({"targets": [{"model": "nothing-pulled"}]}, "/targets/0/model"),
        ({"targets": [{"model": "local/small", "weight": -1}, {"model": "local/small"}]}, "/targets/0/weight"),
        ({"fallbacks": ["local/small", "locla/small"]}, "/fallbacks/1"),
        ({"retry": {"attempts": 0}}, "/retry/attempts"),
        ({"timeout_s": 0}, "/timeout_s"),
        ({"breaker": {"errors": 0}}, "/breaker/errors"),
        ({"cache": {"ttl_s": -1}}, "/cache/ttl_s"),
        ({"logging": {"sample": 1.5}}, "/logging/sample"),
    ],
)
def test_what_cannot_work_is_refused_with_its_place(client: Any, owner: Any, change: dict[str, Any], pointer: str) -> None:
    refused = client.post(ROUTES, headers=owner, json={"name": "chat", "spec": {**SPEC, **change}})
    assert (refused.status_code, refused.json()["code"]) == (422, "RouteInvalid")
    assert refused.json()["location"]["pointer"] == pointer
    assert client.get(ROUTES, headers=owner).json()["items"] == []


def test_a_route_takes_no_name_of_a_model_and_no_name_with_a_slash(client: Any, owner: Any, services: Any) -> None:
    model = services.catalog._catalog.list()[0].name
    taken = client.post(ROUTES, headers=owner, json={"name": model, "spec": SPEC})
    assert (taken.status_code, taken.json()["code"]) == (409, "RouteTaken")
    for name in ("local/small", "endpoint:x", "", "a" * 65):
        assert client.post(ROUTES, headers=owner, json={"name": name, "spec": SPEC}).json()["code"] == "RouteInvalid"


def test_a_misspelt_key_is_refused_wherever_it_stands(client: Any, owner: Any) -> None:
    client.post(ROUTES, headers=owner, json={"name": "chat", "spec": SPEC})
    for change in ({"timeout": 5}, {"retry": {"attempt": 2}}, {"targets": [{"model": "local/small", "share": 2}]}):
        assert client.put(f"{ROUTES}/chat", headers=owner, json={**SPEC, **change}).status_code == 422
    limits = "/api/v1/workspaces/default/limits"
    assert client.put(limits, headers=owner, json={"request_per_minute": 5}).status_code == 422
    assert client.put(limits, headers=owner, json={"requests_per_minute": 5}).json()["limits"]["requests_per_minute"] == 5
