"""OpenAI itself, and what is addressed the same way (`base_url`)."""

from urllib.parse import urlsplit

from flowyard.inference.providers.base import ConnectionSettings, base_url, required_secret
from flowyard.inference.providers.compatible import CompatibleProvider

_ADDRESS = "https://api.openai.com/v1"


def open_ai(connection: ConnectionSettings) -> CompatibleProvider:
    """Make the provider of an ``open_ai`` connection: `api_key`, `organization`, `base_url`.

    A key is required for OpenAI itself only: many compatible servers have none.

    Raises:
        ConnectionInvalidError: `api_key` is missing, or `base_url` is no address.
    """
    address = base_url(connection, "base_url", "api_base", default=_ADDRESS)
    itself = urlsplit(address).hostname == "api.openai.com"
    key = required_secret(connection, "api_key") if itself else connection.secrets.get("api_key")
    organization = connection.configs.get("organization")
    return CompatibleProvider(
        address,
        key,
        name="openai" if itself else "openai-compatible",
        headers={"openai-organization": organization} if organization else None,
    )
