import socket
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import openai
import pytest

from flowyard.compute.model import ProcessStatus
from flowyard.endpoints.errors import NoTrafficError
from flowyard.endpoints.gateway.balance import Balancer, choose_deployment
from support.endpoint_routes import deployment, endpoint
from support.memory_installation import Served
from support.recording_upstream import Upstream


def score(gateway: Any, body: Any = None, **headers: str) -> Any:
    return gateway.request("POST", "/endpoints/support/score", body={"question": "hi"} if body is None else body, **headers)


def put(gateway: Any, *parts: Any) -> None:
    gateway.source.put_endpoint(endpoint(*parts))
    time.sleep(0.2)


def test_a_score_reaches_the_replica_with_its_token_and_without_the_callers_key(gateway: Any) -> None:
    gateway.replica.headers = [(b"x-own", b"kept")]
    answer = score(gateway, x_ms_client_request_id="mine")
    assert (answer.status, answer.json()) == (200, {"from": "replica"})
    assert answer.headers["x-own"] == "kept"
    seen = gateway.replica.seen[0]
    assert (seen.path, seen.json()) == ("/score", {"question": "hi"})
    assert seen.headers["flowyard-replica-token"] == "token-blue"
    assert seen.headers["x-ms-client-request-id"] == "mine"
    assert "authorization" not in seen.headers
    span = gateway.span()
    assert (span.kind, span.endpoint, span.deployment, span.status) == ("http", "support", "blue", "ok")
    assert span.attributes["http.response.status_code"] == 200
    assert seen.headers["traceparent"] == f"00-{span.trace_id}-{span.span_id}-01"
    assert answer.headers["x-ms-request-id"] == span.trace_id


def test_a_flow_s_own_calls_belong_to_the_conversation_that_it_was_asked_in(gateway: Any) -> None:
    def call(seen: Any) -> None:
        body = {"model": "script/scripted", "messages": [{"role": "user", "content": "weather in Oslo"}]}
        assert gateway.request("POST", "/v1/chat/completions", body=body, traceparent=seen.headers["traceparent"]).status == 200

    gateway.replica.meanwhile = call
    assert score(gateway, x_flowyard_session="s1", baggage="user.id=ann").status == 200
    gateway.replica.meanwhile = None
    outer, inner = gateway.span(lambda record: record.kind == "http"), gateway.span(lambda record: record.kind == "llm")
    assert (outer.session_id, outer.user_id) == ("s1", "ann")
    assert (inner.trace_id, inner.session_id, inner.user_id) == (outer.trace_id, "s1", "ann")
    above = f"00-{outer.trace_id}-{outer.span_id}-01"
    later = gateway.request("POST", "/v1/completions", body={"model": "script/scripted", "prompt": "later"}, traceparent=above)
    assert later.status == 200
    assert gateway.span(lambda record: record.name.startswith("text_completion")).session_id is None, "the request has ended"


@pytest.mark.parametrize(
    ("body", "headers", "session"),
    [
        ({"question": "hi", "session_id": "s2"}, {}, "s2"),
        ({"session_id": "s2"}, {"x_flowyard_session": "s1"}, "s1"),
        ({"session_id": 5}, {}, None),
        ({"question": {"session_id": "within"}}, {}, None),
        (["session_id"], {}, None),
    ],
)
def test_the_input_session_id_is_the_conversation_where_no_header_names_one(
    gateway: Any, body: Any, headers: dict[str, str], session: str | None
) -> None:
    assert score(gateway, body, **headers).status == 200
    assert gateway.span().session_id == session
    assert gateway.replica.seen[0].json() == body


def test_the_pin_header_chooses_the_deployment(gateway: Any) -> None:
    assert score(gateway, azureml_model_deployment="green").json() == {"from": "other"}
    assert score(gateway, azureml_model_deployment="green").headers["azureml-model-deployment"] == "green"
    answer = score(gateway, azureml_model_deployment="grean")
    assert (answer.status, answer.json()["code"]) == (404, "DeploymentNotFound")
    assert "green" in answer.json()["remedy"]


def test_every_answer_names_the_deployment_that_gave_it(gateway: Any) -> None:
    gateway.replica.headers = [(b"azureml-model-deployment", b"another")]
    named = [score(gateway), gateway.request("GET", "/endpoints/support/health")]
    gateway.replica.streams["/score"] = [b'data: {"answer": "a"}\n\n']
    gateway.replica.answers["/score"] = (200, b"text/event-stream", b"")
    named.append(score(gateway))
    put(gateway, {"blue": 100}, deployment("blue", error={"detail": "It has no module named x.", "code": "ProcessFailed"}))
    named.append(score(gateway))
    assert [(answer.status, answer.headers["azureml-model-deployment"]) for answer in named] == [
        (200, "blue"),
        (200, "blue"),
        (200, "blue"),
        (503, "blue"),
    ]
    assert "azureml-model-deployment" not in gateway.request("POST", "/endpoints/absent/score", body={}).headers


def test_traffic_is_split_by_weight() -> None:
    split = endpoint({"blue": 90, "green": 10, "gone": 0}, deployment("blue", "a"), deployment("green", "b"))
    drawn = Counter(choose_deployment(split, None, draw=point + 0.5).name for point in range(100))
    assert drawn == {"blue": 90, "green": 10}
    with pytest.raises(NoTrafficError, match="traffic"):
        choose_deployment(endpoint({"blue": 0}, deployment("blue", "a")), None)


def test_the_replica_with_the_least_in_flight_is_taken() -> None:
    route = deployment("blue", "a", "b", "c")
    balancer, whole = Balancer(), endpoint({}, route)
    first = [balancer.acquire(whole, route) for _ in range(3)]
    assert {replica.address for replica in first} == {"a", "b", "c"}
    balancer.release(route, first[1])
    assert balancer.acquire(whole, route) == first[1]
    assert balancer.acquire(whole, route, avoid=first[0]) != first[0]


def test_an_endpoint_without_traffic_or_replicas_says_why(gateway: Any) -> None:
    put(gateway, {"blue": 0}, deployment("blue", gateway.replica_address))
    answer = score(gateway)
    assert (answer.status, answer.json()["code"]) == (409, "NoTraffic")
    put(gateway, {"blue": 100}, deployment("blue", error={"detail": "It has no module named x.", "code": "ProcessFailed"}))
    answer = score(gateway)
    assert (answer.status, answer.json()["code"], answer.headers["retry-after"]) == (503, "ReplicaUnavailable", "5")
    assert "no module named x" in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert gateway.span(lambda record: record.status == "error")


def test_an_unknown_endpoint_and_wrong_methods(gateway: Any) -> None:
    answer = gateway.request("POST", "/endpoints/suport/score", body={})
    assert (answer.status, answer.json()["code"]) == (404, "EndpointNotFound")
    assert "support" in answer.json()["remedy"]
    assert gateway.request("GET", "/endpoints/support/score").status == 405
    assert gateway.request("POST", "/endpoints/support/health", body={}).status == 405


def test_an_endpoint_that_was_made_just_now_is_found(gateway: Any) -> None:
    fresh = endpoint({"blue": 100}, deployment("blue", gateway.replica_address), name="fresh")
    gateway.source.held_endpoints["w1", "fresh"] = fresh
    assert gateway.request("POST", "/endpoints/fresh/score", body={}).status == 200


def test_events_pass_as_they_come(gateway: Any) -> None:
    gateway.replica.streams["/score"] = [b'data: {"answer": "a"}\n\n', b'data: {"answer": "b"}\n\n']
    gateway.replica.answers["/score"] = (200, b"text/event-stream", b"")
    gateway.replica.chunk_delay_s = 0.2
    answer = gateway.pool.request(
        "POST",
        f"{gateway.url}/endpoints/support/score",
        body=b"{}",
        headers={"authorization": "Bearer invoker", "accept": "text/event-stream"},
        preload_content=False,
    )
    start = time.monotonic()
    pieces = [(time.monotonic() - start, piece) for piece in answer.stream()]
    assert gateway.replica.seen[0].headers["accept"] == "text/event-stream"
    assert b"".join(piece for _, piece in pieces) == b'data: {"answer": "a"}\n\ndata: {"answer": "b"}\n\n'
    assert pieces[0][0] < 0.15 < pieces[-1][0]


def test_errors_of_the_replica_pass_unchanged(gateway: Any) -> None:
    gateway.replica.answers["/score"] = (422, b"application/problem+json", b'{"code":"InputMissing"}')
    answer = score(gateway)
    assert (answer.status, answer.json(), answer.headers["content-type"]) == (422, {"code": "InputMissing"}, "application/problem+json")
    assert gateway.span().status == "error"


def test_a_client_that_goes_away_stops_the_replica(gateway: Any) -> None:
    gateway.replica.delay_s = 20
    host, _, port = gateway.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"POST /endpoints/support/score HTTP/1.1\r\nhost: x\r\napi-key: invoker\r\ncontent-length: 2\r\n\r\n{}")
        time.sleep(0.3)
    for _ in range(100):
        if gateway.replica.canceled:
            break
        time.sleep(0.02)
    assert gateway.replica.canceled == 1


def test_a_replica_that_is_killed_before_it_answers_leaves_the_request_to_another(gateway: Any) -> None:
    slow = Upstream("slow")
    slow.delay_s = 5
    with Served(lambda: slow, lifespan="off") as dying:
        put(gateway, {"blue": 100}, deployment("blue", dying.address, gateway.replica_address))
        threading.Timer(0.5, dying.drop_connections).start()
        answers = [score(gateway) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"from": "replica"}] * 2
    assert slow.seen


def test_a_replica_that_takes_no_connection_is_a_503(gateway: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    put(gateway, {"blue": 100}, deployment("blue", address))
    answer = score(gateway)
    assert (answer.status, answer.json()["code"], answer.headers["retry-after"]) == (503, "ReplicaUnavailable", "5")


@pytest.mark.parametrize("body", [{"question": "hi"}, {"messages": [{"role": "user", "content": "weather in Nice"}]}])
def test_a_replica_that_was_replaced_a_moment_ago_leaves_the_request_to_the_new_one(gateway: Any, body: Any) -> None:
    model = {"model": "scripted", "token": "engine-key"} if "messages" in body else {}
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = f"127.0.0.1:{closed.getsockname()[1]}"
    put(gateway, {"blue": 100}, deployment("blue", gone, **model))
    # Without an event: the gateway has not come to hear of it yet.
    there = gateway.engine.address if model else gateway.replica_address
    gateway.source.held_endpoints["w1", "support"] = endpoint({"blue": 100}, deployment("blue", there, **model))
    assert score(gateway, body).status == 200


def test_what_is_asked_aside_goes_to_the_new_replica_too(gateway: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = f"127.0.0.1:{closed.getsockname()[1]}"
    for method, path in (("GET", "/health"), ("POST", "/feedback")):
        put(gateway, {"blue": 100}, deployment("blue", gone))
        gateway.source.held_endpoints["w1", "support"] = endpoint({"blue": 100}, deployment("blue", gateway.replica_address))
        assert gateway.request(method, f"/endpoints/support{path}", body={} if method == "POST" else None).status == 200
    put(gateway, {"blue": 100}, deployment("blue", gone))
    assert gateway.request("GET", "/endpoints/support/health").status == 503


def test_a_lost_request_goes_to_another_replica_while_the_database_is_away(gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = f"127.0.0.1:{closed.getsockname()[1]}"
    put(gateway, {"blue": 100}, deployment("blue", gone, gateway.replica_address))

    def away(workspace_id: str | None = None) -> Any:
        raise OSError("the database is away")

    monkeypatch.setattr(gateway.source, "endpoints", away)
    assert [score(gateway).status for _ in range(4)] == [200] * 4


def test_health_and_swagger_come_from_the_replica(gateway: Any) -> None:
    gateway.replica.answers["/swagger.json"] = (200, b"application/json", b'{"openapi":"3.0.3"}')
    assert gateway.request("GET", "/endpoints/support/swagger.json").json() == {"openapi": "3.0.3"}
    assert gateway.request("GET", "/endpoints/support/health").json() == {"from": "replica"}


def test_feedback_reaches_the_replica_with_the_callers_trace(gateway: Any) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    path = "/endpoints/support/feedback"
    answer = gateway.request("POST", f"{path}?flatten=true", body={"stars": 5}, traceparent=parent, baggage="user=ann")
    assert (answer.status, answer.json()) == (200, {"from": "replica"})
    seen = gateway.replica.seen[-1]
    assert (seen.path, seen.query, seen.json()) == ("/feedback", b"flatten=true", {"stars": 5})
    assert (seen.headers["traceparent"], seen.headers["baggage"]) == (parent, "user=ann")
    assert "authorization" not in seen.headers
    assert gateway.request("GET", path).status == 405


def test_a_model_deployment_speaks_openai_and_score(gateway: Any) -> None:
    put(gateway, {"blue": 100}, deployment("blue", gateway.engine.address, model="scripted", token="engine-key"))
    message = [{"role": "user", "content": "weather in Nice"}]
    with openai.OpenAI(base_url=f"{gateway.url}/endpoints/support/v1", api_key="invoker", max_retries=0) as api:
        assert api.chat.completions.create(model="any", messages=message).choices[0].message.content == "It is sunny in Nice."
    assert gateway.span().model == "scripted"
    assert score(gateway, {"messages": message}).json()["choices"][0]["message"]["content"] == "It is sunny in Nice."
    assert score(gateway, {"prompt": "weather in Nice"}).json()["object"] == "text_completion"
    assert score(gateway, {"x": 1}).status == 400
    answer = gateway.request("POST", "/v1/chat/completions", body={"model": "endpoint:support", "messages": message})
    assert answer.status == 200
    span = gateway.span(lambda record: record.model == "endpoint:support")
    assert (span.kind, span.endpoint, span.deployment) == ("llm", "support", "blue")
    assert "score" in str(gateway.request("GET", "/endpoints/support/swagger.json").json()["paths"])


def test_an_engine_that_was_started_again_elsewhere_is_found(gateway: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    put(gateway, {"blue": 100}, deployment("blue", address, model="scripted", token="engine-key"))
    starting = ProcessStatus(name="blue/0", state="restarting", digest="d")
    gateway.host.statuses = [starting, starting, replace(starting, state="ready", address=gateway.engine.address)]
    answer = score(gateway, {"messages": [{"role": "user", "content": "weather in Nice"}]})
    assert answer.json()["choices"][0]["message"]["content"] == "It is sunny in Nice."
    assert score(gateway, {"prompt": "x"}).status == 503


def test_a_flow_has_no_openai_route(gateway: Any) -> None:
    answer = gateway.request("POST", "/endpoints/support/v1/chat/completions", body={"model": "x", "messages": []})
    assert (answer.status, answer.json()["error"]["code"]) == (400, "OperationUnsupported")
