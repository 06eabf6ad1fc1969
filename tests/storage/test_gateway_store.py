"""What gateways tell of themselves, on both databases."""

from typing import Any

from flowyard.endpoints.gateways import GatewayReport, TargetReport
from flowyard.foundation.clock import NANOSECONDS
from flowyard.storage.sql.gateways import SqlGatewayStore

TARGET = TargetReport(workspace_id="w", route="chat", model="a/m", breaker="half-open", answered=1, failed=2)
HOUR_NS = 3600 * NANOSECONDS


def report(gateway: str, updated_ns: int, **fields: Any) -> GatewayReport:
    return GatewayReport(gateway=gateway, host="here", pid=7, started_ns=len(gateway), updated_ns=updated_ns, **fields)


def test_the_last_report_of_each_gateway_is_kept_and_the_old_ones_go(engine: Any) -> None:
    store = SqlGatewayStore(engine)
    store.tell(report("one", HOUR_NS, overhead={-80: 3}))
    last = report("one", HOUR_NS + 1, overhead={-80: 4, 2: 1}, targets=(TARGET,))
    store.tell(last)
    store.tell(report("three", HOUR_NS + 2))
    assert store.told_since(HOUR_NS + 1) == [last, report("three", HOUR_NS + 2)]
    assert store.told_since(HOUR_NS + 2) == [report("three", HOUR_NS + 2)]
    store.tell(report("later", 2 * HOUR_NS + 2))
    assert [each.gateway for each in store.told_since(0)] == ["three", "later"]
