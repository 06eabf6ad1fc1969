"""The models of this machine, as gateway and deployments need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.catalog.service import Catalog, LocalEngine
from flowyard.foundation.clock import NANOSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModel:
    """A catalog model that is on this machine. `created` is in Unix seconds."""

    name: str
    publisher: str
    created: int


class LocalModels(Protocol):
    """The catalog, as the data plane needs it. Calls block and come from a thread."""

    def engine(self, name: str) -> LocalEngine:
        """Return how to run a model: the same every time, in every process that asks.

        Raises:
            ModelUnknownError: the catalog has no such model.
            ModelNotPulledError: it is not on this machine; the remedy names the command that pulls it.
        """
        ...

    def ready(self) -> Sequence[LocalModel]:
        """Return the models that can be called."""
        ...


class CatalogModels:
    """`LocalModels` over the catalog. `secret` is what all processes of the installation share; the engines' keys are made of it."""

    def __init__(self, catalog: Catalog, secret: str) -> None:
        self._catalog = catalog
        self._secret = secret

    def engine(self, name: str) -> LocalEngine:
        """See `LocalModels.engine`."""
        return self._catalog.engine(name, self._secret)

    def ready(self) -> Sequence[LocalModel]:
        """See `LocalModels.ready`."""
        return [
            LocalModel(name=model.name, publisher=model.publisher, created=model.pulled_ns // NANOSECONDS)
            for model in self._catalog.ready()
        ]
