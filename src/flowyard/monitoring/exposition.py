"""The page that Prometheus reads: its text format, or OpenMetrics when the request accepts that."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

from flowyard.monitoring.metrics import METRICS, Metric, Reading, Readings

if TYPE_CHECKING:
    from prometheus_client import Metric as Family


def merged(parts: Iterable[Readings]) -> Readings:
    """Return the readings of several processes together."""
    found: Readings = {}
    for part in parts:
        for name, readings in part.items():
            found.setdefault(name, []).extend(readings)
    return found


def of_workspace(readings: Readings, workspace_id: str) -> Readings:
    """Return only what says of itself that it belongs to the workspace of this id."""
    found: Readings = {}
    for name, held in readings.items():
        metric = METRICS.get(name)
        if metric is not None and "workspace" in metric.labels:
            place = metric.labels.index("workspace")
            mine = [reading for reading in held if len(reading.labels) > place and reading.labels[place] == workspace_id]
            if mine:
                found[name] = mine
    return found


def render(readings: Readings, accept: str = "") -> tuple[bytes, str]:
    """Return the page and its content type. Readings of unknown metrics, or with other labels than theirs, are left out.

    Args:
        readings: see `metrics`.
        accept: the request's ``Accept``.
    """
    from prometheus_client.exposition import choose_encoder

    encode, content_type = choose_encoder(accept)
    return encode(_Families(readings)), content_type


class _Families:
    """What ``prometheus_client`` calls a collector."""

    def __init__(self, readings: Mapping[str, list[Reading]]) -> None:
        self._readings = readings

    def collect(self) -> "Iterator[Family]":
        for metric in METRICS.values():
            fit = [reading for reading in self._readings.get(metric.name, ()) if _fits(metric, reading)]
            if fit:
                yield _family(metric, fit)


def _fits(metric: Metric, reading: Reading) -> bool:
    buckets = len(metric.bounds) + 1 if metric.kind == "histogram" else 0
    return len(reading.labels) == len(metric.labels) and len(reading.counts) == buckets


def _family(metric: Metric, readings: list[Reading]) -> "Family":
    from prometheus_client import Metric as Family

    ending = {"counter": "_total", "info": "_info"}.get(metric.kind, "")
    family = Family(metric.name.removesuffix(ending), metric.help, metric.kind)
    for reading in readings:
        labels = dict(zip(metric.labels, reading.labels, strict=True))
        if metric.kind == "histogram":
            _add_histogram(family, metric, labels, reading)
        else:
            family.add_sample(metric.name, labels, 1.0 if metric.kind == "info" else reading.value)
    return family


def _add_histogram(family: "Family", metric: Metric, labels: dict[str, str], reading: Reading) -> None:
    ends = [*(repr(bound) for bound in metric.bounds), "+Inf"]
    totals = list(accumulate(reading.counts))
    for end, total in zip(ends, totals, strict=True):
        family.add_sample(f"{metric.name}_bucket", {**labels, "le": end}, total)
    family.add_sample(f"{metric.name}_count", labels, totals[-1])
    family.add_sample(f"{metric.name}_sum", labels, reading.value)
