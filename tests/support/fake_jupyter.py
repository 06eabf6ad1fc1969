"""A stand-in for Jupyter at the real seam: an HTTP server that a process host says it started, which notes what reaches it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from flowyard.compute.model import ProcessSpec, ProcessStatus


@dataclass
class FakeJupyter:
    """What came in, and what it has."""

    address: str = ""
    seen: list[dict[str, str]] = field(default_factory=list)
    written: dict[str, Any] = field(default_factory=dict)
    busy: bool = False

    async def contents(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if request.method == "PUT":
            self.written[path] = (await request.json())["content"]
            return web.json_response({"path": path}, status=201)
        return web.json_response({"path": path}, status=200 if path in self.written else 404)

    async def kernels(self, request: web.Request) -> web.StreamResponse:
        return web.json_response([{"id": "k", "execution_state": "busy" if self.busy else "idle"}])

    async def socket(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(dict(request.headers))
        socket = web.WebSocketResponse(protocols=("v1.kernel",))
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await socket.send_str(f"got {message.data}")
            elif message.type is WSMsgType.BINARY:
                await socket.send_bytes(message.data[::-1])
        return socket

    async def anything(self, request: web.Request) -> web.StreamResponse:
        self.seen.append({**request.headers, "path": request.raw_path, "body": (await request.read()).decode()})
        told = {"Set-Cookie": "theirs=1; Path=/", "Access-Control-Allow-Origin": "*", "Content-Security-Policy": "frame-ancestors 'self'"}
        return web.Response(text="a page", content_type="text/html", headers=told)


@asynccontextmanager
async def fake_jupyter() -> AsyncIterator[FakeJupyter]:
    """Run one on a loopback port."""
    fake = FakeJupyter()
    app = web.Application()
    app.add_routes(
        [
            web.route("*", "/{id}/api/contents/{path:.*}", fake.contents),
            web.get("/{id}/api/kernels", fake.kernels),
            web.get("/{id}/api/socket", fake.socket),
            web.route("*", "/{rest:.*}", fake.anything),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    fake.address = f"{host}:{port}"
    try:
        yield fake
    finally:
        await runner.cleanup()


class JupyterHost:
    """A process host whose processes are all that one server."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.specs: dict[str, ProcessSpec] = {}
        self.started: list[str] = []
        self.touched: list[str] = []

    def ensure(self, spec: ProcessSpec, *, wait_s: float | None = None) -> ProcessStatus:
        if spec.name not in self.specs:
            self.started.append(spec.name)
        self.specs[spec.name] = spec
        return self._status(spec.name)

    def get(self, name: str) -> ProcessStatus | None:
        return self._status(name) if name in self.specs else None

    def find(self, prefix: str = "") -> list[ProcessStatus]:
        return [self._status(name) for name in self.specs if name.startswith(prefix)]

    def touch(self, name: str) -> bool:
        self.touched.append(name)
        return name in self.specs

    def stop(self, name: str) -> None:
        self.specs.pop(name, None)

    def logs(self, name: str, *, tail: int = 200) -> list[str]:
        return []

    def _status(self, name: str) -> ProcessStatus:
        return ProcessStatus(name=name, state="ready", digest="d", address=self.address)
