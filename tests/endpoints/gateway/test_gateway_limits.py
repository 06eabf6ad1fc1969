"""Limits of keys and workspaces, as clients meet them."""

import time
from typing import Any

import openai
import pytest

from flowyard.wire.limits import Limits

CHAT = "/v1/chat/completions"


def body(text: str = "weather in Oslo", **more: Any) -> dict[str, Any]:
    return {"model": "script/scripted", "messages": [{"role": "user", "content": text}], **more}


def limit(gateway: Any, limits: Limits, *, key: str | None = "invoker") -> None:
    """Set limits and wait until the gateway knows them."""
    gateway.request("POST", CHAT, body=body(), key="contributor")
    gateway.source.set_limits(limits, key=key)
    time.sleep(0.2)


def early_in_the_minute() -> None:
    """Begin where no new minute comes between."""
    if time.time() % 60 > 55:
        time.sleep(60 - time.time() % 60 + 0.1)


def test_a_key_over_its_requests_gets_openais_error_with_which_and_when(gateway: Any) -> None:
    early_in_the_minute()
    limit(gateway, Limits(requests_per_minute=3))
    answers = [gateway.request("POST", CHAT, body=body()) for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["x-ratelimit-remaining-requests"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert all(answer.headers["x-ratelimit-limit-requests"] == "3" for answer in answers)
    error = answers[3].json()["error"]
    assert (error["type"], error["code"]) == ("rate_limit_error", "rate_limit_exceeded")
    assert "The key 'invoker' may use 3 requests a minute, of which 0 are left." in error["message"]
    assert 0 < int(answers[3].headers["retry-after"]) <= 60
    assert gateway.request("POST", CHAT, body=body(), key="contributor").status == 200
    refused = gateway.span(lambda record: record.error_type == "LimitReached")
    assert (refused.api_key, refused.prompt_tokens) == ("invoker", None)


def test_openais_client_sees_a_rate_limit_and_waits_as_told(gateway: Any) -> None:
    early_in_the_minute()
    limit(gateway, Limits(requests_per_minute=1))
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", max_retries=0) as api:
        api.chat.completions.create(**body())
        with pytest.raises(openai.RateLimitError) as refused:
            api.chat.completions.create(**body())
    assert refused.value.code == "rate_limit_exceeded"


def test_tokens_are_reserved_before_the_call_and_settled_after(gateway: Any) -> None:
    early_in_the_minute()
    limit(gateway, Limits(tokens_per_minute=1000))
    answer = gateway.request("POST", CHAT, body=body(max_tokens=900))
    assert answer.status == 200
    assert int(answer.headers["x-ratelimit-remaining-tokens"]) < 100
    used = answer.json()["usage"]["total_tokens"]
    again = gateway.request("POST", CHAT, body=body(max_tokens=10))
    assert 900 < int(again.headers["x-ratelimit-remaining-tokens"]) < 1000 - used
    too_large = gateway.request("POST", CHAT, body=body(max_tokens=2000))
    assert too_large.status == 429
    assert "lower max_tokens" in too_large.json()["error"]["message"]
    assert "retry-after" not in too_large.headers


def test_a_call_that_fails_costs_no_tokens(gateway: Any) -> None:
    early_in_the_minute()
    limit(gateway, Limits(tokens_per_minute=1000))
    for _ in range(3):
        assert gateway.request("POST", CHAT, body=body("wrong key", max_tokens=900)).status in {401, 502}
    assert gateway.request("POST", CHAT, body=body(max_tokens=900)).status == 200


def test_a_budget_says_when_it_begins_anew_and_that_trying_again_is_vain(gateway: Any) -> None:
    gateway.prices["token"] = 5
    limit(gateway, Limits(dollars_per_day=0.001))
    answers = [gateway.request("POST", CHAT, body=body(max_tokens=5)) for _ in range(60)]
    refused = [answer for answer in answers if answer.status == 429]
    assert 5 < len(answers) - len(refused) < 50
    error = refused[0].json()["error"]
    assert error["code"] == "insufficient_quota"
    assert "budget of $0.001 a day" in error["message"]
    assert "T00:00:00" in error["message"]
    assert refused[0].headers["x-should-retry"] == "false"


def test_a_budget_lets_calls_without_a_price_through_unless_it_says_otherwise(gateway: Any) -> None:
    limit(gateway, Limits(dollars_per_day=1))
    assert gateway.request("POST", CHAT, body=body()).status == 200
    gateway.source.set_limits(Limits(dollars_per_day=1, unknown_price="refuse"), key="invoker")
    time.sleep(0.2)
    refused = gateway.request("POST", CHAT, body=body())
    assert (refused.status, refused.json()["error"]["code"]) == (403, "PriceUnknown")


def test_the_workspaces_limit_holds_for_all_keys_and_flows_together(gateway: Any) -> None:
    early_in_the_minute()
    limit(gateway, Limits(requests_per_minute=3), key=None)
    score = "/endpoints/support/score"
    statuses = [
        gateway.request("POST", CHAT, body=body()).status,
        gateway.request("POST", CHAT, body=body(), key="contributor").status,
        gateway.request("POST", score, body={}).status,
        gateway.request("POST", score, body={}).status,
        gateway.request("POST", CHAT, body=body(), key="owner").status,
    ]
    assert statuses == [200, 200, 200, 429, 429]
    problem = gateway.request("POST", score, body={}).json()
    assert (problem["code"], problem["extra"]["limit"], problem["extra"]["subject"]) == ("LimitReached", "requests", "workspace")
    gateway.source.set_limits(Limits())
    time.sleep(0.2)
    assert gateway.request("POST", CHAT, body=body()).status == 200


def test_streams_count_what_they_used(gateway: Any) -> None:
    early_in_the_minute()
    limit(gateway, Limits(tokens_per_minute=1000))
    for _ in range(3):
        answer = gateway.request("POST", CHAT, body=body(stream=True, max_tokens=900))
        assert answer.status == 200
        assert b"[DONE]" in answer.data
