"""What the calls of a run cost, by the type of the connection that they go to."""

from collections.abc import Mapping
from typing import Any

from flowyard.connections.prices import stated_price
from flowyard.flows.runs.means import PriceOf
from flowyard.foundation.errors import FlowyardError, MissingExtraError

_LOCAL = "local"


def prices_for(connections: Mapping[str, Mapping[str, Any]]) -> PriceOf:
    """Return what knows the prices of calls to `connections` (name to type, configs and secrets), and to this installation's own models.

    What a connection states counts before the public list. Where that is not installed (the ``server`` extra), only what is free has one.
    """
    providers: dict[str, str | None] = {}

    def price_of(connection: str, model: str, prompt_tokens: int, completion_tokens: int) -> int | None:
        from flowyard.inference import prices

        stated = stated_price((connections.get(connection) or {}).get("configs") or {}, model)
        if stated is not None:
            return stated.micros(prompt_tokens, completion_tokens)
        if connection not in providers:
            providers[connection] = _provider(connection, connections.get(connection))
        provider = providers[connection]
        if provider is None:
            return None
        try:
            return prices.price_of(provider, model, prompt_tokens, completion_tokens)
        except MissingExtraError:
            return None

    return price_of


def _provider(name: str, values: Mapping[str, Any] | None) -> str | None:
    from flowyard.inference.providers import InlineConnection, provider_for
    from flowyard.inference.providers.local import PROVIDER

    if values is None or name == _LOCAL:
        return PROVIDER if name == _LOCAL else None
    try:
        return provider_for(
            InlineConnection(
                name=name,
                type=str(values.get("type", "custom")),
                configs=dict(values.get("configs") or {}),
                secrets=dict(values.get("secrets") or {}),
            )
        ).name
    except FlowyardError:
        return None
