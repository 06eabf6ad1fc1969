"""Small ASGI applications that stand for replicas, servers and models' servers, and note what they were asked."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec


class Recorded:
    """One request as it arrived."""

    def __init__(self, scope: dict[str, Any], body: bytes) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.headers: dict[str, str] = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.body = body

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Upstream:
    """Answers every request by what its path says: ``/slow``, ``/stream`` or whatever was put into `answers`."""

    def __init__(self, name: str = "upstream") -> None:
        self.name = name
        self.seen: list[Recorded] = []
        self.answers: dict[str, tuple[int, bytes, bytes]] = {}
        self.streams: dict[str, list[bytes]] = {}
        self.headers: list[tuple[bytes, bytes]] = []
        self.delay_s = 0.0
        self.chunk_delay_s = 0.0
        self.canceled = 0
        self.drops = 0
        self.meanwhile: Callable[[Recorded], None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.seen.append(Recorded(scope, body))
        if self.meanwhile is not None:
            await asyncio.to_thread(self.meanwhile, self.seen[-1])
        watcher = asyncio.ensure_future(self._watch(receive))
        try:
            await self._answer(scope["path"], send, watcher)
        finally:
            watcher.cancel()

    async def _watch(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.canceled += 1

    async def _answer(self, path: str, send: Any, watcher: Any) -> None:
        await asyncio.wait({watcher}, timeout=self.delay_s)
        status, content_type, data = self.answers.get(path, (200, b"application/json", b'{"from":"%s"}' % self.name.encode()))
        stream = self.streams.get(path)
        headers = [(b"content-type", content_type), *self.headers]
        if stream is None:
            headers.append((b"content-length", b"%d" % len(data)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for piece in stream or ():
            if watcher.done():
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.wait({watcher}, timeout=self.chunk_delay_s)
        await send({"type": "http.response.body", "body": b"" if stream is not None else data, "more_body": False})
