"""The few pieces of ASGI that the flow servers need."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from flowyard.flows.errors import TooLargeError
from flowyard.flows.runtime.failures import nested as nested_error
from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.errors import PROBLEM_JSON, Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

JSON_TYPE = b"application/json"
Header = tuple[bytes, bytes]


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete; there is nobody to answer."""


def header(scope: Scope, name: bytes) -> bytes:
    """Return the value of a request header (name in lower case), empty when absent."""
    for key, value in scope["headers"]:
        if key == name:
            return value
    return b""


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """Return the request's body.

    Raises:
        TooLargeError: it has more than `limit` bytes.
        ClientGoneError: the client went away.
    """
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if len(parts) > 1 else part


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"The body has more than {limit} bytes.", remedy="Send less, or a reference to the data.")


async def answer(send: Send, status: int, body: bytes, content_type: bytes = JSON_TYPE, headers: Iterable[Header] = ()) -> None:
    """Send a whole answer."""
    fields = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


async def answer_problem(send: Send, problem: Problem, headers: Iterable[Header] = ()) -> None:
    """Send problem details, without the members that say nothing; a nested ``error`` stands at the top, as in prompt flow."""
    await answer(send, problem.status, problem_json(problem), PROBLEM_JSON.encode(), headers)


def problem_json(problem: Problem) -> bytes:
    """Return problem details as JSON for a caller who does not own the flow: without tracebacks."""
    members = {key: value for key, value in plain(problem).items() if value not in (None, (), [], {})}
    if "location" in members:
        members["location"] = {key: value for key, value in members["location"].items() if value is not None}
    extra = {key: value for key, value in problem.extra.items() if key not in {"traceback", "error"}}
    members.pop("extra", None)
    if extra:
        members["extra"] = extra
    nested = problem.extra.get("error")
    members["error"] = _without_details(nested or nested_error(problem.code, problem.detail, system=problem.status >= 500))
    return to_json(members)


def _without_details(nested: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in nested.items() if key != "additionalInfo"}


async def start_events(send: Send, headers: Iterable[Header] = ()) -> None:
    """Begin a stream of server-sent events."""
    fields = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"x-accel-buffering", b"no"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": fields})


async def send_event(send: Send, data: bytes, *, event: bytes = b"") -> None:
    """Send one event whose data is JSON, and so of one line."""
    name = b"event: " + event + b"\n" if event else b""
    await send({"type": "http.response.body", "body": name + b"data: " + data + b"\n\n", "more_body": True})


async def end_events(send: Send) -> None:
    """End the stream."""
    await send({"type": "http.response.body", "body": b""})


async def lifespan(receive: Receive, send: Send, stop: Callable[[], Any] | None = None) -> None:
    """Speak ASGI's lifespan protocol; `stop` is called at its end."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if stop is not None:
                stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
