"""Models of this installation: by the gateway, as everybody calls them, or at an engine's own address, as the gateway does."""

from flowyard.inference.providers.base import ConnectionSettings, base_url
from flowyard.inference.providers.compatible import CompatibleProvider

#: The provider's name in telemetry and in prices.
PROVIDER = "flowyard"


def local(connection: ConnectionSettings) -> CompatibleProvider:
    """Make the provider of a ``local`` connection: `base_url` of a gateway (with ``/v1``) and `api_key`.

    Raises:
        ConnectionInvalidError: `base_url` is missing or no address.
    """
    return CompatibleProvider(base_url(connection, "base_url"), connection.secrets.get("api_key"), name=PROVIDER)


def engine(address: str, key: str) -> CompatibleProvider:
    """Make the provider of a running engine: `address` is its ``host:port``, `key` the one it was started with."""
    return CompatibleProvider(f"http://{address}/v1", key, name=PROVIDER)
