"""What a provider is: it turns an operation of the OpenAI protocol into the place, headers and model name to send it with.

A provider never touches a request's body, except that the model's name in it becomes `Target.model`: whoever proxies may pass
the bytes on as they came.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from flowyard.inference.errors import ConnectionInvalidError

#: The operations of the protocol that Flowyard speaks, named by their path below ``/v1``.
Operation = Literal["chat/completions", "completions", "embeddings", "responses", "rerank", "models"]


class ConnectionSettings(Protocol):
    """What a provider reads of a connection: keys as in prompt flow's connection YAML, secrets in the clear."""

    @property
    def name(self) -> str:
        """The connection's name, for messages."""
        ...

    @property
    def type(self) -> str:
        """One of `wire.connections.ConnectionType`, or a plugin's."""
        ...

    @property
    def configs(self) -> Mapping[str, str]:
        """Values that are no secret."""
        ...

    @property
    def secrets(self) -> Mapping[str, str]:
        """Secret values."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineConnection:
    """A connection that is in no workspace: from a file, a flow's own settings, or a test."""

    name: str
    type: str
    configs: Mapping[str, str] = field(default_factory=dict[str, str])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where one call goes. `model` is the name to put into the body; None leaves the body as it is."""

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str] = field(repr=False)
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it comes: status, headers (names in lower case) and the body in pieces. Close `body` to stop it early."""

    status: int
    headers: Mapping[str, str]
    body: AsyncGenerator[bytes, None]


class Provider(Protocol):
    """A server of models, reached over HTTP.

    `name` is OpenTelemetry's ``gen_ai.provider.name``: ``openai``, ``azure.ai.openai``, ``flowyard`` …
    """

    @property
    def name(self) -> str:
        """The provider's name in telemetry."""
        ...

    def target(self, operation: Operation, model: str | None) -> Target:
        """Return where `operation` on `model` (the name without the connection's) goes."""
        ...


@runtime_checkable
class InProcessProvider(Protocol):
    """A provider that answers in this process, without a network. It has `target` too, and that is never connected to."""

    @property
    def name(self) -> str:
        """The provider's name in telemetry."""
        ...

    def target(self, operation: Operation, model: str | None) -> Target:
        """Return a target whose `model` is the one to put into the body."""
        ...

    async def answer(self, operation: Operation, body: bytes) -> Reply:
        """Answer like a server would, errors included. `body` is empty for ``models``."""
        ...


def base_url(connection: ConnectionSettings, *keys: str, default: str | None = None) -> str:
    """Return the address under the first of `keys` that the connection sets, without a slash at its end.

    Raises:
        ConnectionInvalidError: none is set and there is no default, or it is no http(s) address.
    """
    value = next((connection.configs[key] for key in keys if connection.configs.get(key)), default)
    if not value:
        raise ConnectionInvalidError(
            f"Connection {connection.name!r} ({connection.type}) has no {keys[0]!r}.",
            remedy=f"Set it: flowyard connection update {connection.name} --set {keys[0]}=https://…",
        )
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConnectionInvalidError(
            f"Connection {connection.name!r}: {keys[0]!r} is {value!r}, which is no address.",
            remedy="Write it as https://host/path.",
        )
    return value.rstrip("/")


def required_secret(connection: ConnectionSettings, key: str) -> str:
    """Return a secret of the connection.

    Raises:
        ConnectionInvalidError: it is not set.
    """
    value = connection.secrets.get(key)
    if not value:
        raise ConnectionInvalidError(
            f"Connection {connection.name!r} ({connection.type}) has no {key!r}.",
            remedy=f"Set it: flowyard connection update {connection.name} --set {key}=…",
        )
    return value


def join_url(base: str, path: str, query: Mapping[str, str] | None = None) -> str:
    """Append `path` (encoded already) to `base`, and `query` to what query it has."""
    parts = urlsplit(base)
    joined = "&".join(part for part in (parts.query, urlencode(query or {})) if part)
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{path}", joined, ""))


def segment(text: str) -> str:
    """Encode `text` as one segment of a path."""
    return quote(text, safe="")


def method_of(operation: Operation) -> Literal["GET", "POST"]:
    """Return the HTTP method of an operation."""
    return "GET" if operation == "models" else "POST"
