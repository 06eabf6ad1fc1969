"""What the flow engine needs of the outside."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


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

    async def embeddings(self, body: Mapping[str, Any], *, traceparent: str | None = None) -> dict[str, Any]:
        """Return embeddings."""
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
