"""Models at a gateway: it holds the keys, keeps the limits and writes the spans of the calls."""

from flowyard.flows.ports import ChatTarget
from flowyard.flows.resolvers.clients import LoopClients
from flowyard.inference.client import ModelClient
from flowyard.inference.retries import PATIENT

LOCAL = "local"


class GatewayResolver:
    """Finds every model at one gateway, named ``<connection>/<model>``, and for the connection ``local`` just ``<model>``.

    Args:
        base_url: the gateway's address, without ``/v1``.
        api_key: a key of the workspace.
    """

    def __init__(self, base_url: str, api_key: str) -> None:
        self._clients = LoopClients(lambda: ModelClient(f"{base_url.rstrip('/')}/v1", api_key, retries=PATIENT))

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return the gateway's target; whether the model is there, the call tells."""
        client = self._clients.get()
        name = model if connection == LOCAL else f"{connection}/{model}"
        return ChatTarget(client=client, model=name, provider=client.provider, remote_span=True)
