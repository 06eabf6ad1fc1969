"""The job that pulls a model."""

from typing import Any

from flowyard.catalog.pull import STAGES
from flowyard.catalog.service import Catalog
from flowyard.compute.ports import JobContext

#: The kind's name, and its one argument: ``{"model": name}``.
MODEL_PULL = "model_pull"


class ModelPullJob:
    """Implements `compute.ports.JobKind`. Nothing in it needs a recorded step: a pull that runs again goes on where it stopped."""

    name = MODEL_PULL
    stages = STAGES

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Pull ``arguments["model"]`` and return its name and bytes."""
        model = self._catalog.pull(str(arguments["model"]), context)
        return {"model": model.name, "bytes": model.bytes_total}
