"""The jobs that bring models here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flowyard.catalog.importing.service import STAGES as IMPORT_STAGES
from flowyard.catalog.importing.service import Importer, ImportOrder
from flowyard.catalog.pull import STAGES
from flowyard.catalog.service import Catalog
from flowyard.compute.ports import JobContext

#: The kinds' names. A pull has one argument: ``{"model": name}``; an import those of `ImportOrder` and the connection's name.
MODEL_PULL = "model_pull"
MODEL_IMPORT = "model_import"

#: Returns the token that a connection of a workspace keeps.
TokenOf = Callable[[str, str], str]


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


class ModelImportJob:
    """Implements `compute.ports.JobKind`. As with a pull, an import that runs again goes on where it stopped."""

    name = MODEL_IMPORT
    stages = IMPORT_STAGES

    def __init__(self, importer: Importer, token_of: TokenOf) -> None:
        self._importer = importer
        self._token_of = token_of

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Import a model and return its name and bytes."""
        connection, path = arguments.get("connection"), arguments.get("path")
        order = ImportOrder(
            source=str(arguments["source"]),
            path=Path(path) if path else None,
            name=arguments.get("name"),
            files=tuple(arguments.get("files") or ()),
            token=self._token_of(context.workspace_id, str(connection)) if connection else None,
            license=arguments.get("license"),
            asked_by=arguments.get("asked_by"),
        )
        card = self._importer.run(order, context)
        return {"model": card.name, "bytes": card.bytes_total}
