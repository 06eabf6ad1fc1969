"""Keys and tokens of one endpoint at the gateway: they open that endpoint and nothing else."""

import time
from typing import Any

from support.endpoint_routes import deployment, endpoint

CHAT = {"model": "script/scripted", "messages": [{"role": "user", "content": "hello"}]}
MINE = "endpoint:id-support"


def score(gateway: Any, key: str, name: str = "support") -> int:
    return gateway.request("POST", f"/endpoints/{name}/score", body={}, key=key).status


def test_an_endpoints_key_opens_it_alone(gateway: Any) -> None:
    gateway.source.add_key("mine", scope=MINE)
    gateway.source.put_endpoint(endpoint({"blue": 100}, deployment("blue", gateway.replica_address), name="other"))
    assert score(gateway, "mine") == 200
    assert gateway.request("GET", "/endpoints/support/health", key="mine").status == 200
    for answer in (
        gateway.request("POST", "/endpoints/other/score", body={}, key="mine"),
        gateway.request("POST", "/endpoints/absent/score", body={}, key="mine"),
        gateway.request("POST", "/v1/chat/completions", body=CHAT, key="mine"),
        gateway.request("GET", "/v1/models", key="mine"),
    ):
        assert answer.status == 403, answer.data
    assert score(gateway, "invoker", "other") == 200
    refused = gateway.request("POST", "/endpoints/other/score", body={}, key="mine").json()
    assert (refused["detail"], refused["remedy"]) == (
        "This key is not one of the endpoint 'other'.",
        "Use the endpoint's own key, or a key of the workspace.",
    )


def test_a_key_of_an_endpoint_that_was_made_anew_under_its_name_is_refused(gateway: Any) -> None:
    gateway.source.add_key("old", scope="endpoint:id-of-the-one-before")
    assert score(gateway, "old") == 403


def test_the_span_of_a_call_names_the_key(gateway: Any) -> None:
    gateway.source.add_key("support/primary", scope=MINE)
    assert score(gateway, "support/primary") == 200
    assert gateway.span(lambda record: record.kind == "http").api_key == "support/primary"


def test_a_regenerated_key_is_refused_within_a_second_and_the_other_goes_on(gateway: Any) -> None:
    for name in ("primary", "secondary"):
        gateway.source.add_key(name, scope=MINE)
        assert score(gateway, name) == 200
    gateway.source.revoke_key("primary")
    deadline = time.monotonic() + 1
    while score(gateway, "primary") == 200:
        assert time.monotonic() < deadline
    assert score(gateway, "primary") == 401
    assert score(gateway, "secondary") == 200


def test_a_token_is_refused_when_it_has_expired(gateway: Any) -> None:
    gateway.source.add_key("token", scope=MINE, expires_ns=time.time_ns() + 200_000_000)
    assert score(gateway, "token") == 200
    time.sleep(0.25)
    assert score(gateway, "token") == 401
