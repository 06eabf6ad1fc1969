"""Whatever is wrong with a request, on every route, the answer is problem details and never an error of ours."""

from typing import Any

import pytest

from support.api_operations import OPERATIONS, filled

BODIES = [(m, p, o) for m, p, o in OPERATIONS if "application/json" in o.get("requestBody", {}).get("content", {})]
BYTES = [
    (m, p, o) for m, p, o in OPERATIONS if "application/json" not in o.get("requestBody", {}).get("content", {"application/json": None})
]
IDS = [operation["operationId"] for _, _, operation in BODIES]
JSON = {"Content-Type": "application/json"}


def check_problem(answer: Any, status: int | None = None) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert {"type", "code", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["status"] == answer.status_code
    assert 400 <= answer.status_code < 500, answer.text
    assert problem["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert None not in problem.values()
    if status is not None:
        assert answer.status_code == status, answer.text
    return problem


@pytest.mark.parametrize(("method", "path", "operation"), BODIES, ids=IDS)
def test_bodies_that_do_not_fit(shared_api: Any, method: str, path: str, operation: dict[str, Any]) -> None:
    def send(content: bytes, **headers: str) -> Any:
        return shared_api.client.request(method.upper(), filled(path), headers=shared_api.keys["owner"] | JSON | headers, content=content)

    check_problem(send(b"{no json"), 400)
    check_problem(send(b'{"a": "\xff"}'), 400)
    check_problem(send(b"[" * 100_000), 400)
    for content in (b"[]", b"null", b'"text"', b"17", b'{"no such key": 1}', b""):
        check_problem(send(content))
    check_problem(send(b"{}", **{"Content-Type": "text/plain"}), 422)


@pytest.mark.parametrize(("method", "path", "operation"), BYTES, ids=[operation["operationId"] for _, _, operation in BYTES])
def test_bytes_that_are_not_what_was_promised(shared_api: Any, method: str, path: str, operation: dict[str, Any]) -> None:
    for kind in [*operation["requestBody"]["content"], "application/json", "text/plain"]:
        for content in (b"", b"nothing of the sort", b"PK\x03\x04" + b"\0" * 60, b"{}"):
            headers = shared_api.keys["owner"] | {"Content-Type": kind}
            check_problem(shared_api.client.request(method.upper(), filled(path), headers=headers, content=content))


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[o["operationId"] for _, _, o in OPERATIONS])
def test_unknown_methods_and_hostile_names(shared_api: Any, method: str, path: str, operation: dict[str, Any]) -> None:
    client, owner = shared_api.client, shared_api.keys["owner"]
    check_problem(client.request("TRACE", filled(path), headers=owner), 405)
    if "{" in path:
        for word in ("%00", "%F0%9F%92%A9", "a" * 3000, "..%2f..%2fetc", "'%20OR%201=1--"):
            address = filled(path, word, workspace="default" if "nothing" in filled(path) else word)
            answer = client.request(method.upper(), address, headers=owner, json={})
            assert answer.status_code < 500, answer.text
            if answer.status_code >= 400:
                check_problem(answer)


def test_an_unknown_key_names_the_nearest_one(client: Any, owner: dict[str, str]) -> None:
    problem = check_problem(client.post("/api/v1/workspaces/default/keys", headers=owner, json={"name": "x", "rol": "owner"}), 422)
    assert problem["remedy"] == "Did you mean 'role'?"
    assert problem["location"] == {"pointer": "/rol"}


def test_all_that_is_wrong_is_told_at_once(client: Any, owner: dict[str, str]) -> None:
    problem = check_problem(
        client.post("/api/v1/workspaces/default/keys", headers=owner, json={"role": "king", "expires_in_days": "x"}), 422
    )
    assert {finding["location"]["pointer"] for finding in problem["findings"]} == {"/name", "/role", "/expires_in_days"}


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/me", "/api/v1/workspaces/default/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_unknown_addresses(shared_api: Any, address: str, method: str) -> None:
    check_problem(shared_api.client.request(method, address, headers=shared_api.keys["owner"] | {"Accept": "text/html"}), 404)
