"""Any server that speaks the OpenAI protocol: vLLM, Ollama, TGI, LM Studio, a company's own proxy; also Azure's serverless endpoints."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flowyard.inference.providers.base import ConnectionSettings, Operation, Target, base_url, join_url, method_of


class CompatibleProvider:
    """`address` is the folder of the operations, usually ending in ``/v1``. `key` goes as a bearer token, unless there is none."""

    def __init__(
        self,
        address: str,
        key: str | None = None,
        *,
        name: str = "openai-compatible",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> None:
        self._address = address.rstrip("/")
        self._name = name
        self._query = dict(query or {})
        self._headers = {**({"authorization": f"Bearer {key}"} if key else {}), **(headers or {})}

    @property
    def name(self) -> str:
        """The provider's name in telemetry."""
        return self._name

    def target(self, operation: Operation, model: str | None) -> Target:
        """Return where `operation` goes."""
        return Target(method=method_of(operation), url=join_url(self._address, operation, self._query), headers=self._headers, model=model)


def serverless(connection: ConnectionSettings) -> CompatibleProvider:
    """Make the provider of a ``serverless`` connection: `api_base`, `api_key`.

    Azure's form of the address has no path; the operations are below ``/v1`` there.

    Raises:
        ConnectionInvalidError: `api_base` is missing or no address.
    """
    address = base_url(connection, "api_base", "base_url")
    if not urlsplit(address).path:
        address = f"{address}/v1"
    return CompatibleProvider(address, connection.secrets.get("api_key"))
