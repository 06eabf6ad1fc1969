"""A gateway that is asked only when the flow's own code calls a model: most flows without LLM nodes never do."""

from flowyard.flows.ports import ChatTarget, ModelResolver


class LateGateway:
    """Finds models at a gateway as `GatewayResolver` does, whose HTTP client is imported at the first call.

    Args:
        base_url: the gateway's address, without ``/v1``.
        api_key: a key of the workspace.
    """

    def __init__(self, base_url: str, api_key: str) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._found: ModelResolver | None = None

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return the gateway's target; whether the model is there, the call tells."""
        if self._found is None:
            from flowyard.flows.resolvers.gateway import GatewayResolver

            self._found = GatewayResolver(self._base_url, self._api_key)
        return self._found.resolve(connection, model)
