import time
from typing import Any

import pytest

from flowyard.endpoints.gateway.directory import digest_of
from flowyard.endpoints.gateway.ports import SessionEntry

CHAT = {"model": "script/scripted", "messages": [{"role": "user", "content": "hello"}]}
FOREVER = 2**62


def chat(gateway: Any, **kept: Any) -> int:
    return gateway.request("POST", "/v1/chat/completions", body=CHAT, **kept).status


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("contributor", 200), ("invoker", 200), ("reader", 403)])
def test_roles_that_may_call(gateway: Any, role: str, status: int) -> None:
    assert chat(gateway, key=role) == status
    assert gateway.request("POST", "/endpoints/support/score", body={}, key=role).status == status


def test_both_header_forms_are_accepted(gateway: Any) -> None:
    assert chat(gateway, key=None, api_key="invoker") == 200
    assert chat(gateway, key=None, authorization="bearer invoker") == 200
    assert chat(gateway, key=None, authorization="Basic invoker") == 401


def test_no_key_and_a_wrong_key(gateway: Any) -> None:
    answer = gateway.request("POST", "/v1/chat/completions", body=CHAT, key=None)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["error"]["code"] == "invalid_api_key"
    answer = gateway.request("POST", "/endpoints/support/score", body={}, key="wrong")
    assert (answer.status, answer.json()["code"]) == (401, "Unauthenticated")
    assert gateway.request("GET", "/v1/models", key="wrong").status == 401


def test_unknown_keys_are_not_looked_up_again_and_again(gateway: Any) -> None:
    for _ in range(5):
        assert chat(gateway, key="wrong") == 401
    assert gateway.source.key_lookups == 1


def test_a_fresh_key_works_at_once_and_a_revoked_one_stops_within_a_second(gateway: Any) -> None:
    gateway.source.add_key("fresh")
    assert chat(gateway, key="fresh") == 200
    gateway.source.revoke_key("fresh")
    deadline = time.monotonic() + 1
    while chat(gateway, key="fresh") == 200:
        assert time.monotonic() < deadline
    assert chat(gateway, key="invoker") == 200


def test_an_expired_key_is_refused(gateway: Any) -> None:
    gateway.source.add_key("old", expires_ns=time.time_ns() + 200_000_000)
    assert chat(gateway, key="old") == 200
    time.sleep(0.25)
    assert chat(gateway, key="old") == 401


def test_the_key_of_a_deployment_calls_models_only(gateway: Any) -> None:
    gateway.source.add_key("scoped", scope="deployment:1")
    assert chat(gateway, key="scoped") == 200
    assert gateway.request("POST", "/endpoints/support/score", body={}, key="scoped").status == 403


def test_the_key_of_a_notebook_calls_models_and_endpoints(gateway: Any) -> None:
    gateway.source.add_key("notes", role="contributor", scope="notebook:1")
    assert chat(gateway, key="notes") == 200
    assert gateway.request("POST", "/endpoints/support/score", body={}, key="notes").status == 200


def test_a_key_sees_its_own_workspace_only(gateway: Any) -> None:
    gateway.source.add_key("stranger", workspace="w2")
    assert chat(gateway, key="stranger") == 404
    assert gateway.request("POST", "/endpoints/support/score", body={}, key="stranger").status == 404


def test_a_session_calls_from_the_studio_and_from_nowhere_else(gateway: Any) -> None:
    host = gateway.url.removeprefix("http://")
    gateway.source.sessions[digest_of("cookie")] = SessionEntry(
        actor="ada", expires_ns=FOREVER, roles={"w1": "contributor"}, names={"w1": "default"}
    )
    kept = {"key": None, "cookie": "other=1; flowyard_session=cookie"}
    assert chat(gateway, **kept, origin=f"http://{host}") == 200
    assert chat(gateway, **kept, origin="http://evil.example") == 403
    assert chat(gateway, **kept) == 403
    assert chat(gateway, **kept, origin=f"http://{host}", flowyard_workspace="default") == 200
    assert chat(gateway, **kept, origin=f"http://{host}", flowyard_workspace="elsewhere") == 403
    assert gateway.request("GET", "/v1/models", **kept).status == 200
    gateway.source.sessions.clear()
    gateway.source.append("w1", "session", digest_of("cookie"))
    time.sleep(0.2)
    assert chat(gateway, **kept, origin=f"http://{host}") == 401
