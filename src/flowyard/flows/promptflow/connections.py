"""Connections as tools see them: objects with the keys as attributes. They print and record as their names, never their secrets."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar


class Connection:
    """A connection by name, with its values as attributes and as items.

    Args:
        name: what the flow calls it.
        configs: values that are no secret.
        secrets: secret values.
    """

    TYPE: ClassVar[str] = "custom"

    def __init__(
        self, name: str = "", configs: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None, **values: str
    ) -> None:
        self.name = name
        self.type = self.TYPE
        self.configs = dict(configs or {}) | values
        self.secrets = dict(secrets or {})

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__") or key in {"configs", "secrets"}:
            raise AttributeError(key)
        if key in self.secrets:
            return self.secrets[key]
        if key in self.configs:
            return self.configs[key]
        if key in _OPTIONAL.get(self.TYPE, ()):
            return None
        raise AttributeError(f"The connection {self.name!r} of type {self.type!r} has no {key!r}; it has {sorted(self)}.")

    def __getitem__(self, key: str) -> str:
        return self.secrets[key] if key in self.secrets else self.configs[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.configs, **self.secrets})

    def __contains__(self, key: object) -> bool:
        return key in self.configs or key in self.secrets

    def keys(self) -> list[str]:
        """Return the names of all values."""
        return list(self)

    def is_secret(self, key: str) -> bool:
        """Whether the value of that name is secret."""
        return key in self.secrets

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"

    def __flowyard_json__(self) -> str:
        """Return what records keep of it: its name."""
        return self.name


_OPTIONAL: dict[str, tuple[str, ...]] = {
    "azure_open_ai": ("api_key", "api_type", "api_version", "auth_mode", "resource_id"),
    "open_ai": ("organization", "base_url"),
    "serverless": ("api_key",),
    "serp": ("api_key",),
}


class AzureOpenAIConnection(Connection):
    """``azure_open_ai``."""

    TYPE = "azure_open_ai"


class OpenAIConnection(Connection):
    """``open_ai``."""

    TYPE = "open_ai"


class ServerlessConnection(Connection):
    """``serverless``."""

    TYPE = "serverless"


class CognitiveSearchConnection(Connection):
    """``cognitive_search``."""

    TYPE = "cognitive_search"


class AzureAIServicesConnection(Connection):
    """``azure_ai_services``."""

    TYPE = "azure_ai_services"


class AzureContentSafetyConnection(Connection):
    """``azure_content_safety``."""

    TYPE = "azure_content_safety"


class FormRecognizerConnection(Connection):
    """``form_recognizer``."""

    TYPE = "form_recognizer"


class SerpConnection(Connection):
    """``serp``."""

    TYPE = "serp"


class QdrantConnection(Connection):
    """``qdrant``."""

    TYPE = "qdrant"


class WeaviateConnection(Connection):
    """``weaviate``."""

    TYPE = "weaviate"


class CustomConnection(Connection):
    """``custom``: any configs and secrets."""

    TYPE = "custom"


class CustomStrongTypeConnection(CustomConnection):
    """Base of connection types that tool packages define."""


_TYPES: dict[str, type[Connection]] = {
    kind.TYPE: kind
    for kind in (
        AzureOpenAIConnection,
        OpenAIConnection,
        ServerlessConnection,
        CognitiveSearchConnection,
        AzureAIServicesConnection,
        AzureContentSafetyConnection,
        FormRecognizerConnection,
        SerpConnection,
        QdrantConnection,
        WeaviateConnection,
        CustomConnection,
    )
}


def connection_object(name: str, values: Mapping[str, Any], wanted: type[Connection] | None = None) -> Connection:
    """Make the object of a connection given as ``{"type", "configs", "secrets"}``; `wanted` is the class a tool asks for."""
    kind = _TYPES.get(str(values.get("type", "custom")), CustomConnection)
    if wanted is not None and issubclass(wanted, CustomStrongTypeConnection) and issubclass(kind, CustomConnection):
        kind = wanted
    return kind(name, values.get("configs"), values.get("secrets"))
