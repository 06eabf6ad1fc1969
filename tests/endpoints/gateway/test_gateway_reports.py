"""What gateways tell of themselves, and what is shown of it."""

import time
from dataclasses import replace
from typing import Any

from flowyard.endpoints.gateways import GatewayReport, GatewayService, TargetReport
from flowyard.endpoints.memory_gateways import MemoryGateways
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.identity.model import Caller
from support.installation import eventually

READER = Caller("w", "default", "reader", "user", "reader")


def report(gateway: str, *, seconds_ago: float = 0.0, **fields: Any) -> GatewayReport:
    now = now_ns()
    return GatewayReport(gateway=gateway, host="here", pid=7, started_ns=now, updated_ns=int(now - seconds_ago * NANOSECONDS), **fields)


def test_each_gateway_that_runs_is_shown_with_the_routes_of_the_workspace_alone() -> None:
    store = MemoryGateways()
    mine = TargetReport(workspace_id="w", route="chat", model="a/m", breaker="open", answered=1, failed=2)
    store.tell(report("one", overhead={-80: 99, -16: 1}, targets=(mine, replace(mine, workspace_id="other"))))
    store.tell(report("two"))
    store.tell(report("gone", seconds_ago=30))
    one, two = GatewayService(store).status(READER)
    assert [(target.route, target.model, target.breaker) for target in one.targets] == [("chat", "a/m", "open")]
    assert (one.calls, one.overhead_p50_ms) == (100, 0.977)
    assert (one.gateway, two.calls, two.overhead_p50_ms) == ("here:7", 0, None)


def test_what_the_gateway_adds_to_a_call_is_not_the_models_time(gateway: Any) -> None:
    gateway.source.put_connection("late", "scripted", {"script": "answers: [At last.]\ndelay_ms: 500"})
    asked = {"model": "late/scripted", "messages": [{"role": "user", "content": "Hello"}]}
    began = time.perf_counter()
    assert gateway.request("POST", "/v1/chat/completions", body=asked).status == 200
    took_ms = (time.perf_counter() - began) * 1000
    found = eventually(lambda: (told := GatewayService(gateway.gateways).status(READER)) and told[0].calls and told[0])
    assert found.calls == 1
    assert took_ms > 400
    assert 0 < found.overhead_p99_ms < took_ms / 4
    assert gateway.request("POST", "/endpoints/support/score", body={}).status == 200
    time.sleep(1.2)
    assert GatewayService(gateway.gateways).status(READER)[0].calls == 1, "a flow's request is no model call"
