"""Providers: what stands behind a connection. One module each; `provider_for` finds the one for a connection's type.

A package may bring its own: an entry point in the group ``flowyard.providers``, named as the connection's type, that is a
function from a connection to a provider.
"""

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

from flowyard.inference.errors import ConnectionInvalidError
from flowyard.inference.providers.azure_openai import azure_open_ai
from flowyard.inference.providers.base import ConnectionSettings, InlineConnection, InProcessProvider, Provider
from flowyard.inference.providers.compatible import serverless
from flowyard.inference.providers.local import local
from flowyard.inference.providers.openai import open_ai
from flowyard.inference.providers.scripted import scripted

__all__ = ["MODEL_TYPES", "InlineConnection", "provider_for"]

Maker = Callable[[ConnectionSettings], Provider | InProcessProvider]

_BUILT_IN: dict[str, Maker] = {
    "azure_open_ai": azure_open_ai,
    "open_ai": open_ai,
    "serverless": serverless,
    "local": local,
    "scripted": scripted,
}

#: The types of connections that have models.
MODEL_TYPES = frozenset(_BUILT_IN)


def provider_for(connection: ConnectionSettings) -> Provider | InProcessProvider:
    """Return the provider behind `connection`.

    Raises:
        ConnectionInvalidError: its type has no models, or it lacks a value that the type needs.
    """
    maker = _BUILT_IN.get(connection.type) or _plugins().get(connection.type)
    if maker is None:
        raise ConnectionInvalidError(
            f"Connection {connection.name!r} is of type {connection.type!r}, which has no models.",
            remedy=f"Use a connection of one of these types: {', '.join(sorted(_BUILT_IN))}.",
        )
    return maker(connection)


@cache
def _plugins() -> dict[str, Maker]:
    return {entry.name: entry.load() for entry in entry_points(group="flowyard.providers")}
