"""A request to an endpoint is one tree: gateway, replica, flow, node, and the model call that the gateway makes of the engine."""

import time
from typing import Any

import pytest

from support.installation import Platform, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

TRACES = "/api/v1/workspaces/default/traces"
# What the demo's flow leaves, each below the one before; prompt and tidy stand beside write.
LINE = [
    ("http", "POST /endpoints/asks/score"),
    ("flow", "demo"),
    ("node", "write"),
    ("llm", "chat smollm2-135m"),
]


@pytest.fixture(scope="module")
def asks(platform: Platform) -> Platform:
    """The platform with an endpoint `asks`, whose flow asks the local model."""
    platform.run("endpoint", "create", "asks")
    platform.run("endpoint", "deploy", "asks", "--flow", "demo")
    return platform


def spans_of(platform: Platform, trace_id: str, number: int) -> list[dict[str, Any]]:
    def look() -> Any:
        answer = platform.request("GET", f"{TRACES}/{trace_id}")
        return answer.status == 200 and len(answer.json()["spans"]) >= number and answer.json()["spans"]

    return eventually(look)


def check_line(spans: list[dict[str, Any]], above: str | None) -> None:
    """Check that each span of `LINE` is there once and stands below the one before, the first below `above`."""
    for kind, name in LINE:
        (span,) = [span for span in spans if (span["kind"], span["name"]) == (kind, name)]
        assert span["parent_id"] == above
        above = span["span_id"]
    (call,) = [span for span in spans if span["kind"] == "llm"]
    assert call["model"] == "smollm2-135m"
    assert call["prompt_tokens"] > 0
    assert call["completion_tokens"] > 0
    assert call["cost"] == {"micros": "0", "currency": "USD"}
    assert call["attributes"]["gen_ai.response.id"], "the engine's own name for its answer"
    assert call["attributes"]["gen_ai.output.messages"]


def test_a_request_is_one_tree(asks: Platform) -> None:
    answer = asks.request("POST", "/endpoints/asks/score", {"topic": "a boat"})
    assert answer.status == 200
    trace_id = answer.headers["flowyard-trace-id"]
    spans = spans_of(asks, trace_id, 6)
    assert sorted(span["kind"] for span in spans) == ["flow", "http", "llm", "node", "node", "node"]
    known = {span["span_id"] for span in spans}
    assert [span["name"] for span in spans if span["parent_id"] not in known] == ["POST /endpoints/asks/score"]
    check_line(spans, None)
    listed = asks.request("GET", f"{TRACES}?q=model:smollm2-135m").json()["items"]
    assert trace_id in [trace["trace_id"] for trace in listed]


@pytest.mark.parametrize("flags", ["01", "00"])
def test_a_request_with_a_traceparent_is_a_part_of_its_caller_s_tree(asks: Platform, flags: str) -> None:
    trace_id, span_id = f"{int(flags) + 1:032x}", f"{77:016x}"
    began = time.time_ns()
    answer = asks.request("POST", "/endpoints/asks/score", {"topic": "a boat"}, {"traceparent": f"00-{trace_id}-{span_id}-{flags}"})
    assert answer.status == 200
    assert answer.headers["flowyard-trace-id"] == trace_id
    caller = {
        "traceId": trace_id,
        "spanId": span_id,
        "name": "caller",
        "startTimeUnixNano": str(began),
        "endTimeUnixNano": str(time.time_ns()),
    }
    assert asks.request("POST", "/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": [caller]}]}]}).status == 200
    spans = spans_of(asks, trace_id, 7)
    known = {span["span_id"] for span in spans}
    assert [span["name"] for span in spans if span["parent_id"] not in known] == ["caller"]
    check_line(spans, span_id)


def test_a_call_of_the_model_with_a_traceparent_is_a_part_of_its_caller_s_tree(asks: Platform) -> None:
    trace_id, span_id = f"{9:032x}", f"{78:016x}"
    body = {"model": "smollm2-135m", "messages": [{"role": "user", "content": "Say hi."}], "max_tokens": 4, "stream": True}
    answer = asks.request("POST", "/v1/chat/completions", body, {"traceparent": f"00-{trace_id}-{span_id}-01"})
    assert answer.status == 200
    (span,) = spans_of(asks, trace_id, 1)
    assert (span["kind"], span["parent_id"]) == ("llm", span_id)
    assert span["completion_tokens"] > 0
