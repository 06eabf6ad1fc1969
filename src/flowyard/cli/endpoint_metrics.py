"""``flowyard endpoint metrics``: what an endpoint did, and does now."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError, nearest
from flowyard.wire.endpoint_metrics import MetricsBy
from flowyard.wire.telemetry import Grain

if TYPE_CHECKING:
    from flowyard.wire.endpoint_metrics import DeploymentLoad, EndpointFigures, EndpointMetrics

_MICROS = 1_000_000
_MEGABYTE = 1_000_000


class By(StrEnum):
    """By what figures are told."""

    DEPLOYMENT = "deployment"
    STATUS = "status"
    ERROR = "error"


def metrics(
    name: Annotated[str, typer.Argument(help="The endpoint's name.")],
    *,
    since: Annotated[str, typer.Option(help="2026-11-23T04:00:00Z, or 2h, 7d ago.")] = "1h",
    until: Annotated[str | None, typer.Option(help="Likewise; now by default.")] = None,
    grain: Annotated[str, typer.Option(help=f"Over time: {', '.join(get_args(Grain))}.")] = "none",
    by: Annotated[list[By] | None, typer.Option(help="By what; may be repeated. By deployment where it is not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show requests per minute, latency, errors, tokens, cost, processors and memory of a period, and what waits now.

    Example: flowyard endpoint metrics support --since 24h --grain hour
    """
    groups: list[MetricsBy] = [known for known in get_args(MetricsBy) if known in (by or [By.DEPLOYMENT])]
    found = workspace().endpoints.metrics(name, by=groups, grain=_grain(grain), since=since, until=until)
    if as_json:
        emit(found, as_json=True)
        return
    emit(None, as_json=False, text="\n".join([f"{name}, now:", *(_now(load) for load in found.load)]))
    times = ["time"] if found.grain != "none" else []
    measures = ["requests", "a minute", "errors", "P50 ms", "P90 ms", "P95 ms", "P99 ms", "tokens", found.currency]
    # A series has every bucket; those without a request say nothing on paper.
    shown = [row for row in found.figures if row.requests]
    rows = ([*([_time(row.time)] if times else []), *_row(row, groups)] for row in shown)
    empty = "No request came in this period."
    emit_table(shown, as_json=False, columns=[*times, *groups, *measures], rows=rows, empty=empty)
    _emit_usage(found)
    counts = [f"  {entry.deployment}: {entry.requests} of {entry.error}" for entry in found.errors]
    if counts:
        emit(None, as_json=False, text="\n".join(["errors:", *counts]))


def _emit_usage(found: "EndpointMetrics") -> None:
    if not found.usage:
        return
    times = ["time"] if found.grain != "none" else []
    columns = [*times, "deployment", "processors", "memory MB", "most MB"]
    rows = (
        [
            *([_time(row.time)] if times else []),
            row.deployment,
            f"{row.cpu_cores:.3g}",
            f"{row.memory_bytes / _MEGABYTE:.0f}",
            f"{row.memory_peak_bytes / _MEGABYTE:.0f}",
        ]
        for row in found.usage
    )
    emit_table(found.usage, as_json=False, columns=columns, rows=rows, empty="")


def _time(time: str | None) -> str:
    return (time or "")[:19].replace("T", " ")


def _now(load: "DeploymentLoad") -> str:
    replicas = f"{load.replicas_ready} of {load.instances} replicas ready"
    return f"  {load.deployment}: {load.state}, {replicas}, {load.in_flight} requests under way, {load.waiting} waiting"


def _row(row: "EndpointFigures", groups: "list[MetricsBy]") -> list[str | int | None]:
    tokens = None if row.prompt_tokens is None else row.prompt_tokens + (row.completion_tokens or 0)
    cost = None if row.cost_micros is None else f"{int(row.cost_micros) / _MICROS:.6f}".rstrip("0").rstrip(".")
    times = (None if value is None else f"{value:.4g}" for value in (row.p50_ms, row.p90_ms, row.p95_ms, row.p99_ms))
    names = (getattr(row, group) for group in groups)
    return [*names, row.requests, f"{row.per_minute:.4g}", f"{row.errors} ({row.error_rate:.1%})", *times, tokens, cost]


def _grain(name: str) -> Grain:
    for known in get_args(Grain):
        if name == known:
            return known
    like = nearest(name, get_args(Grain))
    raise InvalidInputError(
        f"There is no grain {name!r}.", remedy=f"Did you mean {like}?" if like else f"There are: {', '.join(get_args(Grain))}."
    )
