"""What counts on a hot path: plain numbers, no locks. Each belongs to one thread; others may read it at any time.

A histogram of ``prometheus_client`` costs two locks and several objects an observation, so only the writing of the page is left to it.
"""

from bisect import bisect_left

from flowyard.monitoring.metrics import Metric, Reading

#: Label sets that one metric keeps at most. What comes after is counted under `OTHER`.
SERIES_LIMIT = 1000
#: The label of what is not told apart (OpenTelemetry's name for it).
OTHER = "_OTHER"


class Histogram:
    """Counts of observations in buckets, and their sum."""

    __slots__ = ("_bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Count `value` in the bucket with the first upper end that is not below it."""
        self.counts[bisect_left(self._bounds, value)] += 1
        self.sum += value

    def reading(self, labels: tuple[str, ...]) -> Reading:
        """Return it as it is now."""
        return Reading(labels, self.sum, list(self.counts))


class Histograms:
    """The histograms of one metric by their labels; of `SERIES_LIMIT` label sets, and one with all labels `OTHER` for the rest."""

    def __init__(self, metric: Metric, limit: int = SERIES_LIMIT) -> None:
        self._metric = metric
        self._limit = limit
        self._held: dict[tuple[str, ...], Histogram] = {}

    def observe(self, labels: tuple[str, ...], value: float) -> None:
        """Count `value`. `labels` must come from a bounded set, or be few: the limit only guards the memory."""
        held = self._held.get(labels)
        if held is None:
            held = self._add(labels)
        held.observe(value)

    def readings(self) -> list[Reading]:
        """Return all, as they are now."""
        return [held.reading(labels) for labels, held in list(self._held.items())]

    def _add(self, labels: tuple[str, ...]) -> Histogram:
        if len(self._held) >= self._limit:
            labels = (OTHER,) * len(labels)
        return self._held.setdefault(labels, Histogram(self._metric.bounds))
