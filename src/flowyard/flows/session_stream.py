"""A test run in a session process, as the stream of its events."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp

from flowyard.flows.errors import SessionDiedError, SessionError
from flowyard.flows.serving.app import TOKEN_HEADER
from flowyard.flows.session_message import TRACE_HEADER
from flowyard.flows.sessions import SessionTarget
from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.foundation.errors import PROBLEM_JSON, Problem, RemoteError
from flowyard.tracing.context import SpanContext
from flowyard.wire.flow_editing import CodePlace, Completions, Explanation, NodePrompt, RenderedPrompt, Signatures
from flowyard.wire.flows import FlowTestEvent, FlowTool, ToolValues, ToolValuesQuery

_TEST_TIMEOUT_S = 3600
# Longer than the session itself gives them.
_VALUES_TIMEOUT_S = 45
_TRACE_ID = re.compile(rb'"trace_id":"([0-9a-f]{32})"')

Died = Callable[[SessionTarget], SessionDiedError]
"""Says how a session's process ended. Blocks."""


def _unknown(target: SessionTarget) -> SessionDiedError:
    del target
    return SessionDiedError()


class TestStream:
    """An open test run: the raw stream of events from the session. Close it to cancel the run."""

    __test__ = False

    def __init__(self, client: aiohttp.ClientSession, response: aiohttp.ClientResponse, died: Callable[[], SessionDiedError]) -> None:
        self._client = client
        self._response = response
        self._died = died

    @classmethod
    async def open(cls, target: SessionTarget, body: bytes, context: SpanContext | None, died: Died = _unknown) -> "TestStream":
        """Begin a run, in the trace that `context` says. `died` says how the session's process ended, when it does.

        Raises:
            SessionDiedError: its process ended.
            RemoteError: the flow cannot be loaded, or the inputs do not fit; as the session says it.
            SessionError: the session does not answer.
        """
        client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TEST_TIMEOUT_S, sock_connect=10))
        headers = {TOKEN_HEADER.decode(): target.token, "content-type": "application/json"}
        if context is not None:
            headers |= {"traceparent": context.traceparent()} if context.span_id else {TRACE_HEADER.decode(): context.trace_id}
        try:
            response = await client.post(f"http://{target.address}/test", data=body, headers=headers)
            await _check(response)
        except aiohttp.ServerDisconnectedError as error:
            await client.close()
            raise await asyncio.to_thread(died, target) from error
        except aiohttp.ClientError as error:
            await client.close()
            raise SessionError(f"The flow's session does not answer: {error}.", remedy="Try again; its log says more.") from error
        except BaseException:
            await client.close()
            raise
        return cls(client, response, lambda: died(target))

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the stream's events as they come, as bytes; closes at the end, however it comes. A process that dies is its last event."""
        rest, trace_id = b"", b""
        try:
            async for chunk in self._response.content.iter_any():
                events, end, rest = (rest + chunk).rpartition(b"\n\n")
                found = None if trace_id else _TRACE_ID.search(events)
                trace_id = found[1] if found else trace_id
                if end:
                    yield events + end
        except aiohttp.ClientError:
            problem = (await asyncio.to_thread(self._died)).problem()
            last = FlowTestEvent(kind="ended", trace_id=trace_id.decode(), status="failed", error=plain(problem))
            yield b"event: ended\ndata: " + to_json(last) + b"\n\n"
        finally:
            await self.close()

    async def last(self) -> dict[str, Any]:
        """Return the last event, ``ended``, when the run has ended.

        Raises:
            SessionError: the stream ended before the run did.
        """
        data = b"".join([chunk async for chunk in self.chunks()])
        events = [line[6:] for line in data.split(b"\n") if line.startswith(b"data: ")]
        found: dict[str, Any] = json.loads(events[-1]) if events else {}
        if found.get("kind") != "ended":
            raise SessionError("The flow's session broke off before the run ended.", remedy="Its log says more.")
        return found

    async def close(self) -> None:
        """Close the connection; the session cancels a run that goes on."""
        self._response.close()
        await self._client.close()


async def tool_values(target: SessionTarget, query: ToolValuesQuery) -> ToolValues:
    """Ask a session for what a form offers for an input of a package tool.

    Raises:
        RemoteError: it offers nothing, or its function failed; as the session says it.
        SessionError: the session does not answer.
    """
    return decode(await _ask(target, "/tools/values", to_json(query)), ToolValues)


async def tools(target: SessionTarget) -> tuple[FlowTool, ...]:
    """Ask a session for the package tools of its environment.

    Raises:
        RemoteError: they cannot be listed; as the session says it.
        SessionError: the session does not answer.
    """
    return decode(await _ask(target, "/tools", b"{}"), tuple[FlowTool, ...])


async def rendered_prompt(target: SessionTarget, query: NodePrompt) -> RenderedPrompt:
    """Ask a session for a node's prompt with values.

    Raises:
        RemoteError: it cannot be made; as the session says it.
        SessionError: the session does not answer.
    """
    return decode(await _ask(target, "/prompt", to_json(query)), RenderedPrompt)


async def completions(target: SessionTarget, place: CodePlace) -> Completions:
    """Ask a session for the names that can go on at a place of a Python file's text.

    Raises:
        SessionError: the session does not answer.
    """
    return decode(await _ask(target, "/completions", to_json(place)), Completions)


async def explanation(target: SessionTarget, place: CodePlace) -> Explanation:
    """Ask a session for what the name at a place of a Python file's text is.

    Raises:
        SessionError: the session does not answer.
    """
    return decode(await _ask(target, "/explanation", to_json(place)), Explanation)


async def signatures(target: SessionTarget, place: CodePlace) -> Signatures:
    """Ask a session for the ways to call what is called at a place of a Python file's text.

    Raises:
        SessionError: the session does not answer.
    """
    return decode(await _ask(target, "/signatures", to_json(place)), Signatures)


async def _ask(target: SessionTarget, path: str, body: bytes) -> bytes:
    headers = {TOKEN_HEADER.decode(): target.token, "content-type": "application/json"}
    timeout = aiohttp.ClientTimeout(total=_VALUES_TIMEOUT_S, sock_connect=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as client,
            client.post(f"http://{target.address}{path}", data=body, headers=headers) as response,
        ):
            await _check(response)
            return await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SessionError(f"The flow's session does not answer: {error}.", remedy="Try again; its log says more.") from error


async def _check(response: aiohttp.ClientResponse) -> None:
    if response.status < 400:
        return
    if response.content_type != PROBLEM_JSON:
        raise SessionError(f"The flow's session failed ({response.status} {response.reason}).", remedy="Try again; its log says more.")
    values = decode(await response.read(), dict[str, Any])
    values.pop("error", None)
    raise RemoteError(decode(json.dumps(values), Problem))
