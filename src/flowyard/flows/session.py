"""The session process: runs the flow that somebody edits, once for each test, with live events. ``python -m flowyard.flows.session``.

The supervisor starts it with one message (`SessionMessage`); the server proxies to it. The flow is loaded again when its files changed.
"""

import asyncio
import hmac
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from flowyard.compute.child import Child
from flowyard.compute.serve import serve
from flowyard.flows import process
from flowyard.flows.errors import TemplateError
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.folders import digest
from flowyard.flows.format.variants import parse_variant
from flowyard.flows.model import AS_WRITTEN, FlowOptions
from flowyard.flows.ports import ModelResolver
from flowyard.flows.resolvers.gateway import GatewayResolver
from flowyard.flows.runtime.cache_store import NodeCache
from flowyard.flows.runtime.events import Events, ended
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.part import Part
from flowyard.flows.runtime.secrets import scrubber
from flowyard.flows.serving.app import TOKEN_HEADER
from flowyard.flows.serving.asgi import (
    ClientGoneError,
    Receive,
    Scope,
    Send,
    answer,
    answer_problem,
    end_events,
    header,
    lifespan,
    read_body,
    send_event,
    start_events,
)
from flowyard.flows.serving.watch import unless_gone
from flowyard.flows.session_message import TRACE_HEADER, SessionMessage
from flowyard.flows.tools.definitions import installed
from flowyard.flows.tools.forms import forms_of
from flowyard.flows.tools.values import ToolValuesError, call_for, values_of
from flowyard.foundation.codecs import convert, decode, to_json
from flowyard.foundation.credentials import Credentials, give_credentials
from flowyard.foundation.errors import FlowyardError, NotFoundError, UnauthenticatedError
from flowyard.tracing.context import SpanContext, parse_traceparent
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.flow_editing import CodePlace, Completions, Explanation, NodePrompt, RenderedPrompt, Signatures
from flowyard.wire.flows import FlowTest, FlowTestEvent, FlowTool, ToolValues, ToolValuesQuery

T = TypeVar("T")
logger = logging.getLogger(__name__)

BODY_LIMIT = 16 * 1024 * 1024
#: How long a tool package may look for a form's values, seconds.
VALUES_TIMEOUT_S = 30.0
#: How long one waits for what can be said of code, seconds.
CODE_TIMEOUT_S = 8.0
#: So many forms of the flow stay loaded: with other variants and overrides.
LOADED = 16


class Session:
    """The flow of one authoring folder, as its files are and as tests change it; loaded again when its files changed."""

    def __init__(self, folder: Path, engine: Engine, connections: dict[str, dict[str, Any]]) -> None:
        self._folder = folder
        self._engine = engine
        self._connections = connections
        self._digest = ""
        self._loaded: dict[bytes, LoadedFlow] = {}
        self._lock = asyncio.Lock()

    async def prompt(self, query: NodePrompt) -> RenderedPrompt:
        """Return a node's prompt with values, as its files are now. The flow is only read.

        Raises:
            InvalidFlowError, NodeNotFoundError, TemplateError, PromptFormatError: it cannot be made.
        """
        from flowyard.flows.nodes.preview import preview
        from flowyard.flows.rules import load_readable

        options = AS_WRITTEN if query.variant is None else FlowOptions(variant=f"${{{query.node}.{query.variant}}}")
        late = TemplateError(f"The prompt was not made within {VALUES_TIMEOUT_S:g} s.", remedy="Make its loops shorter.")
        return await _apart(lambda: preview(load_readable(self._folder, options), query.node, query.inputs), late)

    async def completions(self, place: CodePlace) -> Completions:
        """Return the names that can go on at a place of a Python file's text; none where that takes too long."""
        from flowyard.flows.nodes.completing import completions

        return await _quiet(lambda: completions(self._folder, place), Completions())

    async def explanation(self, place: CodePlace) -> Explanation:
        """Return what the name at a place of a Python file's text is; nothing where that takes too long."""
        from flowyard.flows.nodes.completing import explanation

        return await _quiet(lambda: explanation(self._folder, place), Explanation())

    async def signatures(self, place: CodePlace) -> Signatures:
        """Return the ways to call what is called at a place of a Python file's text; none where that takes too long."""
        from flowyard.flows.nodes.completing import signatures

        return await _quiet(lambda: signatures(self._folder, place), Signatures())

    async def flow(self, options: FlowOptions = AS_WRITTEN) -> LoadedFlow:
        """Return the flow as its files are now, with what `options` change.

        Raises:
            FlowyardError: it cannot be loaded.
        """
        async with self._lock:
            return await asyncio.get_running_loop().run_in_executor(None, self._load, options)

    def _load(self, options: FlowOptions) -> LoadedFlow:
        now = digest(self._folder)
        if now != self._digest:
            self._forget(0)
            self._digest = now
        key = to_json([options.variant, options.overrides])
        flow = self._loaded.pop(key, None)
        if flow is None:
            flow = process.load(self._folder, self._engine, self._connections, options=options)
        self._loaded[key] = flow
        self._forget(LOADED)
        return flow

    def _forget(self, keep: int) -> None:
        while len(self._loaded) > keep:
            self._loaded.pop(next(iter(self._loaded))).close()


class SessionApp:
    """``POST /test`` (a `FlowTest`) streams `FlowTestEvent` as server-sent events; ``POST /tools`` gives a list of `FlowTool`,
    ``POST /tools/values`` (a `ToolValuesQuery`) `ToolValues`, ``POST /prompt`` (a `NodePrompt`) a `RenderedPrompt`,
    ``POST /completions``, ``/explanation`` and ``/signatures`` (a `CodePlace`) `Completions`, an `Explanation`, `Signatures`;
    ``GET /health``.

    A flow that cannot be loaded, or inputs that do not fit, are problem details; a flow that fails says so in its last event.
    """

    def __init__(self, session: Session, token: str) -> None:
        self._session = session
        self._token = token.encode()
        self._answers: dict[str, Callable[[bytes], Awaitable[Any]]] = {
            "/tools": lambda _: tool_forms(),
            "/tools/values": lambda body: tool_values(decode(body, ToolValuesQuery)),
            "/prompt": lambda body: session.prompt(decode(body, NodePrompt)),
            "/completions": lambda body: session.completions(decode(body, CodePlace)),
            "/explanation": lambda body: session.explanation(decode(body, CodePlace)),
            "/signatures": lambda body: session.signatures(decode(body, CodePlace)),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            return
        try:
            await self._route(scope, receive, send)
        except FlowyardError as error:
            await answer_problem(send, error.problem())
        except (ClientGoneError, asyncio.CancelledError):
            logger.debug("The caller went away.")

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and scope["path"] == "/health":
            await answer(send, 200, to_json({"status": "Healthy"}))
            return
        if scope["method"] != "POST" or scope["path"] not in {"/test", *self._answers}:
            raise NotFoundError(
                f"There is no {scope['method']} {scope['path']} here.", remedy=f"A session has /test, {', '.join(self._answers)}."
            )
        if not hmac.compare_digest(header(scope, TOKEN_HEADER), self._token):
            raise UnauthenticatedError("A session is called by its server only.", remedy="Call the server's API.")
        body = await read_body(scope, receive, BODY_LIMIT) or b"{}"
        if scope["path"] in self._answers:
            await answer(send, 200, to_json(await self._answers[scope["path"]](body)))
            return
        request = decode(body, FlowTest)
        flow, inputs = part_of(await self._session.flow(options_of(request)), request)
        flow.bind(inputs)
        parent = parse_traceparent(header(scope, b"traceparent").decode("latin-1"))
        begun = header(scope, TRACE_HEADER).decode("latin-1")
        if parent is None and begun:
            parent = SpanContext(begun, "")
        await start_events(send)
        await unless_gone(receive, _stream(flow, inputs, parent, send))


def options_of(request: FlowTest) -> FlowOptions:
    """Return what a request changes of the flow's files.

    Raises:
        InvalidInputError: its variant is no variant's name.
    """
    if request.variant is not None:
        parse_variant(request.variant)
    return FlowOptions(variant=request.variant, overrides=request.overrides)


def part_of(flow: LoadedFlow, request: FlowTest) -> tuple[LoadedFlow, dict[str, Any]]:
    """Return what of `flow` a request runs, and its inputs.

    Raises:
        PartUnsupportedError, NodeNotFoundError, NodeOutputMissingError: it asks for a part that cannot run.
    """
    if request.node is None:
        return flow, request.inputs
    part = Part(node=request.node, onward=request.onward, outputs=request.outputs, bypassed=frozenset(request.bypassed))
    return flow.part(part, request.inputs)


async def tool_values(query: ToolValuesQuery) -> ToolValues:
    """Return what a package of this environment offers for an input of one of its tools.

    Raises:
        ToolUnknownError, InvalidInputError: it does not offer that, or not for these inputs.
        ToolValuesError: its function failed, or took longer than `VALUES_TIMEOUT_S`; then its thread is left behind.
    """
    late = _late(f"answer for the input {query.input!r} of {query.tool!r}")
    return await _apart(lambda: values_of(call_for(_definitions(), query), query.scenario), late)


async def tool_forms() -> tuple[FlowTool, ...]:
    """Return the package tools of this environment, as forms.

    Raises:
        ToolValuesError: that took longer than `VALUES_TIMEOUT_S`.
    """
    return await _apart(lambda: forms_of(_definitions()), _late("list its tools"))


def _late(task: str) -> ToolValuesError:
    return ToolValuesError(f"The package did not {task} within {VALUES_TIMEOUT_S:g} s.", remedy="Type the value instead.")


def _definitions() -> dict[str, Mapping[str, Any]]:
    return {key: tool.definition for key, tool in installed().tools.items()}


async def _quiet(call: Callable[[], T], nothing: T) -> T:
    """Return what `call` gives, or `nothing` when that takes longer than `CODE_TIMEOUT_S`: the next key is typed by then."""
    try:
        return await _apart(call, _late("look at the code"), CODE_TIMEOUT_S)
    except ToolValuesError:
        return nothing


async def _apart(call: Callable[[], T], late: FlowyardError, timeout_s: float | None = None) -> T:
    """Return what `call`, which runs users' code, gives; it raises `late` after `timeout_s`, or `VALUES_TIMEOUT_S`."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[T] = loop.create_future()

    def settle(result: T | BaseException) -> None:
        if found.done():
            return
        if isinstance(result, BaseException):
            found.set_exception(result)
        else:
            found.set_result(result)

    def work() -> None:
        result: T | BaseException
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            result = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result)

    # A daemon: a package that never answers must not keep the session from ending.
    threading.Thread(target=work, name="tool-values", daemon=True).start()
    try:
        return await asyncio.wait_for(found, VALUES_TIMEOUT_S if timeout_s is None else timeout_s)
    except TimeoutError as error:
        raise late from error


async def _stream(flow: LoadedFlow, inputs: dict[str, Any], parent: SpanContext | None, send: Send) -> None:
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[FlowTestEvent | None] = asyncio.Queue()

    def put(event: FlowTestEvent | None) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, event)

    async def run() -> FlowTestEvent:
        try:
            return ended(await flow.run_async(inputs, Events(put), streaming=True, parent=parent))
        finally:
            put(None)

    task = asyncio.ensure_future(run())
    try:
        while (event := await queue.get()) is not None:
            await send_event(send, to_json(event), event=event.kind.encode())
        await send_event(send, to_json(await task), event=b"ended")
        await end_events(send)
    finally:
        task.cancel()


def build(message: SessionMessage) -> SessionApp:
    """Put a session together from its message."""
    scrub = scrubber(message.connections, message.api_key, message.token)
    sink = SpoolSink(Path(message.spools), "session")
    recorder = Recorder(sink, scrub=scrub, workspace_id=message.workspace_id, flow=message.flow, user_id=message.user_id)
    resolver: ModelResolver = GatewayResolver(message.gateway_url, message.api_key)
    give_credentials(Credentials(url=message.gateway_url, api_key=message.api_key, workspace=""))
    engine = Engine(resolver=resolver, recorder=recorder, scrub=scrub, cache=NodeCache.at(message.cache))
    engine.exchanges = True
    return SessionApp(Session(Path(message.folder), engine, message.connections), message.token)


def main() -> None:
    """Run the process."""
    child = Child.start()
    with child.reporting():
        message = convert(child.message, SessionMessage)
        app = build(message)
        process.enter(Path(message.folder))
    serve(app, child)


if __name__ == "__main__":
    main()
