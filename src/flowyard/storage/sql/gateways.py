"""The `gateways` table."""

from sqlalchemy import Engine, delete, insert, select, update

from flowyard.endpoints.gateways import GatewayReport
from flowyard.foundation.clock import NANOSECONDS
from flowyard.foundation.codecs import decode, to_json
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import gateways

_KEPT_NS = 3600 * NANOSECONDS


class SqlGatewayStore:
    """`endpoints.gateways.GatewayStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def tell(self, report: GatewayReport) -> None:
        """See `GatewayStore.tell`."""
        values = {"report": to_json(report).decode(), "updated_ns": report.updated_ns}
        with writing(self._engine) as connection:
            told = connection.execute(update(gateways).where(gateways.c.id == report.gateway).values(**values))
            if told.rowcount == 0:
                connection.execute(delete(gateways).where(gateways.c.updated_ns < report.updated_ns - _KEPT_NS))
                connection.execute(insert(gateways).values(id=report.gateway, **values))

    def told_since(self, updated_ns: int) -> list[GatewayReport]:
        """See `GatewayStore.told_since`."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(gateways.c.report).where(gateways.c.updated_ns >= updated_ns))
            found = [decode(row.report, GatewayReport) for row in rows]
        return sorted(found, key=lambda report: report.started_ns)
