"""What the flow engine needs of the outside."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from flowyard.wire.identity import Role

if TYPE_CHECKING:
    from flowyard.connections.model import ResolvedConnection
    from flowyard.identity.model import Caller


class ModelCalls(Protocol):
    """Calls models by the OpenAI protocol, as `inference.client.ModelClient` does; used on one event loop."""

    async def chat(self, body: Mapping[str, Any], *, traceparent: str | None = None) -> dict[str, Any]:
        """Return a chat completion."""
        ...

    def chat_stream(self, body: Mapping[str, Any], *, traceparent: str | None = None) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the chunks of a chat completion; closing the generator stops the model."""
        ...

    async def completions(self, body: Mapping[str, Any], *, traceparent: str | None = None) -> dict[str, Any]:
        """Return a text completion."""
        ...

    def completions_stream(self, body: Mapping[str, Any], *, traceparent: str | None = None) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the chunks of a text completion."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTarget:
    """Where an LLM node's calls go.

    Attributes:
        client: makes the calls.
        model: the model's name as `client` wants it.
        provider: the provider's name in telemetry.
        remote_span: whoever answers writes the ``llm`` span with tokens and cost (the gateway does); otherwise this process does.
    """

    client: ModelCalls
    model: str
    provider: str
    remote_span: bool


class ModelResolver(Protocol):
    """Finds the model behind a connection's name. `resolve` is called for each call, so it keeps clients, one for an event loop."""

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return where calls to `model` of `connection` go.

        Raises:
            UnknownConnectionError: there is no such connection; the remedy says how to make it.
        """
        ...


class ConnectionSource(Protocol):
    """The connections of workspaces with their secrets, as `connections.service.ConnectionService` gives them."""

    def resolve_all(self, workspace_id: str | None = None) -> "Sequence[ResolvedConnection]":
        """Return the connections of a workspace."""
        ...


class ProcessKeys(Protocol):
    """Keys for processes, as `identity.keys.KeyService` makes them."""

    def issue(self, workspace_id: str, name: str, role: Role, *, scope: str, expires_ns: int | None = None) -> str:
        """Make a key and return its secret."""
        ...

    def revoke_scope(self, workspace_id: str, scope: str) -> object:
        """Revoke all keys of a scope."""
        ...


class Audit(Protocol):
    """The audit trail, as `identity.audit.AuditTrail` keeps it."""

    def record(self, caller: "Caller", action: str, target: str, detail: dict[str, Any] | None = None) -> None:
        """Add a line."""
        ...
