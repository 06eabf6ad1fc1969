"""Calls of models from user code: synchronous, on a connection object, recorded in the node that makes them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from enum import Enum
from typing import Any, cast
from weakref import WeakKeyDictionary

from flowyard.flows.model import Api
from flowyard.flows.nodes.llm import ModelCall, Prompted
from flowyard.flows.nodes.template import Origin, PromptText, Template
from flowyard.flows.ports import ChatTarget
from flowyard.flows.promptflow.connections import AzureOpenAIConnection, Connection
from flowyard.flows.runtime.context import ActiveNode, active_node
from flowyard.flows.runtime.record import NodeRecord
from flowyard.inference import bridge
from flowyard.inference.client import ModelClient
from flowyard.inference.providers import InlineConnection, provider_for
from flowyard.inference.retries import PATIENT

#: The argument that names the inputs whose text comes from outside.
TO_ESCAPE = "_inputs_to_escape"
_clients: WeakKeyDictionary[Connection, ModelClient] = WeakKeyDictionary()


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
    return _pieces(call) if streams else _wait(call.answer)


def origins_of(outside: Any, values: Mapping[str, Any]) -> dict[str, Origin]:
    """Return where the text of each value comes from: the named ones from outside, prompts carry their own marks."""
    return {
        name: "outside" if name in outside else "prompt" if isinstance(value, PromptText) else "author" for name, value in values.items()
    }


def _client(connection: Connection) -> ModelClient:
    client = _clients.get(connection)
    if client is None:
        given = InlineConnection(
            name=str(connection.name),
            type=connection.kind,
            configs={key: str(value) for key, value in connection.configs.items() if value is not None},
            secrets={key: str(value) for key, value in connection.secrets.items() if value is not None},
        )
        client = _clients[connection] = ModelClient.of(provider_for(given), retries=PATIENT)
    return client


def _active() -> ActiveNode:
    """The node that runs here, or one that nobody looks at."""
    return active_node() or ActiveNode(NodeRecord(node="", kind="llm"), {}, None, None, False, False)


def _wait(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run `work` to its end. On a thread whose loop is running it cannot wait for that loop, so it gets one of its own."""
    if not _on_loop():
        return bridge.run(work())
    done: list[Any] = []

    def run() -> None:
        try:
            done.append((asyncio.run(work()), None))
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread
            done.append((None, error))

    thread = threading.Thread(target=run, name="flowyard-model-call")
    thread.start()
    thread.join()
    result, error = cast("tuple[Any, BaseException | None]", done[0])
    if error is not None:
        raise error
    return result


def _pieces(call: ModelCall) -> Iterator[str]:
    if not _on_loop():
        return bridge.iterate(call.pieces())

    async def all_of_it() -> list[str]:
        return [piece async for piece in call.pieces()]

    return iter(_wait(all_of_it))


def _on_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
