"""Models behind connections that the caller gave, called from this process."""

from collections.abc import Mapping
from typing import Any

from flowyard.flows.errors import UnknownConnectionError
from flowyard.flows.ports import ChatTarget, ModelResolver
from flowyard.flows.resolvers.clients import LoopClients
from flowyard.inference.client import ModelClient
from flowyard.inference.providers import InlineConnection, provider_for
from flowyard.inference.retries import PATIENT


class DirectResolver:
    """Finds models behind `connections` (name to type, configs and secrets); what is not among them is asked of `beyond`.

    Raises:
        ConnectionInvalidError: when it resolves: a connection has no models, or lacks a value.
    """

    def __init__(self, connections: Mapping[str, Mapping[str, Any]], beyond: ModelResolver | None = None) -> None:
        self._connections = dict(connections)
        self._beyond = beyond
        self._clients: dict[str, LoopClients] = {}

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return the connection's target.

        Raises:
            UnknownConnectionError: there is no such connection.
            ConnectionInvalidError: it has no models, or lacks a value.
        """
        values = self._connections.get(connection)
        if values is None:
            if self._beyond is not None:
                return self._beyond.resolve(connection, model)
            raise UnknownConnectionError(connection, known=tuple(self._connections))
        clients = self._clients.get(connection)
        if clients is None:
            provider = provider_for(
                InlineConnection(
                    name=connection,
                    type=str(values.get("type", "custom")),
                    configs=dict(values.get("configs") or {}),
                    secrets=dict(values.get("secrets") or {}),
                )
            )
            clients = self._clients.setdefault(connection, LoopClients(lambda: ModelClient.of(provider, retries=PATIENT)))
        client = clients.get()
        return ChatTarget(client=client, model=model, provider=client.provider, remote_span=False)
