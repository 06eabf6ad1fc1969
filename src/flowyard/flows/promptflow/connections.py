"""Connections as tools see them: objects with the keys as attributes. They print and record as their names, never their secrets."""

import importlib
import os
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, ClassVar, Self

from flowyard.connections.prices import PRICES
from flowyard.flows.promptflow.contracts.types import Secret
from flowyard.flows.promptflow.exceptions import UserErrorException

__all__ = [
    "AzureAIServicesConnection",
    "AzureContentSafetyConnection",
    "AzureOpenAIConnection",
    "CognitiveSearchConnection",
    "CustomConnection",
    "CustomStrongTypeConnection",
    "FormRecognizerConnection",
    "OpenAIConnection",
    "QdrantConnection",
    "SerpConnection",
    "ServerlessConnection",
    "WeaviateConnection",
]

#: What prompt flow calls the keys of a strong custom connection inside a plain one.
_PREFIX = "promptflow.connection."
_OWN = frozenset({"name", "kind", "type", "module", "configs", "secrets"})


class Connection:
    """A connection by name, with its values as attributes and as items.

    Args:
        name: what the flow calls it.
        configs: values that are no secret.
        secrets: secret values.
    """

    #: The type in connection files, and what prompt flow's objects say it is.
    KIND: ClassVar[str] = "custom"
    TYPE: ClassVar[str] = "Custom"

    def __init__(
        self, name: str | None = None, configs: Mapping[str, Any] | None = None, secrets: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        self.name = name
        self.kind = self.KIND
        self.type = self.TYPE
        self.module = str(more.get("module") or "promptflow.connections")
        self.configs = dict(configs or {})
        self.secrets = dict(secrets or {})

    @property
    def class_name(self) -> str:
        """The name of prompt flow's class."""
        return f"{self.type}Connection"

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__") or key in _OWN:
            raise AttributeError(key)
        for values in (self.secrets, self.configs):
            if key in values:
                return values[key]
        raise AttributeError(f"The connection {self.name!r} of type {self.type!r} has no {key!r}; it has {sorted(self)}.")

    def __getitem__(self, key: str) -> Any:
        for values in (self.secrets, self.configs):
            if key in values:
                return values[key]
        raise KeyError(f"Key {key!r} not found in connection {self.name!r}.")

    def __iter__(self) -> Iterator[str]:
        return iter({**self.configs, **self.secrets})

    def __contains__(self, key: object) -> bool:
        return key in self.configs or key in self.secrets

    def keys(self) -> list[str]:
        """Return the names of all values."""
        return [*self.configs, *self.secrets]

    def is_secret(self, key: str) -> bool:
        """Whether the value of that name is secret."""
        return key in self.secrets

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r})"

    def __flowyard_json__(self) -> str:
        """Return what records keep of it: its name."""
        return self.name or type(self).__name__


class TypedConnection(Connection):
    """A connection with a fixed set of keys. They are its parameters, in prompt flow's order, and its attributes."""

    #: Parameter to default. Those without one are required and have ``...``.
    KEYS: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *values: Any, name: str | None = None, **named: Any) -> None:
        given = dict(zip(self.KEYS, values, strict=False)) | named
        missing = [key for key, default in self.KEYS.items() if default is ... and key not in given]
        if len(values) > len(self.KEYS) or missing:
            raise TypeError(f"{type(self).__name__} takes {', '.join(self.KEYS)}; missing: {', '.join(missing) or 'nothing'}.")
        filled = {key: given.get(key, None if default is ... else default) for key, default in self.KEYS.items()}
        secrets = {"api_key": filled.pop("api_key")} if "api_key" in filled else {}
        super().__init__(name, filled, secrets if filled.get("auth_mode", "key") == "key" else {}, **named)

    @classmethod
    def made(cls, name: str, configs: Mapping[str, Any], secrets: Mapping[str, Any]) -> Self:
        """Make it from what a file or a workspace says; keys that are missing have their defaults, or are None."""
        made = cls.__new__(cls)
        keyless = (configs.get("auth_mode") or "key") != "key"
        defaults = {key: None if default is ... else default for key, default in cls.KEYS.items() if key != "api_key"}
        said = {key: value for key, value in configs.items() if key != PRICES and value not in (None, "")}
        Connection.__init__(made, name, defaults | said, {} if keyless else {"api_key": None, **secrets})
        return made

    def __getattr__(self, key: str) -> Any:
        return None if key in self.KEYS and key not in self else super().__getattr__(key)

    def __setattr__(self, key: str, value: Any) -> None:
        if key == "api_key":
            self.secrets[key] = value
        elif key in self.KEYS:
            self.configs[key] = value
        else:
            super().__setattr__(key, value)

    def get_token(self) -> str:
        """Return a Microsoft Entra token for ``auth_mode: meid_token``.

        Raises:
            UserErrorException: azure-identity is not installed, or knows no identity.
        """
        try:
            from azure.identity import (  # pyright: ignore[reportMissingImports]
                DefaultAzureCredential,  # pyright: ignore[reportUnknownVariableType]
            )
        except ImportError as error:
            raise UserErrorException(
                f"The connection {self.name!r} signs in by Microsoft Entra, which needs azure-identity: pip install azure-identity"
            ) from error
        return str(DefaultAzureCredential().get_token("https://cognitiveservices.azure.com/.default").token)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


class AzureOpenAIConnection(TypedConnection):
    """``azure_open_ai``."""

    KIND = "azure_open_ai"
    TYPE = "AzureOpenAI"
    KEYS: ClassVar[Mapping[str, Any]] = {
        "api_base": ...,
        "api_key": None,
        "api_type": "azure",
        "api_version": "2024-02-01",
        "auth_mode": "key",
        "resource_id": None,
    }

    @classmethod
    def made(cls, name: str, configs: Mapping[str, Any], secrets: Mapping[str, Any]) -> Self:
        """Make it; ``azure_endpoint`` is the other name of ``api_base``."""
        return super().made(name, {**configs, "api_base": configs.get("api_base") or configs.get("azure_endpoint")}, secrets)

    @classmethod
    def from_env(cls, name: str | None = None) -> Self:
        """Make it from AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY and, where set, OPENAI_API_VERSION."""
        base, key = _from_env("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY")
        version = os.environ.get("OPENAI_API_VERSION")
        return cls(base, key, name=name, **({"api_version": version} if version else {}))


class OpenAIConnection(TypedConnection):
    """``open_ai``."""

    KIND = "open_ai"
    TYPE = "OpenAI"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_key": ..., "organization": None, "base_url": None}

    @classmethod
    def from_env(cls, name: str | None = None) -> Self:
        """Make it from OPENAI_API_KEY and, where set, OPENAI_ORG_ID and OPENAI_BASE_URL."""
        (key,) = _from_env("OPENAI_API_KEY")
        return cls(key, os.environ.get("OPENAI_ORG_ID"), os.environ.get("OPENAI_BASE_URL"), name=name)


class ServerlessConnection(TypedConnection):
    """``serverless``."""

    KIND = "serverless"
    TYPE = "Serverless"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_key": ..., "api_base": ...}


class CognitiveSearchConnection(TypedConnection):
    """``cognitive_search``."""

    KIND = "cognitive_search"
    TYPE = "CognitiveSearch"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_base": ..., "api_key": None, "api_version": "2023-11-01", "auth_mode": "key"}


class AzureAIServicesConnection(TypedConnection):
    """``azure_ai_services``."""

    KIND = "azure_ai_services"
    TYPE = "AzureAIServices"
    KEYS: ClassVar[Mapping[str, Any]] = {"endpoint": ..., "api_key": None, "auth_mode": "key"}


class AzureContentSafetyConnection(TypedConnection):
    """``azure_content_safety``."""

    KIND = "azure_content_safety"
    TYPE = "AzureContentSafety"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_key": ..., "endpoint": ..., "api_version": "2023-10-01", "api_type": "Content Safety"}


class FormRecognizerConnection(TypedConnection):
    """``form_recognizer``."""

    KIND = "form_recognizer"
    TYPE = "FormRecognizer"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_key": ..., "endpoint": ..., "api_version": "2023-07-31", "api_type": "Form Recognizer"}


class SerpConnection(TypedConnection):
    """``serp``."""

    KIND = "serp"
    TYPE = "Serp"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_key": ...}


class QdrantConnection(TypedConnection):
    """``qdrant``."""

    KIND = "qdrant"
    TYPE = "Qdrant"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_key": ..., "api_base": ...}


class WeaviateConnection(TypedConnection):
    """``weaviate``."""

    KIND = "weaviate"
    TYPE = "Weaviate"
    KEYS: ClassVar[Mapping[str, Any]] = {"api_key": ..., "api_base": ...}


class CustomConnection(Connection):
    """``custom``: any configs and secrets."""

    def __init__(self, secrets: Mapping[str, Any] | None = None, configs: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(more.pop("name", None), configs, secrets, **more)

    def convert_to_strong_type(self, module: ModuleType | str | None = None, to_class: str | None = None) -> Connection:
        """Return it as the `CustomStrongTypeConnection` that it names itself, else as `to_class` of `module`.

        Raises:
            UserErrorException: neither names a class that is there.
        """
        if to_class == type(self).__name__:
            return self
        said_module, said_class = self._said("module"), self._said("custom_type")
        found = said_module if said_module and said_class else module
        wanted = said_class if said_module and said_class else to_class
        try:
            holder = importlib.import_module(found) if isinstance(found, str) else found
            kind = getattr(holder, wanted or "")
        except (ImportError, AttributeError) as error:
            raise UserErrorException(
                f"The connection {self.name!r} cannot become {wanted!r} of {found!r}: {error}. "
                "Check its custom_type and module, and that its package is installed."
            ) from error
        made: Connection = kind(configs=self.configs, secrets=self.secrets)
        made.name = self.name
        return made

    _convert_to_custom_strong_type = convert_to_strong_type

    def _said(self, key: str) -> str | None:
        value = self.configs.get(_PREFIX + key) or self.configs.get(key)
        return None if value == "promptflow.connections" else value


class CustomStrongTypeConnection(Connection):
    """Base of connection types that tool packages define: the annotations of the class are its keys, `Secret` ones are secret."""

    def __init__(self, secrets: Mapping[str, Any] | None = None, configs: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(more.pop("name", None), configs, secrets, **more)
        self.module = str(more.get("module") or type(self).__module__)
        self.custom_type = type(self).__name__

    def __getattribute__(self, key: str) -> Any:
        hint = super().__getattribute__("_hints")().get(key) if not key.startswith("_") else None
        if hint is None:
            return super().__getattribute__(key)
        values = self.secrets if hint is Secret or hint == "Secret" else self.configs
        try:
            return values[key]
        except KeyError:
            raise AttributeError(f"The connection {self.name!r} of type {self.custom_type!r} has no {key!r}.") from None

    @classmethod
    def _hints(cls) -> dict[str, Any]:
        own = [kind for kind in reversed(cls.__mro__) if issubclass(kind, CustomStrongTypeConnection)][1:]
        return {name: hint for kind in own for name, hint in vars(kind).get("__annotations__", {}).items()}


#: The classes by the types of connection files.
TYPES: dict[str, type[Connection]] = {
    kind.KIND: kind
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


def _from_env(*names: str) -> list[str]:
    found = [os.environ.get(name) for name in names]
    missing = [name for name, value in zip(names, found, strict=True) if not value]
    if missing:
        raise UserErrorException(f"Set the environment variable {' and '.join(missing)}.")
    return [str(value) for value in found]
