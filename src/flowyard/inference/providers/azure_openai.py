"""Azure OpenAI: a deployment in the path and an `api-version`, or the newer ``/openai/v1`` surface without either."""

from flowyard.inference.errors import ConnectionInvalidError
from flowyard.inference.providers.base import (
    ConnectionSettings,
    Operation,
    Target,
    base_url,
    join_url,
    method_of,
    required_secret,
    segment,
)

#: Used where a connection names none; the last version of the dated surface that is generally available.
DEFAULT_API_VERSION = "2024-10-21"


class AzureOpenAIProvider:
    """`address` is the resource's: ``https://<resource>.openai.azure.com``.

    The `api_version` ``v1`` selects the surface without deployments in its paths.
    """

    name = "azure.ai.openai"

    def __init__(self, address: str, key: str, api_version: str = DEFAULT_API_VERSION) -> None:
        self._headers = {"api-key": key}
        self._api_version = api_version
        root = address.rstrip("/").removesuffix("/v1").removesuffix("/openai")
        self._openai = f"{root}/openai"
        self._v1 = api_version in {"v1", "preview"} or address.rstrip("/").endswith("/openai/v1")

    def target(self, operation: Operation, model: str | None) -> Target:
        """Return where `operation` on the deployment `model` goes.

        Raises:
            ConnectionInvalidError: no deployment is named.
        """
        if self._v1:
            query = {"api-version": "preview"} if self._api_version == "preview" else None
            url = join_url(f"{self._openai}/v1", operation, query)
        elif operation in {"models", "responses"}:
            url = join_url(self._openai, operation, {"api-version": self._api_version})
        elif model:
            url = join_url(f"{self._openai}/deployments/{segment(model)}", operation, {"api-version": self._api_version})
        else:
            raise ConnectionInvalidError(
                "Azure OpenAI needs the name of a deployment.", remedy="Give it as deployment_name, or as model <connection>/<deployment>."
            )
        return Target(method=method_of(operation), url=url, headers=self._headers, model=model)


def azure_open_ai(connection: ConnectionSettings) -> AzureOpenAIProvider:
    """Make the provider of an ``azure_open_ai`` connection: `api_key`, `api_base`, `api_version` (and `api_type`, which is always azure).

    Raises:
        ConnectionInvalidError: `api_base` or `api_key` is missing, or `auth_mode` is another than ``key``.
    """
    mode = connection.configs.get("auth_mode") or "key"
    if mode != "key":
        raise ConnectionInvalidError(
            f"Connection {connection.name!r} has auth_mode {mode!r}; expected 'key'.",
            remedy=f"Set a key: flowyard connection update {connection.name} --set auth_mode=key --set api_key=…",
        )
    version = connection.configs.get("api_version") or DEFAULT_API_VERSION
    return AzureOpenAIProvider(base_url(connection, "api_base", "azure_endpoint"), required_secret(connection, "api_key"), version)
