"""How long answers took."""

from flowyard.evaluation.metrics import score_of
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import finite_threshold, number, scored

_PERCENTILES = (50, 90, 95, 99)


class LatencyEvaluator(Evaluator):
    """The time a row took, as its column or its line in a run says.

    Args:
        threshold: milliseconds; a row passes at or below it.
    """

    info = EvaluatorInfo(
        name="latency",
        description="How long a row took, with percentiles over the run.",
        kind="deterministic",
        inputs=("duration_ms",),
        measures=(Measure(key="latency_ms", prefix="latency_ms", high=None, higher_is_better=False, unit="ms"),),
        source="percentiles by linear interpolation (Hyndman and Fan 1996, type 7)",
    )

    def __init__(self, *, threshold: float = 5_000.0) -> None:
        self._threshold = finite_threshold(self.info, threshold)

    def __call__(self, *, duration_ms: float) -> Result:
        """Return ``latency_ms``.

        Raises:
            EvaluatorInputError: it is missing, no finite number, or negative.
        """
        spent = number(self.info, "duration_ms", duration_ms, least=0.0)
        return scored("latency_ms", spent, self._threshold, higher_is_better=False)

    def __aggregate__(self, line_results: list[Result]) -> dict[str, float]:
        """Return the metrics of any evaluator, and the 50th, 90th, 95th and 99th percentile and the greatest value."""
        values = sorted(value for row in line_results if (value := score_of(row, "latency_ms")) is not None)
        found = super().__aggregate__(line_results)
        if values:
            found |= {f"latency_ms_p{share}": percentile(values, share) for share in _PERCENTILES}
            found["latency_ms_max"] = values[-1]
        return found


def percentile(ordered: list[float], share: float) -> float:
    """Return the value below which `share` percent of the ordered values lie, interpolated."""
    place = (len(ordered) - 1) * share / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
