"""An address where a model of ours answers as a gateway would."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from support.asgi_server import serving
from support.obedient_model import ObedientModel


@contextmanager
def model_gateway(model: ObedientModel, traces: list[str] | None = None) -> Generator[str]:
    """Serve `model` below ``/v1`` and yield the address without it. `traces` gets the id of the trace that each call is in."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if traces is not None:
            traces.extend(value.decode().split("-")[1] for name, value in scope["headers"] if name == b"traceparent")
        reply = await model.answer(scope["path"].removeprefix("/v1/"), body)
        await send({"type": "http.response.start", "status": reply.status, "headers": [(b"content-type", b"text/event-stream")]})
        async for piece in reply.body:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    with serving(app) as address:
        yield address
