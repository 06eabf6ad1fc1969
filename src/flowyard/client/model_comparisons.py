"""Comparing models, from Python."""

from collections.abc import Iterator, Sequence
from typing import Any

from flowyard.client.transport import Transport
from flowyard.wire.jobs import Job
from flowyard.wire.model_comparisons import ComparedRow, ModelComparison, ModelComparisonCreate, ModelComparisonPlan
from flowyard.wire.shared import Page

_PATH = "model-comparisons"


class ModelComparisons:
    """Models side by side on data of the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def plan(self, models: Sequence[str], data: str, evaluators: Sequence[str], **settings: Any) -> ModelComparisonPlan:
        """Return at most what a comparison would ask and cost, without calling a model. See `create`."""
        return self._transport.post(f"{_PATH}/plan", ModelComparisonPlan, body=_asked(models, data, evaluators, settings))

    def create(self, models: Sequence[str], data: str, evaluators: Sequence[str], **settings: Any) -> Job:
        """Begin to compare models and return the job, whose id is the comparison's (``ws.jobs.wait`` follows it).

        Args:
            models: two to eight; the others are compared with the first.
            data: a data asset, ``<name>:<version>`` or ``azureml:<name>@latest``.
            evaluators: their names.
            settings: the other fields of `ModelComparisonCreate`: prompt, ground_truth, system, judge, max_rows, max_tokens,
                least_difference.
        """
        return self._transport.post(_PATH, Job, body=_asked(models, data, evaluators, settings))

    def list(self, *, limit: int = 50) -> tuple[ModelComparison, ...]:
        """Return comparisons, the newest first."""
        return self._transport.get(_PATH, Page[ModelComparison], params={"limit": limit}).items

    def get(self, comparison: str) -> ModelComparison:
        """Return a comparison, as far as it is.

        Raises:
            RemoteError: there is none (code ``ComparisonNotFound``).
        """
        return self._transport.get(f"{_PATH}/{comparison}", ModelComparison)

    def rows(self, comparison: str) -> Iterator[ComparedRow]:
        """Yield the rows with every model's answer and scores."""
        cursor: str | None = "0"
        while cursor is not None:
            page: Page[ComparedRow] = self._transport.get(f"{_PATH}/{comparison}/rows", Page[ComparedRow], params={"cursor": cursor})
            yield from page.items
            cursor = page.next_cursor

    def delete(self, comparison: str) -> None:
        """Delete a comparison with its rows."""
        self._transport.delete(f"{_PATH}/{comparison}")


def _asked(models: Sequence[str], data: str, evaluators: Sequence[str], settings: dict[str, Any]) -> ModelComparisonCreate:
    return ModelComparisonCreate(models=tuple(models), data=data, evaluators=tuple(evaluators), **settings)
