"""Copies of requests: recorded in the trace of the request, never returned, never in its way."""

import time
from dataclasses import replace
from typing import Any

from flowyard.endpoints.gateway import mirror
from flowyard.monitoring import metrics
from support.endpoint_routes import deployment, endpoint


def mirrored(gateway: Any, share: int = 100) -> None:
    route = endpoint({"blue": 100}, deployment("blue", gateway.replica_address), deployment("green", gateway.other_address))
    gateway.source.put_endpoint(replace(route, mirror_traffic={"green": share}))
    time.sleep(0.2)


def score(gateway: Any, **headers: str) -> Any:
    return gateway.request("POST", "/endpoints/support/score", body={"question": "hi"}, **headers)


def outcomes(gateway: Any) -> dict[str, float]:
    gateway.request("GET", "/metrics")
    return {reading[0][3]: reading[1] for reading in gateway.server.seen[-1].json()[metrics.MIRRORED.name]}


def test_a_copy_is_recorded_in_the_same_trace_and_not_returned(gateway: Any) -> None:
    mirrored(gateway)
    answer = score(gateway)
    assert answer.json() == {"from": "replica"}
    copy = gateway.span(lambda record: record.deployment == "green")
    live = gateway.span(lambda record: record.deployment == "blue")
    assert (copy.trace_id, copy.parent_id, copy.kind, copy.status) == (live.trace_id, live.span_id, "http", "ok")
    assert copy.attributes["flowyard.mirror"] is True
    assert "flowyard.mirror" not in live.attributes
    seen = gateway.other.seen[0]
    assert seen.json() == {"question": "hi"}
    assert (seen.headers["flowyard-replica-token"], "authorization" in seen.headers) == ("token-green", False)
    assert seen.headers["traceparent"] == f"00-{copy.trace_id}-{copy.span_id}-01"
    assert outcomes(gateway) == {"sent": 1}


def test_a_slow_or_failing_copy_is_in_nobodys_way(gateway: Any) -> None:
    mirrored(gateway)
    gateway.other.delay_s = 3
    begun = time.monotonic()
    answers = [score(gateway) for _ in range(mirror.MOST_COPIES + 3)]
    assert time.monotonic() - begun < 3
    assert [answer.status for answer in answers] == [200] * len(answers)
    assert outcomes(gateway) == {"dropped": 3}
    gateway.other.delay_s = 0
    gateway.other.answers["/score"] = (500, b"application/json", b"{}")
    time.sleep(3.2)
    assert score(gateway).status == 200
    failed = gateway.span(lambda record: record.deployment == "green" and record.error_type == "500")
    assert failed.status == "error"


def test_pinned_requests_and_mirrors_without_replicas_send_no_copy(gateway: Any) -> None:
    mirrored(gateway)
    assert score(gateway, azureml_model_deployment="blue").status == 200
    route = gateway.source.held_endpoints["w1", "support"]
    gone = {**route.deployments, "green": replace(route.deployments["green"], replicas=())}
    gateway.source.put_endpoint(replace(route, deployments=gone))
    time.sleep(0.2)
    assert score(gateway).status == 200
    assert gateway.other.seen == []
    assert outcomes(gateway) == {"dropped": 1}


def test_a_share_of_the_requests_is_copied(gateway: Any) -> None:
    mirrored(gateway, share=50)
    for _ in range(40):
        score(gateway)
    time.sleep(0.3)
    assert 5 <= len(gateway.other.seen) <= 35
