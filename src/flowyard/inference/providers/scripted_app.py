"""A scripted model as an HTTP server, for tests and benchmarks: an ASGI app, and ``python -m`` this module to run it.

::

    python -m flowyard.inference.providers.scripted_app --script answers.yaml --port 0
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from typing import Any, cast, get_args

import msgspec

from flowyard.inference.providers.base import Operation
from flowyard.inference.providers.script import read_script
from flowyard.inference.providers.scripted import ScriptedProvider

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_OPERATIONS = frozenset(cast("tuple[str, ...]", get_args(Operation)))


class ScriptedApp:
    """The ASGI app. `script` is YAML text or a file's path; with `key`, calls need it as a bearer token or ``api-key``.

    Azure's paths are understood too: what stands before the operation does not matter.
    """

    def __init__(self, script: str = "{}", key: str | None = None) -> None:
        self._provider = ScriptedProvider(read_script(script))
        self._key = key

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI 3 defines it."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        body = await _body(receive)
        operation = _operation(scope["path"])
        if not self._is_open(scope):
            await _refuse(send, 401, "Missing or wrong key.")
        elif operation is None:
            await _refuse(send, 404, f"There is no {scope['path']!r}.")
        else:
            reply = await self._provider.answer(operation, body)
            headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            async for piece in reply.body:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    def _is_open(self, scope: dict[str, Any]) -> bool:
        if self._key is None:
            return True
        headers = dict(scope["headers"])
        return headers.get(b"authorization") == f"Bearer {self._key}".encode() or headers.get(b"api-key") == self._key.encode()


def main(arguments: list[str] | None = None) -> None:
    """Serve until the process is told to stop. The first line on standard output is the address."""
    import uvicorn

    parser = argparse.ArgumentParser(description="Serve a scripted model with the OpenAI protocol.")
    parser.add_argument("--script", default="{}", help="YAML text, or the path of a YAML file")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key")
    given = parser.parse_args(arguments)
    config = uvicorn.Config(ScriptedApp(given.script, given.key), host=given.host, port=given.port, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    socket.listen(config.backlog)  # whoever reads the address may call at once
    sys.stdout.write(f"http://{given.host}:{socket.getsockname()[1]}/v1\n")
    sys.stdout.flush()
    server.run(sockets=[socket])


def _operation(path: str) -> Operation | None:
    parts = path.strip("/").split("/")
    for size in (2, 1):
        name = "/".join(parts[-size:])
        if name in _OPERATIONS:
            return cast("Operation", name)
    return None


async def _body(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


async def _refuse(send: Send, status: int, message: str) -> None:
    body = msgspec.json.encode({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}})
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


if __name__ == "__main__":
    main()
