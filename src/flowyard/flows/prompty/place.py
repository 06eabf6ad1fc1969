"""Where a prompty's model is: behind a connection by name, or described in the prompty itself."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cache
from typing import Any, cast

from flowyard.flows.errors import FlowError
from flowyard.flows.ports import ChatTarget, ModelResolver
from flowyard.flows.prompty.errors import ConnectionTypeError, EnvironmentMissingError, ModelPlaceError
from flowyard.foundation.errors import nearest

TYPES = {
    "azure_openai": "azure_open_ai",
    "azure_open_ai": "azure_open_ai",
    "openai": "open_ai",
    "open_ai": "open_ai",
    "serverless": "serverless",
}
_MODEL_KEYS = ("azure_deployment", "model")
#: By type: a value's name in the configuration, in a connection, and the variable that stands for it when there are none; and the secret.
_VALUES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "azure_open_ai": (
        ("azure_endpoint", "api_base", "AZURE_OPENAI_ENDPOINT"),
        ("api_base", "api_base", ""),
        ("api_version", "api_version", "OPENAI_API_VERSION"),
        ("api_key", "api_key", "AZURE_OPENAI_API_KEY"),
    ),
    "open_ai": (
        ("base_url", "base_url", "OPENAI_BASE_URL"),
        ("organization", "organization", "OPENAI_ORG_ID"),
        ("api_key", "api_key", "OPENAI_API_KEY"),
    ),
    "serverless": (("azure_endpoint", "api_base", ""), ("api_base", "api_base", ""), ("api_key", "api_key", "")),
}
_REQUIRED = {"azure_open_ai": ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY"), "open_ai": ("OPENAI_API_KEY",), "serverless": ()}
_INLINE = "(in the prompty)"


@cache
def _resolver(inline: str) -> ModelResolver:
    """Return the resolver for a connection that prompties describe, the same for all that describe it so: its sockets are kept."""
    from flowyard.flows.resolvers.direct import DirectResolver

    return DirectResolver({_INLINE: json.loads(inline)})


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """Where a prompty's calls go.

    Attributes:
        connection: a connection's name, or None when the prompty describes its own.
        model: the model's name there.
        inline: the connection that the prompty describes, as type, configs and secrets.
    """

    connection: str | None
    model: str
    inline: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def azure(self) -> bool:
        """The prompty describes a model of Azure OpenAI."""
        return self.inline.get("type") == "azure_open_ai"

    def target(self, resolver: ModelResolver | None) -> ChatTarget:
        """Return where a call goes; `resolver` finds the models of connections.

        Raises:
            UnknownConnectionError: there is no connection of that name.
            FlowError: no connections were given.
        """
        if self.connection is None:
            return _resolver(json.dumps(self.inline, sort_keys=True)).resolve(_INLINE, self.model)
        if resolver is None:
            raise FlowError(
                f"The prompty's model is behind the connection {self.connection!r}, and this run was given no connections.",
                remedy="Run it with connections, or describe the model in the prompty: type, base_url and api_key.",
            )
        return resolver.resolve(self.connection, self.model)


def configuration_of(value: Any) -> Any:
    """Return a model configuration as the mapping that a prompty would have: an object becomes its values."""
    if not is_dataclass(value) or isinstance(value, type):
        return value
    given = {name: item for name, item in asdict(value).items() if item is not None}
    return {"type": str(getattr(value, "type", "")), **given}


def contradiction(configuration: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a configuration that names a connection and describes one besides; None when it does not."""
    connection = configuration.get("connection")
    more = [key for key, value in configuration.items() if value and key not in {"type", "connection", *_MODEL_KEYS}]
    if connection and more:
        return f"The configuration names the connection {connection!r} and gives {', '.join(more)} besides."
    return None


def model_place(configuration: Mapping[str, Any]) -> ModelPlace:
    """Return where the model of a configuration is. Without keys and addresses, the usual environment variables have them.

    Raises:
        ModelPlaceError: it contradicts itself.
        ConnectionTypeError: its type has no models.
        EnvironmentMissingError: it leaves everything to variables, and these are not set.
    """
    wrong = contradiction(configuration)
    if wrong is not None:
        raise ModelPlaceError(wrong, remedy="Give one of the two.")
    model = str(configuration.get("azure_deployment") or configuration.get("model") or "")
    connection = configuration.get("connection")
    if connection:
        return _behind(connection, model)
    written = str(configuration.get("type") or "")
    if written == "local":
        return ModelPlace("local", model)
    kind = TYPES.get(written)
    if kind is None:
        near = nearest(written, list(TYPES))
        raise ConnectionTypeError(
            f"The configuration's type is {written!r}, which has no models.",
            remedy=f"Did you mean {near!r}?" if near else f"Write one of {', '.join(TYPES)}, or `connection: <name>`.",
        )
    return ModelPlace(None, model, _described(kind, configuration))


def _behind(connection: Any, model: str) -> ModelPlace:
    if isinstance(connection, str):
        return ModelPlace(connection, model)
    configs, secrets = getattr(connection, "configs", None), getattr(connection, "secrets", None)
    if not isinstance(configs, dict) or not isinstance(secrets, dict):
        raise ModelPlaceError(
            f"`connection` is {type(connection).__name__}; expected a connection's name, or a connection object.", remedy="Give its name."
        )
    kind = str(getattr(connection, "kind", None) or getattr(connection, "TYPE", "custom"))
    own = {"type": kind, "configs": dict(cast("dict[str, Any]", configs)), "secrets": dict(cast("dict[str, Any]", secrets))}
    return ModelPlace(None, model, own)


def _described(kind: str, configuration: Mapping[str, Any]) -> dict[str, Any]:
    given = {ours: str(configuration[theirs]) for theirs, ours, _ in _VALUES[kind] if configuration.get(theirs)}
    if not given:
        given = {ours: os.environ[variable] for _, ours, variable in _VALUES[kind] if variable and os.environ.get(variable)}
        missing = [variable for variable in _REQUIRED[kind] if not os.environ.get(variable)]
        if missing:
            raise EnvironmentMissingError(
                f"The configuration of type {kind} has no key and no address, and {', '.join(missing)} is not set.",
                remedy="Set it, write the values into the configuration, or name a connection: `connection: <name>`.",
            )
    secrets = {"api_key": key} if (key := given.pop("api_key", None)) else {}
    return {"type": kind, "configs": given, "secrets": secrets}
