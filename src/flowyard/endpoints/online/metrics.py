"""What an endpoint did and does: spans and what replicas used tell of any period, gateways of now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal, get_args

from flowyard.endpoints.figures import FigureStore, GatewayCounts, total
from flowyard.endpoints.online.lookup import find_endpoint
from flowyard.endpoints.online.model import DeploymentRecord, EndpointRecord
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.endpoints.online.usage import UsageStore
from flowyard.foundation.clock import NANOSECONDS, from_rfc3339, to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.model import Caller
from flowyard.tracing.figures import GRAINS, Asked, FigureService
from flowyard.wire.endpoint_metrics import DeploymentLoad, DeploymentUsage, EndpointFigures, EndpointMetrics, ErrorCount, MetricsBy
from flowyard.wire.telemetry import Figures, Grain, Measure

_MEASURES: tuple[Measure, ...] = ("count", "errors", "error_rate", "duration_p50", "duration_p90", "duration_p95", "duration_p99")
_CALLS: tuple[Measure, ...] = ("prompt_tokens", "completion_tokens", "cost")
_MOST_GROUPS = 200
_MINUTE_S = 60.0

Value = str | float | int | None

_Group = Literal["deployment", "status", "error"]


class EndpointMetricsService:
    """Metrics of the caller's endpoints."""

    def __init__(self, endpoints: EndpointStore, figures: FigureService, counts: FigureStore, usage: UsageStore) -> None:
        self._endpoints = endpoints
        self._figures = figures
        self._counts = counts
        self._usage = usage

    def ask(
        self, caller: Caller, name: str, *, by: Sequence[str], grain: Grain = "none", since: str | None = None, until: str | None = None
    ) -> EndpointMetrics:
        """Return an endpoint's metrics, by groups and over time.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            InvalidInputError: a group, the period or the grain does not fit.
        """
        endpoint = find_endpoint(self._endpoints, caller, name)
        groups = tuple(dict.fromkeys(_group(given) for given in by if given != "none"))
        requests = f"endpoint:{name} {_requests_of(endpoint)} -attr.flowyard.mirror:true"
        asked = Asked(of="spans", group_by=groups, measure=_MEASURES, grain=grain, q=requests, since=since, until=until, limit=_MOST_GROUPS)
        found = self._figures.ask(caller, asked)
        # The same period to the nanosecond, so that all of it belongs together.
        asked = replace(asked, since=found.since, until=found.until, grain=found.grain)
        calls = self._calls(caller, name, asked, groups)
        failed = replace(asked, group_by=("deployment", "error"), measure=("count",), grain="none", q=f"{requests} status:error")
        errors = self._figures.ask(caller, failed).rows
        return EndpointMetrics(
            endpoint=name,
            since=found.since,
            until=found.until,
            grain=found.grain,
            currency=found.currency,
            load=self._load(endpoint),
            figures=tuple(_figures(row, groups, found, calls) for row in found.rows),
            errors=tuple(ErrorCount(deployment=_text(row[0]), error=_text(row[1]), requests=_whole(row[2])) for row in errors),
            usage=self._used(endpoint, found),
            truncated=found.truncated,
        )

    def _calls(self, caller: Caller, name: str, asked: Asked, groups: tuple[str, ...]) -> Mapping[tuple[Value, ...], Sequence[Value]]:
        """Return tokens and cost by what a row of figures begins with; empty where the groups are finer than deployments."""
        if set(groups) - {"deployment"}:
            return {}
        rows = self._figures.ask(caller, replace(asked, of="calls", measure=_CALLS, q=f"endpoint:{name}")).rows
        return {tuple(row[: -len(_CALLS)]): row[-len(_CALLS) :] for row in rows}

    def _load(self, endpoint: EndpointRecord) -> tuple[DeploymentLoad, ...]:
        rows = self._counts.read(deployment.id for deployment in endpoint.deployments)
        return tuple(_load_of(deployment, rows[deployment.id]) for deployment in endpoint.deployments)

    def _used(self, endpoint: EndpointRecord, found: Figures) -> tuple[DeploymentUsage, ...]:
        names = {deployment.id: deployment.name for deployment in endpoint.deployments}
        rows = self._usage.read(names, from_rfc3339(found.since), from_rfc3339(found.until), GRAINS.get(found.grain))
        return tuple(
            DeploymentUsage(
                time=None if row.begin_ns is None else to_rfc3339(row.begin_ns),
                deployment=names[row.deployment_id],
                cpu_cores=round(row.cpu_cores, 4),
                memory_bytes=row.memory_bytes,
                memory_peak_bytes=row.memory_peak_bytes,
            )
            for row in rows
        )


def _requests_of(endpoint: EndpointRecord) -> str:
    """Return the search for the spans that are requests: to a flow or script the gateway's own, to a model the calls themselves."""
    models = [f"deployment:{entry.name}" for entry in endpoint.deployments if entry.plan.model is not None]
    if not models:
        return "kind:http"
    return f"(kind:http OR ((kind:llm OR kind:embedding) ({' OR '.join(models)})))"


def _group(name: str) -> _Group:
    for known in get_args(_Group):
        if name == known:
            return known
    raise InvalidInputError(
        f"Metrics are not told by {name!r}.", remedy=f"There are: {', '.join(get_args(MetricsBy))}.", location=Location(pointer="/query/by")
    )


def _load_of(deployment: DeploymentRecord, rows: Sequence[GatewayCounts]) -> DeploymentLoad:
    counts = total(rows)
    return DeploymentLoad(
        deployment=deployment.name,
        state=deployment.state,
        instances=deployment.wanted if deployment.revision else 0,
        replicas_ready=sum(replica.state == "ready" and replica.revision == deployment.revision for replica in deployment.replicas),
        in_flight=counts.in_flight,
        waiting=counts.waiting,
        as_of=to_rfc3339(max(row.updated_ns for row in rows)) if rows else None,
    )


def _figures(
    row: Sequence[Value], groups: tuple[str, ...], found: Figures, calls: Mapping[tuple[Value, ...], Sequence[Value]]
) -> EndpointFigures:
    keys = tuple(row[: len(row) - len(_MEASURES)])
    time = _text(keys[0]) if found.grain != "none" else None
    named = dict(zip(groups, keys[len(keys) - len(groups) :], strict=True))
    count, errors, rate, *times = row[-len(_MEASURES) :]
    p50, p90, p95, p99 = (None if value is None else round(float(value), 1) for value in times)
    tokens = calls.get(keys, (0, 0, 0) if calls or not set(groups) - {"deployment"} else (None, None, None))
    return EndpointFigures(
        time=time,
        deployment=_text(named.get("deployment")),
        status=_text(named.get("status")),
        error=_text(named.get("error")),
        requests=_whole(count),
        per_minute=round(_whole(count) * _MINUTE_S / _length_s(time, found), 3),
        errors=_whole(errors),
        error_rate=round(float(rate or 0.0), 6),
        p50_ms=p50,
        p90_ms=p90,
        p95_ms=p95,
        p99_ms=p99,
        prompt_tokens=None if tokens[0] is None else _whole(tokens[0]),
        completion_tokens=None if tokens[1] is None else _whole(tokens[1]),
        cost_micros=None if tokens[2] is None else str(_whole(tokens[2])),
    )


def _length_s(time: str | None, found: Figures) -> float:
    """Return how much of a bucket lies within the period, in seconds."""
    since, until = _seconds(found.since), _seconds(found.until)
    if time is None:
        return until - since
    begin = _seconds(time)
    return max(1e-9, min(begin + GRAINS[found.grain] / NANOSECONDS, until) - max(begin, since))


def _seconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _whole(value: Value) -> int:
    return int(value or 0)
