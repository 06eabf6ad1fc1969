"""Figures of deployments in memory: of one process alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flowyard.endpoints.figures import GatewayCounts, Sample
from flowyard.foundation.clock import now_ns


class MemoryFigures:
    """Implements `endpoints.figures.FigureStore`."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], GatewayCounts] = {}
        self._samples: list[Sample] = []

    def tell(self, rows: Sequence[GatewayCounts], samples: Sequence[Sample]) -> None:
        """See `FigureStore.tell`."""
        self._rows |= {(row.deployment_id, row.gateway): replace(row, updated_ns=now_ns()) for row in rows}
        self._samples.extend(samples)

    def read(self, deployment_ids: Iterable[str]) -> dict[str, list[GatewayCounts]]:
        """See `FigureStore.read`."""
        return {wanted: [row for row in self._rows.values() if row.deployment_id == wanted] for wanted in deployment_ids}

    def take_samples(self, deployment_id: str) -> list[Sample]:
        """See `FigureStore.take_samples`."""
        taken = [sample for sample in self._samples if sample.deployment_id == deployment_id]
        self._samples = [sample for sample in self._samples if sample.deployment_id != deployment_id]
        return taken

    def forget_before(self, updated_ns: int) -> None:
        """See `FigureStore.forget_before`."""
        self._rows = {place: row for place, row in self._rows.items() if row.updated_ns >= updated_ns}
