"""What the gateway counts of itself, and that callers cannot make it count without bound."""

from typing import Any

import msgspec
import pytest

from flowyard.endpoints.gateway.meters import GatewayMeters
from flowyard.endpoints.gateway.scrape import ELSEWHERE, route_of
from flowyard.monitoring import metrics
from flowyard.monitoring.metrics import METRICS, Metric, Reading, Readings
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.sinks import MemorySink


def call(**fields: Any) -> SpanRecord:
    about: dict[str, Any] = {"kind": "llm", "workspace_id": "w1", "model": "openai/gpt", "provider": "openai"}
    about["attributes"] = {"gen_ai.operation.name": "chat"}
    return SpanRecord(trace_id="1" * 32, span_id="2" * 16, name="chat", start_ns=0, duration_ns=30_000_000, **{**about, **fields})


def by_labels(readings: Readings, metric: Metric) -> dict[tuple[str, ...], Reading]:
    return {reading.labels: reading for reading in readings.get(metric.name, [])}


def test_a_call_is_counted_with_its_tokens_cost_and_first_token() -> None:
    sink = MemorySink()
    meters = GatewayMeters(sink)
    meters.emit(call(prompt_tokens=10, completion_tokens=300, cost_micros=2_500_000, first_token_ns=45_000_000))
    meters.emit(call(prompt_tokens=1, completion_tokens=4, cost_micros=None))
    meters.emit(call(status="error", error_type="429"))
    assert len(sink.records) == 3
    found = meters.readings()
    place = ("w1", "chat", "openai", "openai/gpt", "", "")
    durations = by_labels(found, metrics.CALL_DURATION)
    assert sum(durations[(*place, "")].counts) == 2
    assert durations[(*place, "")].value == pytest.approx(0.06)
    assert durations[(*place, "")].counts[metrics.CALL_DURATION.bounds.index(0.04)] == 2
    assert sum(durations[(*place, "429")].counts) == 1
    assert by_labels(found, metrics.FIRST_TOKEN)[place].value == pytest.approx(0.045)
    tokens = by_labels(found, metrics.TOKENS)
    assert (tokens[(*place, "input")].value, tokens[(*place, "output")].value) == (11, 304)
    assert by_labels(found, metrics.COST)[place].value == 2.5
    assert by_labels(found, metrics.UNPRICED)[place].value == 1


def test_models_that_never_answered_get_no_series_of_their_own() -> None:
    meters = GatewayMeters(MemorySink())
    for number in range(5000):
        meters.emit(call(model=f"openai/made-up-{number}", status="error", error_type="404"))
    durations = by_labels(meters.readings(), metrics.CALL_DURATION)
    assert list(durations) == [("w1", "chat", "openai", "_OTHER", "", "", "404")]
    assert sum(next(iter(durations.values())).counts) == 5000


def test_series_are_bounded_also_when_every_model_answers_and_in_every_workspace() -> None:
    meters = GatewayMeters(MemorySink(), limit=20)
    for number in range(100):
        meters.emit(call(model=f"openai/any-{number}"))
        meters.emit(call(model="openai/one", workspace_id=f"w-{number}"))
    durations = by_labels(meters.readings(), metrics.CALL_DURATION)
    assert len(durations) <= 41
    assert sum(sum(reading.counts) for reading in durations.values()) == 200


def test_other_spans_are_no_calls() -> None:
    meters = GatewayMeters(MemorySink())
    meters.emit(call(kind="tool"))
    meters.emit(call(kind="http", endpoint="support", deployment="blue", status="error", error_type="504"))
    found = meters.readings()
    assert not found[metrics.CALL_DURATION.name]
    assert list(by_labels(found, metrics.ENDPOINT_DURATION)) == [("w1", "support", "blue", "504")]


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/v1/chat/completions", "/v1/chat/completions"),
        ("/v1/models", "/v1/models"),
        ("/v1/models/openai/gpt-4o", "/v1/models/{model}"),
        ("/v1/whatever/7f3a", "/v1/*"),
        ("/endpoints/support/score", "/endpoints/{name}/score"),
        ("/endpoints/support/v1/chat/completions", "/endpoints/{name}/v1/chat/completions"),
        ("/endpoints/support/v1/x/7f3a", "/endpoints/{name}/v1/*"),
        ("/endpoints/support", ELSEWHERE),
        ("/v1/traces", ELSEWHERE),
        ("/metrics", ELSEWHERE),
        ("/api/v1/workspaces/default", ELSEWHERE),
    ],
)
def test_paths_have_routes_of_a_fixed_set(path: str, route: str) -> None:
    assert route_of(path) == route


def posted(gateway: Any) -> Readings:
    seen = [request for request in gateway.server.seen if request.path == "/metrics"][-1]
    assert seen.method == "POST"
    return msgspec.json.decode(seen.body, type=Readings)


def test_a_scrape_goes_to_the_server_with_what_the_gateway_counted(gateway: Any) -> None:
    body = {"model": "script/scripted", "messages": [{"role": "user", "content": "weather in Rome"}]}
    assert gateway.request("POST", "/v1/chat/completions", body=body).status == 200
    assert gateway.request("POST", "/v1/chat/completions", body={**body, "model": "nobody/x"}).status == 404
    assert gateway.request("POST", "/endpoints/support/score", body={}).status == 200
    assert gateway.request("GET", "/api/v1/version", key="owner").status == 200
    gateway.span(lambda record: record.kind == "http")

    answer = gateway.request("GET", "/metrics", key="owner", accept="text/plain")
    assert answer.json() == {"from": "server"}
    asked = [request for request in gateway.server.seen if request.path == "/metrics"][-1]
    assert (asked.headers["authorization"], asked.headers["accept"]) == ("Bearer owner", "text/plain")
    found = posted(gateway)
    assert set(found) <= set(METRICS)
    requests = {labels: sum(reading.counts) for labels, reading in by_labels(found, metrics.HTTP_DURATION).items()}
    assert requests == {
        ("gateway", "POST", "/v1/chat/completions", "200"): 1,
        ("gateway", "POST", "/v1/chat/completions", "404"): 1,
        ("gateway", "POST", "/endpoints/{name}/score", "200"): 1,
    }
    assert [labels[3] for labels in by_labels(found, metrics.CALL_DURATION)] == ["script/scripted"]
    assert by_labels(found, metrics.HTTP_ACTIVE)["gateway",].value == 1
    assert by_labels(found, metrics.REPLICA_ACTIVE)["w1", "support", "blue", "gateway"].value == 0


def test_scrapes_are_asked_for_with_get_and_the_server_says_no(gateway: Any) -> None:
    assert gateway.request("POST", "/metrics", key="owner", body=b"{}").status == 405
    assert not gateway.server.seen
    gateway.server.answers["/metrics"] = (403, b"application/problem+json", b'{"code":"PermissionDenied"}')
    refused = gateway.request("GET", "/metrics", key="invoker")
    assert (refused.status, refused.json()) == (403, {"code": "PermissionDenied"})
    head = gateway.request("HEAD", "/metrics", key="owner")
    assert head.data == b""
