"""What a model's name means: an engine of this machine, a connection's model, or an endpoint of ours."""

from flowyard.catalog.cards import Card
from flowyard.catalog.errors import ModelUnknownError
from flowyard.catalog.service import Catalog
from flowyard.catalog.verify.errors import ModelNotCallableError
from flowyard.catalog.verify.ports import Connections, Models
from flowyard.catalog.verify.probe import Subject
from flowyard.identity.model import Caller
from flowyard.inference.prices import price_of
from flowyard.inference.providers import MODEL_TYPES, provider_for

_ENDPOINT = "endpoint:"
#: From so many parameters on models write questions that hold; those with fewer rank questions that are made by rule.
_WRITES = 1_000_000_000


class Subjects:
    """Finds models by the names that callers of ``/v1`` say, and by those of cards."""

    def __init__(self, catalog: Catalog, models: Models, connections: Connections) -> None:
        self._catalog = catalog
        self._models = models
        self._connections = connections

    def find(self, caller: Caller, name: str) -> Subject:
        """Return what a name means.

        Raises:
            ModelUnknownError: there is no such model, and no such connection.
            ModelNotCallableError: it is not here, or no connection leads to it, or its connection has no models.
        """
        if name.startswith(_ENDPOINT):
            return Subject(model=name, call=name, place="endpoint")
        if "/" in name:
            return self._of_connection(caller, name)
        card, model = self._catalog.card(name), self._models.get(caller, name)
        reason = model.actions.try_it if model.actions else None
        if reason is not None or model.call is None:
            raise ModelNotCallableError(
                f"The model {name!r} cannot be called yet: {reason or 'it has no address.'}",
                remedy=f"Run: flowyard model pull {name}" if card.connection is None else "flowyard connection create --help",
            )
        return self._of_card(card, name, model.call)

    def price(self, workspace_id: str, subject: Subject, prompt: int, completion: int) -> int | None:
        """Return what so many tokens cost, in millionths of a US dollar; None where that is not known."""
        if subject.place == "local":
            return 0
        if subject.place == "endpoint":
            return None
        connection, _, model = subject.call.partition("/")
        provider = provider_for(self._connections.resolve(workspace_id, connection)).name
        return price_of(provider, model, prompt, completion)

    def _of_card(self, card: Card, name: str, call: str) -> Subject:
        engine = card.engine
        return Subject(
            model=name,
            call=call,
            place="local" if card.connection is None else "connection",
            task=card.task,
            context=engine.context if engine else card.context_length,
            dimensions=card.dimensions,
            small=engine is not None and engine.kind == "llamacpp" and (card.parameters or _WRITES) < _WRITES,
        )

    def _of_connection(self, caller: Caller, name: str) -> Subject:
        connection, _, model = name.partition("/")
        kind = self._connections.get(caller, connection).type
        if kind not in MODEL_TYPES or not model:
            raise ModelNotCallableError(
                f"The connection {connection!r} is of type {kind}, which has no models.", remedy="Name it as <connection>/<model>."
            )
        card = self._card_behind(model)
        if card is not None:
            return self._of_card(card, name, name)
        return Subject(model=name, call=name, place="connection")

    def _card_behind(self, model: str) -> Card | None:
        """Return the card of a hosted model by the name that its provider calls it."""
        for name in self._catalog.names():
            try:
                card = self._catalog.card(name)
            except ModelUnknownError:  # a folder's card that was taken away meanwhile
                continue
            if card.connection is not None and card.connection.model == model:
                return card
        return None
