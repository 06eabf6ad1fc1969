"""Collects what passes a replica's ``/score``: bodies of requests and answers, and a flow's inputs and outputs."""

import json
from http import HTTPStatus
from typing import Any, cast

from flowyard.flows.collecting.keeper import LARGEST, DataKeeper, correlation_of
from flowyard.flows.serving.asgi import Message, Receive, Scope, Send, header
from flowyard.tracing.context import activate, parse_traceparent

REQUEST, RESPONSE = "request", "response"
INPUTS, OUTPUTS = "model_inputs", "model_outputs"


class CollectingApp:
    """An ASGI application in front of a replica's own.

    Args:
        app: the replica's.
        keeper: takes the rows.
        values: the JSON bodies are a flow's inputs and outputs, which are collected as such.
    """

    def __init__(self, app: Any, keeper: DataKeeper, *, values: bool) -> None:
        self._app = app
        self._keeper = keeper
        self._incoming = [name for name in (REQUEST, *([INPUTS] if values else ())) if name in keeper.spec.rates]
        self._outgoing = [name for name in (RESPONSE, *([OUTPUTS] if values else ())) if name in keeper.spec.rates]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection's request."""
        if scope["type"] != "http" or scope["path"] != "/score" or not (self._incoming or self._outgoing):
            await self._app(scope, receive, send)
            return
        context = parse_traceparent(header(scope, b"traceparent").decode("latin-1"))
        correlation_id = correlation_of(context)
        incoming = [name for name in self._incoming if self._keeper.wants(name, correlation_id)]
        outgoing = [name for name in self._outgoing if self._keeper.wants(name, correlation_id)]
        asked, answered = _Copy(), _Copy()
        about = {"xrequestid": _request_id(scope) or correlation_id}
        try:
            await self._app(scope, asked.receiving(receive) if incoming else receive, answered.sending(send) if outgoing else send)
        finally:
            with activate(context):
                for name in incoming:
                    self._keep(name, asked, correlation_id, about | self._headers(name, scope))
                for name in outgoing:
                    if answered.status and (name != OUTPUTS or answered.status < HTTPStatus.BAD_REQUEST):
                        self._keep(name, answered, correlation_id, about | {"status": answered.status})

    def _keep(self, name: str, copy: "_Copy", correlation_id: str, about: dict[str, Any]) -> None:
        if copy.size > LARGEST:
            self._keeper.drop(name, "too_large")
            return
        value, is_json = _value(bytes(copy.data))
        if name in {INPUTS, OUTPUTS} and not is_json:
            self._keeper.drop(name, "unfit")
            return
        rows: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
        self._keeper.keep(name, rows, correlation_id, **about)

    def _headers(self, name: str, scope: Scope) -> dict[str, Any]:
        if name != REQUEST or not self._keeper.spec.headers:
            return {}
        found = {wanted: header(scope, wanted.lower().encode()).decode("latin-1") for wanted in self._keeper.spec.headers}
        return {"headers": {wanted: value for wanted, value in found.items() if value}}


class _Copy:
    """Keeps a copy of a body that passes, up to `LARGEST` bytes."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.size = 0
        self.status = 0

    def receiving(self, receive: Receive) -> Receive:
        async def received() -> Message:
            message = await receive()
            self._take(message)
            return message

        return received

    def sending(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.start":
                self.status = message["status"]
            self._take(message)

        return sent

    def _take(self, message: Message) -> None:
        part: bytes = message.get("body", b"")
        self.size += len(part)
        if part and self.size <= LARGEST:
            self.data += part


def _request_id(scope: Scope) -> str:
    return (header(scope, b"x-ms-client-request-id") or header(scope, b"x-request-id")).decode("latin-1")


def _value(body: bytes) -> tuple[Any, bool]:
    """Return a body as JSON, else as text; and whether it is JSON."""
    try:
        return json.loads(body), True
    except ValueError:
        return body.decode("utf-8", "replace"), False
