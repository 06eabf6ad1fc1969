"""Routes as clients meet them: weights, fallbacks, retries, breakers, deadlines, the cache, what spans keep."""

import json
import socket
import time
from collections import Counter
from typing import Any

import openai
import pytest

from flowyard.tracing.model import SpanRecord
from flowyard.wire.limits import Limits
from support.installation import eventually
from support.recording_upstream import Upstream

CHAT = "/v1/chat/completions"
GOOD = "script/scripted"
ANSWER = {
    "id": "a",
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "from afar"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}

RESPONSE = {
    "id": "r",
    "object": "response",
    "model": "m",
    "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "from afar", "annotations": []}]}],
    "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5},
}


def body(text: str = "weather in Oslo", **more: Any) -> dict[str, Any]:
    return {"model": "chat", "messages": [{"role": "user", "content": text}], **more}


def put(gateway: Any, *targets: Any, **spec: Any) -> None:
    """Make or change the route ``chat`` and wait until the gateway knows it."""
    given = [{"model": target} if isinstance(target, str) else target for target in targets]
    gateway.source.put_route("chat", targets=given, **spec)
    time.sleep(0.2)


@pytest.fixture
def away(gateway: Any) -> str:
    """A model at a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gateway.source.put_connection("away", "open_ai", {"base_url": f"http://127.0.0.1:{port}/v1"}, {"api_key": "k"})
    return "away/gpt"


@pytest.fixture
def afar(gateway: Any) -> Upstream:
    """The upstream behind the connection ``afar``."""
    upstream: Upstream = gateway.other
    address = gateway.other_address
    gateway.source.put_connection("afar", "open_ai", {"base_url": f"http://{address}/v1"}, {"api_key": "k"})
    upstream.answers[CHAT] = (200, b"application/json", json.dumps(ANSWER).encode())
    upstream.answers["/v1/responses"] = (200, b"application/json", json.dumps(RESPONSE).encode())
    return upstream


def failing(upstream: Upstream, status: int, text: str = "no") -> None:
    upstream.answers[CHAT] = (status, b"application/json", json.dumps({"error": {"message": text}}).encode())


def failed_attempts(span: SpanRecord) -> list[tuple[str, str]]:
    return [
        (event.attributes["flowyard.route.target"], event.attributes["error.type"])
        for event in span.events
        if event.name == "attempt_failed"
    ]


def test_a_route_is_a_model_to_clients_and_the_answer_tells_which_one_it_was(gateway: Any) -> None:
    put(gateway, GOOD)
    answer = gateway.request("POST", CHAT, body=body())
    assert answer.json()["choices"][0]["message"]["content"] == "It is sunny in Oslo."
    assert (answer.headers["x-flowyard-target"], answer.headers["x-flowyard-attempts"]) == (GOOD, "1")
    assert "chat" in [model["id"] for model in gateway.request("GET", "/v1/models").json()["data"]]
    span = gateway.span()
    assert (span.name, span.model, span.provider, span.prompt_tokens) == ("chat chat", GOOD, "scripted", 3)
    assert (span.attributes["flowyard.route"], span.attributes["flowyard.route.tries"]) == ("chat", 1)


def test_weights_split_the_calls(gateway: Any, afar: Upstream) -> None:
    put(gateway, {"model": GOOD, "weight": 3}, {"model": "afar/m", "weight": 1}, {"model": "afar/never", "weight": 0})
    seen = Counter(gateway.request("POST", CHAT, body=body()).headers["x-flowyard-target"] for _ in range(80))
    assert set(seen) == {GOOD, "afar/m"}
    assert 40 < seen[GOOD] < 75


def test_a_model_that_is_not_reached_leaves_the_call_to_a_fallback_and_the_trace_shows_each_try(gateway: Any, away: str) -> None:
    put(gateway, away, fallbacks=["missing/model", GOOD], retry={"attempts": 2, "backoff_s": 0.01})
    answer = gateway.request("POST", CHAT, body=body())
    assert answer.status == 200
    assert (answer.headers["x-flowyard-target"], answer.headers["x-flowyard-attempts"]) == (GOOD, "3")
    span = gateway.span()
    assert (span.status, span.model) == ("ok", GOOD)
    assert failed_attempts(span) == [(away, "UpstreamLost"), (away, "UpstreamLost"), ("missing/model", "ModelNotFound")]


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_turns_the_call_away_leaves_it_to_the_fallback(gateway: Any, afar: Upstream, status: int) -> None:
    failing(afar, status)
    put(gateway, "afar/m", fallbacks=[GOOD])
    assert gateway.request("POST", CHAT, body=body()).headers["x-flowyard-target"] == GOOD


@pytest.mark.parametrize("status", [500, 502, 408, 401])
def test_a_call_that_a_model_may_have_seen_goes_on_only_where_the_route_says_so(gateway: Any, afar: Upstream, status: int) -> None:
    failing(afar, status, "broken")
    put(gateway, "afar/m", fallbacks=[GOOD])
    assert gateway.request("POST", CHAT, body=body()).status == (502 if status == 401 else status)
    put(gateway, "afar/m", fallbacks=[GOOD], retry={"on": "always"})
    assert gateway.request("POST", CHAT, body=body()).headers["x-flowyard-target"] == GOOD


def test_a_request_that_is_wrong_is_sent_once_and_refused_as_the_model_refused_it(gateway: Any, afar: Upstream) -> None:
    failing(afar, 400, "bad tools")
    put(gateway, "afar/m", fallbacks=[GOOD], retry={"on": "always", "attempts": 3})
    answer = gateway.request("POST", CHAT, body=body())
    assert (answer.status, answer.json()["error"]["message"]) == (400, "bad tools")
    assert len(afar.seen) == 1


def test_the_last_models_own_refusal_reaches_the_client_after_all_tries(gateway: Any, afar: Upstream) -> None:
    failing(afar, 429, "slow down")
    afar.headers = [(b"retry-after", b"7")]
    put(gateway, "afar/m", retry={"attempts": 3, "backoff_s": 0.01})
    answer = gateway.request("POST", CHAT, body=body())
    assert (answer.status, answer.json()["error"]["message"], answer.headers["retry-after"]) == (429, "slow down", "7")
    assert len(afar.seen) == 3


def test_where_no_model_answers_the_error_names_them_all(gateway: Any, away: str) -> None:
    put(gateway, away, fallbacks=["missing/model"])
    answer = gateway.request("POST", CHAT, body=body())
    error = answer.json()["error"]
    assert (answer.status, error["code"]) == (503, "RouteExhausted")
    assert "away/gpt: " in error["message"]
    assert "missing/model: " in error["message"]


def test_a_model_that_failed_often_is_left_alone_and_tried_again_later(gateway: Any, afar: Upstream) -> None:
    failing(afar, 503)
    put(gateway, "afar/m", fallbacks=[GOOD], breaker={"errors": 2, "window_s": 10, "open_s": 2})
    for _ in range(5):
        assert gateway.request("POST", CHAT, body=body()).headers["x-flowyard-target"] == GOOD
    assert len(afar.seen) == 2
    expected = {"afar/m": ("open", 2), GOOD: ("closed", 0)}

    def told() -> bool:
        targets = [one for report in gateway.gateways.told_since(0) for one in report.targets]
        return {one.model: (one.breaker, one.failed) for one in targets} == expected

    assert eventually(told)
    time.sleep(2)
    afar.answers[CHAT] = (200, b"application/json", json.dumps(ANSWER).encode())
    assert gateway.request("POST", CHAT, body=body()).headers["x-flowyard-target"] == "afar/m"
    assert gateway.request("POST", CHAT, body=body()).headers["x-flowyard-target"] == "afar/m"


def test_streams_that_break_off_count_for_the_breaker(gateway: Any) -> None:
    put(gateway, GOOD, breaker={"errors": 2, "window_s": 10, "open_s": 20})
    for _ in range(2):
        answer = gateway.request("POST", CHAT, body=body("break off", stream=True))
        assert (answer.status, b'"error"' in answer.data.strip().split(b"\n\n")[-1]) == (200, True)
    assert gateway.request("POST", CHAT, body=body()).json()["error"]["code"] == "RouteExhausted"
    told = eventually(lambda: [one for report in gateway.gateways.told_since(0) for one in report.targets if one.failed == 2])
    assert [(one.breaker, one.answered) for one in told] == [("open", 0)]


def test_a_stream_that_outlives_its_deadline_says_nothing_of_the_model(gateway: Any) -> None:
    put(gateway, GOOD, breaker={"errors": 1, "window_s": 10, "open_s": 20})
    assert gateway.request("POST", CHAT, body=body("slow", stream=True), x_flowyard_timeout="0.2").status == 200
    assert gateway.request("POST", CHAT, body=body()).status == 200


def test_when_all_models_are_left_alone_the_client_is_told_when_to_come_back(gateway: Any, away: str) -> None:
    put(gateway, away, breaker={"errors": 1, "window_s": 10, "open_s": 20})
    gateway.request("POST", CHAT, body=body())
    answer = gateway.request("POST", CHAT, body=body())
    assert (answer.status, answer.headers["retry-after"]) == (503, "20")
    assert "failed lately" in answer.json()["error"]["message"]


def test_a_call_ends_at_its_deadline(gateway: Any) -> None:
    put(gateway, GOOD, timeout_s=0.3)
    begun = time.monotonic()
    answer = gateway.request("POST", CHAT, body=body("wait long"))
    assert time.monotonic() - begun < 2
    assert (answer.status, answer.json()["error"]["code"]) == (504, "DeadlineExceeded")
    assert gateway.span().error_type == "DeadlineExceeded"


def test_the_client_may_set_a_deadline_and_a_stream_ends_with_an_error_event(gateway: Any) -> None:
    answer = gateway.request("POST", CHAT, body={**body("slow", stream=True), "model": GOOD}, x_flowyard_timeout="0.2")
    assert answer.status == 200
    last = answer.data.strip().split(b"\n\n")[-1]
    assert b"took longer than the 0.2 s" in last
    refused = gateway.request("POST", CHAT, body={**body(), "model": GOOD}, x_flowyard_timeout="soon")
    assert (refused.status, "x-flowyard-timeout" in refused.json()["error"]["message"]) == (400, True)


def test_garbage_is_an_error_with_its_cause(gateway: Any, afar: Upstream) -> None:
    afar.answers[CHAT] = (200, b"text/html", b"<html>Welcome to nginx</html>")
    answer = gateway.request("POST", CHAT, body={**body(), "model": "afar/m"})
    assert (answer.status, answer.json()["error"]["code"]) == (502, "AnswerInvalid")
    assert "Welcome to nginx" in answer.json()["error"]["message"]


def test_stock_clients_fall_back_with_streams_tools_and_langchain(gateway: Any, away: str, afar: Upstream) -> None:
    from langchain_openai import ChatOpenAI

    put(gateway, away, fallbacks=[GOOD])
    tools: Any = [{"type": "function", "function": {"name": "book", "parameters": {"type": "object"}}}]
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", max_retries=0) as api:
        whole = api.chat.completions.create(**body())
        stream = "".join(chunk.choices[0].delta.content or "" for chunk in api.chat.completions.create(**body(stream=True)))
        called = api.chat.completions.create(**body("book a table"), tools=tools)
        put(gateway, away, fallbacks=["afar/m"])
        response = api.responses.create(model="chat", input="weather in Rome")
    assert whole.choices[0].message.content == stream == "It is sunny in Oslo."
    assert called.choices[0].message.tool_calls[0].function.name == "book"
    assert response.output_text == "from afar"
    put(gateway, away, fallbacks=[GOOD])
    model = ChatOpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", model="chat", max_retries=0)
    assert model.invoke("weather in Lima").content == "It is sunny in Lima."
    assert "".join(chunk.content for chunk in model.stream("weather in Lima")) == "It is sunny in Lima."


async def test_the_async_client_falls_back(gateway: Any, away: str) -> None:
    put(gateway, away, fallbacks=[GOOD])
    async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key="invoker", max_retries=0) as api:
        stream = await api.chat.completions.create(**body(stream=True))
        assert "".join([chunk.choices[0].delta.content or "" async for chunk in stream]) == "It is sunny in Oslo."


def test_an_answer_is_kept_for_the_key_that_asked(gateway: Any, afar: Upstream) -> None:
    put(gateway, "afar/m", cache={"ttl_s": 60})
    first = gateway.request("POST", CHAT, body=body(temperature=0))
    again = gateway.request(
        "POST", CHAT, body=b'{"temperature": 0,"user":"bob","messages":[{"content":"weather in Oslo","role":"user"}],"model":"chat"}'
    )
    assert (first.headers["x-flowyard-cache"], again.headers["x-flowyard-cache"]) == ("miss", "hit")
    assert again.headers["x-flowyard-target"] == "afar/m"
    assert again.data == first.data
    assert len(afar.seen) == 1
    hit = gateway.span(lambda record: record.attributes.get("flowyard.cache") == "hit")
    assert (hit.prompt_tokens, hit.cost_micros, hit.model) == (None, 0, "afar/m")
    assert hit.attributes["gen_ai.output.messages"][0]["parts"][0]["content"] == "from afar"
    for other in (body(temperature=0, seed=1), body("weather in Rome", temperature=0), body(), body(temperature=0.2)):
        assert gateway.request("POST", CHAT, body=other).headers.get("x-flowyard-cache") != "hit"
    assert gateway.request("POST", CHAT, body=body(temperature=0), key="contributor").headers["x-flowyard-cache"] == "miss"


def test_the_cache_of_a_workspace_is_never_anothers(gateway: Any, afar: Upstream) -> None:
    gateway.source.add_key("stranger", workspace="w2")
    gateway.source.put_connection("afar", "open_ai", {"base_url": f"http://{gateway.other_address}/v1"}, {"api_key": "k"}, workspace="w2")
    spec = {"targets": [{"model": "afar/m"}], "cache": {"ttl_s": 60, "scope": "workspace", "sampled": True}}
    gateway.source.put_route("chat", **spec)
    gateway.source.put_route("chat", workspace="w2", **spec)
    time.sleep(0.2)
    told = [
        gateway.request("POST", CHAT, body=body(), key=key).headers["x-flowyard-cache"]
        for key in ("invoker", "owner", "stranger", "stranger")
    ]
    assert told == ["miss", "hit", "miss", "hit"]


def test_a_streamed_answer_is_kept_and_sent_again_as_a_stream(gateway: Any) -> None:
    put(gateway, GOOD, cache={"ttl_s": 60, "sampled": True})
    first, again = (gateway.request("POST", CHAT, body=body(stream=True)) for _ in range(2))
    assert (first.headers["x-flowyard-cache"], again.headers["x-flowyard-cache"]) == ("miss", "hit")
    assert again.data == first.data
    assert again.headers["content-type"].startswith("text/event-stream")
    assert gateway.request("POST", CHAT, body=body()).json()["choices"][0]["message"]["content"] == "It is sunny in Oslo."


def test_a_stream_that_broke_off_and_an_error_are_not_kept(gateway: Any, afar: Upstream) -> None:
    put(gateway, GOOD, cache={"ttl_s": 60, "sampled": True})
    for _ in range(2):
        assert gateway.request("POST", CHAT, body=body("break off", stream=True)).headers["x-flowyard-cache"] == "miss"
        assert gateway.request("POST", CHAT, body=body("limited")).headers["x-flowyard-cache"] == "miss"


def test_a_hit_uses_a_request_of_the_limits_and_no_tokens(gateway: Any) -> None:
    if time.time() % 60 > 55:
        time.sleep(60 - time.time() % 60 + 0.1)
    put(gateway, GOOD, cache={"ttl_s": 60, "sampled": True})
    gateway.request("POST", CHAT, body=body(max_tokens=50))
    gateway.source.set_limits(Limits(requests_per_minute=100, tokens_per_minute=1000), key="invoker")
    time.sleep(0.2)
    for _ in range(3):
        assert gateway.request("POST", CHAT, body=body(max_tokens=50)).headers["x-flowyard-cache"] == "hit"
    last = gateway.request("POST", CHAT, body=body(max_tokens=50))
    assert last.headers["x-ratelimit-remaining-requests"] == "96"
    assert int(last.headers["x-ratelimit-remaining-tokens"]) > 900


@pytest.mark.parametrize(("logging", "texts"), [("all", True), ("metadata", False), ({"sample": 0.0}, False), ({"sample": 1.0}, True)])
def test_what_spans_keep_is_the_routes_choice(gateway: Any, logging: Any, texts: bool) -> None:
    put(gateway, GOOD, logging=logging)
    gateway.request("POST", CHAT, body=body(temperature=0.5, stop=["x"]))
    span = gateway.span()
    assert (span.prompt_tokens, span.attributes["gen_ai.request.temperature"]) == (3, 0.5)
    assert ("gen_ai.input.messages" in span.attributes) == texts
    assert ("gen_ai.output.messages" in span.attributes) == texts
    assert ("Oslo" in repr(span)) == texts


def test_without_logging_there_is_no_span_and_the_call_is_counted(gateway: Any) -> None:
    put(gateway, GOOD, logging="none")
    assert gateway.request("POST", CHAT, body=body()).status == 200
    gateway.request("GET", "/metrics", key="owner")
    readings = json.loads(gateway.server.seen[-1].body)
    assert any("scripted" in labels for labels, *_ in readings["gen_ai_client_token_usage"])
    assert next(labels for labels, *_ in readings["flowyard_route_calls_total"]) == ["w1", "chat", GOOD, "answered", "gateway"]
    assert gateway.sink.records == []


def test_a_share_of_the_traces_is_chosen_by_their_ids(gateway: Any) -> None:
    put(gateway, GOOD, logging={"sample": 0.5})
    for number in range(40):
        gateway.request("POST", CHAT, body=body(), traceparent=f"00-{number:02x}{'0' * 15}{number * 6:02x}{'0' * 13}-{'1' * 16}-01")
    time.sleep(0.1)
    kept = {record.trace_id for record in gateway.sink.records if "gen_ai.input.messages" in record.attributes}
    assert kept == {record.trace_id for record in gateway.sink.records if int(record.trace_id[-14:], 16) < 2**55}
    assert 10 < len(kept) < 30
