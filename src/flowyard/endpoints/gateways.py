"""The gateways that run: each tells the database how it fares, so that anybody can see all of them."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from flowyard.endpoints.figures import Counts
from flowyard.foundation.clock import NANOSECONDS, now_ns, to_rfc3339
from flowyard.identity.model import Caller
from flowyard.wire.routes import GatewayStatus, TargetStatus

#: A gateway tells at least so often that it is there.
TOLD_EVERY_S = 5.0
# One that was silent for so long has ended.
_SILENT_NS = 20 * NANOSECONDS
_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReport:
    """A model of a workspace's route as one gateway sees it."""

    workspace_id: str
    route: str
    model: str
    breaker: Literal["closed", "open", "half-open"]
    answered: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayReport:
    """What one gateway tells of itself since it started.

    Attributes:
        overhead: model calls by what the gateway itself took of them until their answers began (buckets of `figures.bucket_of`).
        in_flight: requests that it answers now.
    """

    gateway: str
    host: str
    pid: int
    started_ns: int
    updated_ns: int = 0
    in_flight: int = 0
    overhead: dict[int, int] = field(default_factory=dict[int, int])
    cache_hits: int = 0
    cache_misses: int = 0
    cache_bytes: int = 0
    targets: tuple[TargetReport, ...] = ()


class GatewayStore(Protocol):
    """Keeps what gateways tell of themselves. Calls block."""

    def tell(self, report: GatewayReport) -> None:
        """Put a report in the place of this gateway's last one, and forget those of gateways that ended an hour ago."""
        ...

    def told_since(self, updated_ns: int) -> list[GatewayReport]:
        """Return the reports that are not older, the gateway that started first before the others."""
        ...


class GatewayService:
    """What the gateways know of the caller's routes."""

    def __init__(self, store: GatewayStore) -> None:
        self._store = store

    def status(self, caller: Caller) -> tuple[GatewayStatus, ...]:
        """Return each gateway that runs, with the models of the workspace's routes alone."""
        return tuple(_to_wire(report, caller.workspace_id) for report in self._store.told_since(now_ns() - _SILENT_NS))


def _to_wire(report: GatewayReport, workspace_id: str) -> GatewayStatus:
    took = Counts(durations=report.overhead)
    targets = tuple(
        TargetStatus(route=one.route, model=one.model, breaker=one.breaker, answered=one.answered, failed=one.failed)
        for one in report.targets
        if one.workspace_id == workspace_id
    )
    return GatewayStatus(
        gateway=f"{report.host}:{report.pid}",
        started_at=to_rfc3339(report.started_ns),
        seen_at=to_rfc3339(report.updated_ns),
        in_flight=report.in_flight,
        calls=sum(report.overhead.values()),
        overhead_p50_ms=_ms(took.quantile_s(0.5)),
        overhead_p99_ms=_ms(took.quantile_s(0.99)),
        targets=targets,
        cache_hits=report.cache_hits,
        cache_misses=report.cache_misses,
        cache_bytes=report.cache_bytes,
    )


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * _MS, 3)
