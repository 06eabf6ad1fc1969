"""Metric points of OTLP as ours."""

import math
import sys
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from flowyard.tracing.otlp.values import attributes_of
from flowyard.tracing.signals import MetricKind, MetricPoint

_DELTA = 1
_LARGEST_NS = (1 << 63) - 1
_KINDS: dict[str, MetricKind] = {
    "gauge": "gauge",
    "sum": "sum",
    "histogram": "histogram",
    "exponential_histogram": "exponential_histogram",
    "summary": "summary",
}


def metrics_of(request: Any, workspace_id: str) -> Iterator[MetricPoint]:
    """Yield the points of an ``ExportMetricsServiceRequest``. A point that is sent twice has the same id both times."""
    for resource_metrics in request.resource_metrics:
        resource = attributes_of(resource_metrics.resource.attributes)
        service = resource.pop("service.name", None)
        about = {f"resource.{name}": value for name, value in resource.items() if not name.startswith("telemetry.sdk.")}
        for scope_metrics in resource_metrics.scope_metrics:
            for metric in scope_metrics.metrics:
                which = metric.WhichOneof("data")
                if which is None:
                    continue
                data = getattr(metric, which)
                delta = getattr(data, "aggregation_temporality", 0) == _DELTA
                for point in data.data_points:
                    found = MetricPoint(
                        point_id=blake2b(
                            point.SerializeToString(deterministic=True) + f"{metric.name}\0{service}\0{resource}".encode(), digest_size=16
                        ).hexdigest(),
                        name=metric.name,
                        at_ns=min(point.time_unix_nano, _LARGEST_NS),
                        workspace_id=workspace_id,
                        kind=_KINDS[which],
                        unit=metric.unit or None,
                        start_ns=min(point.start_time_unix_nano, _LARGEST_NS) or None,
                        delta=delta,
                        service=str(service) if service else None,
                        attributes=attributes_of(point.attributes) | about,
                    )
                    _FILL[which](found, point)
                    yield found


def _number(found: MetricPoint, point: Any) -> None:
    which = point.WhichOneof("value")
    found.value = float(getattr(point, which)) if which else None


def _histogram(found: MetricPoint, point: Any) -> None:
    _sums(found, point)
    bounds = [*point.explicit_bounds, None]
    found.buckets = [(bound, float(count)) for bound, count in zip(bounds, point.bucket_counts, strict=False)]


def _exponential(found: MetricPoint, point: Any) -> None:
    _sums(found, point)
    # Bucket i holds (base^(offset+i), base^(offset+i+1)], of negative numbers mirrored (OpenTelemetry's data model of metrics).
    below = [(-_bound(point.scale, point.negative.offset + index), count) for index, count in _counts(point.negative)]
    above = [(_bound(point.scale, point.positive.offset + index + 1), count) for index, count in _counts(point.positive)]
    zero = [(0.0, float(point.zero_count))] if point.zero_count else []
    found.buckets = [*reversed(below), *zero, *above]


def _bound(scale: int, index: int) -> float:
    """Return base^index with base = 2^(2^-scale); what is beyond all numbers becomes the largest, so that it has a form in JSON."""
    try:
        return 2.0 ** math.ldexp(index, -scale)
    except OverflowError:
        return sys.float_info.max if index > 0 else 0.0


def _counts(buckets: Any) -> list[tuple[int, float]]:
    return [(index, float(count)) for index, count in enumerate(buckets.bucket_counts) if count]


def _summary(found: MetricPoint, point: Any) -> None:
    found.count, found.sum = point.count, point.sum
    found.buckets = [(each.quantile, each.value) for each in point.quantile_values]


def _sums(found: MetricPoint, point: Any) -> None:
    found.count = point.count
    found.sum = point.sum if point.HasField("sum") else None
    found.low = point.min if point.HasField("min") else None
    found.high = point.max if point.HasField("max") else None


_FILL = {"gauge": _number, "sum": _number, "histogram": _histogram, "exponential_histogram": _exponential, "summary": _summary}
