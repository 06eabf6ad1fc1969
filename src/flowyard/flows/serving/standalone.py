"""A flow's server without a platform: one listening socket, until it is told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable
from ipaddress import ip_address
from types import FrameType
from urllib.parse import urlsplit

import uvicorn

from flowyard.compute.garbage import keep_loaded
from flowyard.compute.one_write import OneWriteProtocol
from flowyard.flows.serving.app import App
from flowyard.flows.serving.asgi import Receive, Scope, Send, answer_problem, header
from flowyard.foundation.errors import ForbiddenError

_GRACEFUL_S = 10
_KEEP_ALIVE_S = 75
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class LocalOnly:
    """Refuses what a web page may send to a server on its reader's own machine: another site's requests, and names that lead here.

    Programs on this machine are not affected: they send no ``Origin``, and call the server by its address.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] == "http":
            origin = header(scope, b"origin").decode("latin-1")
            host = header(scope, b"host").decode("latin-1")
            if not _is_local(urlsplit(f"//{host}").hostname) or (origin and not _is_local(urlsplit(origin).hostname)):
                error = ForbiddenError(
                    "This server listens on this machine for this machine.", remedy="Call it as 127.0.0.1; --host 0.0.0.0 lets others in."
                )
                await answer_problem(send, error.problem())
                return
        await self._app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_local(name: str | None) -> bool:
    return name is None or name in _LOCAL_NAMES or is_loopback(name)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            keep_loaded()
            self._on_ready()


def serve_app(app: App, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve `app` in this process until SIGINT or SIGTERM; requests in flight have 10 s to end."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        http=OneWriteProtocol,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_GRACEFUL_S,
        timeout_keep_alive=_KEEP_ALIVE_S,
    )
    # uvicorn raises the signal again once it has drained; the caller has things to close after that.
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, _already_handled)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_Server(config, on_ready).serve(sockets=[listener]))


def _already_handled(signum: int, frame: FrameType | None) -> None:
    del signum, frame
