"""Calls of models from user code: synchronous, on a connection object, recorded in the node that makes them."""

from collections.abc import Hashable, Mapping
from enum import Enum
from typing import Any, cast

from flowyard.flows.model import Api
from flowyard.flows.nodes.llm import ModelCall, Prompted
from flowyard.flows.nodes.template import Origin, PromptText, Template
from flowyard.flows.ports import ChatTarget
from flowyard.flows.promptflow.connections import AzureOpenAIConnection, Connection
from flowyard.flows.runtime import beside
from flowyard.flows.runtime.context import ActiveNode, active_node
from flowyard.flows.runtime.record import NodeRecord
from flowyard.inference.client import ModelClient
from flowyard.inference.providers import InlineConnection, provider_for
from flowyard.inference.retries import PATIENT

#: The argument that names the inputs whose text comes from outside.
TO_ESCAPE = "_inputs_to_escape"
_clients: dict[Hashable, ModelClient] = {}


def call_model(connection: Connection, prompt: str, api: Api, model: object, arguments: Mapping[str, Any]) -> Any:
    """Render `prompt` with `arguments`, those that are no parameters of the model, and return its answer; with ``stream`` its pieces.

    Raises:
        TemplateError, PromptFormatError: the prompt cannot be made.
        ModelParameterError, FunctionsError, ToolsError: a parameter cannot be sent.
        ConnectionInvalidError: the connection has no models, or lacks a value.
        ModelCallError, ModelUnreachableError, ModelTimeoutError: the model does not answer.
    """
    values = dict(arguments)
    origins = origins_of(values.pop(TO_ESCAPE, None) or (), values)
    asked = Prompted(
        template=Template(prompt, origins, name="prompt", images=True),
        name="",
        connection=str(connection.name),
        api=api,
        azure=isinstance(connection, AzureOpenAIConnection),
        aside=frozenset({"detail"}),
    )
    streams = str(values.pop("stream", False)).lower() == "true"
    name = str(model.value if isinstance(model, Enum) else model or "")
    client = _client(connection)
    body = asked.request(values) | ({"model": name} if name else {})
    call = ModelCall(asked, ChatTarget(client=client, model=name, provider=client.provider, remote_span=False), body, _active())
    return beside.iterate(call.pieces()) if streams else beside.run(call.answer())


def embedding_of(connection: Connection, text: object, model: str) -> list[float]:
    """Return the vector that a connection's model makes of `text`.

    Raises:
        ConnectionInvalidError: the connection has no models, or lacks a value.
        ModelCallError, ModelUnreachableError, ModelTimeoutError: the model does not answer.
    """
    client = _client(connection)

    async def call() -> list[float]:
        reply = await client.embeddings({"model": model, "input": text})
        return cast("list[float]", reply["data"][0]["embedding"])

    return beside.run(call())


def origins_of(outside: Any, values: Mapping[str, Any]) -> dict[str, Origin]:
    """Return where the text of each value comes from: the named ones from outside, prompts carry their own marks."""
    return {
        name: "outside" if name in outside else "prompt" if isinstance(value, PromptText) else "author" for name, value in values.items()
    }


def _client(connection: Connection) -> ModelClient:
    """Return the client of a connection. Clients live as long as the process: their open connections serve all calls."""
    given = InlineConnection(
        name=str(connection.name),
        type=connection.kind,
        configs={key: str(value) for key, value in connection.configs.items() if value is not None},
        secrets={key: str(value) for key, value in connection.secrets.items() if value is not None},
    )
    identity = (given.name, given.type, frozenset(given.configs.items()), frozenset(given.secrets.items()))
    client = _clients.get(identity)
    if client is None:
        client = _clients.setdefault(identity, ModelClient.of(provider_for(given), retries=PATIENT))
    return client


def _active() -> ActiveNode:
    """The node that runs here, or one that nobody looks at."""
    return active_node() or ActiveNode(NodeRecord(node="", kind="llm"), {}, None, None, False, False)
