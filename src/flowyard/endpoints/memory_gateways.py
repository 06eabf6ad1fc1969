"""`GatewayStore` in memory, for gateways without a database."""

from flowyard.endpoints.gateways import GatewayReport


class MemoryGateways:
    """Keeps the last report of each gateway."""

    def __init__(self) -> None:
        self._held: dict[str, GatewayReport] = {}

    def tell(self, report: GatewayReport) -> None:
        """See `GatewayStore.tell`."""
        self._held[report.gateway] = report

    def told_since(self, updated_ns: int) -> list[GatewayReport]:
        """See `GatewayStore.told_since`."""
        found = [report for report in self._held.values() if report.updated_ns >= updated_ns]
        return sorted(found, key=lambda report: report.started_ns)
