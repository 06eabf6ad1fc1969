"""Serving an ASGI application on the socket that the supervisor keeps."""

import asyncio
import signal
import socket
from types import FrameType
from typing import Any

import uvicorn

from flowyard.compute.child import Child
from flowyard.compute.connections import BoundedServer
from flowyard.compute.direct import DirectProtocol, WholeProtocol
from flowyard.compute.errors import ChildProtocolError
from flowyard.compute.garbage import keep_loaded


class _Server(BoundedServer):
    """Tells the supervisor once the application has started and the socket is served."""

    def __init__(self, config: uvicorn.Config, child: Child) -> None:
        super().__init__(config)
        self._child = child

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            keep_loaded()
            self._child.ready()


def serve(app: Any, child: Child, *, graceful_s: int = 10, backlog: int = 2048, keep_alive_s: int = 75, proxied: bool = True) -> None:
    """Serve the ASGI application `app` on the child's socket until SIGTERM, and return.

    Readiness is told after the application's lifespan startup. SIGTERM drains: no new connection is taken, idle ones are closed, requests
    in flight have `graceful_s` seconds to end. The event loop is uvloop where it is installed. `app` must speak the lifespan protocol.

    Clients that send nothing, heads that are too large and bodies that stall are broken off (`compute.connections`).
    An application with a method `direct` answers some requests by a call (`compute.direct`).
    Idle connections are kept for `keep_alive_s`, longer than clients commonly keep theirs, so that they and not we close them. `proxied`
    takes the client's address and scheme from the ``X-Forwarded-*`` headers of a caller on this machine.

    Raises:
        ChildProtocolError: the spec gives this program no socket.
        SystemExit: 3, the application's startup failed; what it raised is on standard error.
    """
    if child.socket is None:
        raise ChildProtocolError("This program serves HTTP and was given no socket.", remedy="Set socket=True in its ProcessSpec.")
    config = uvicorn.Config(
        app,
        http=DirectProtocol if hasattr(app, "direct") else WholeProtocol,
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        date_header=True,
        ws="none",
        backlog=backlog,
        timeout_graceful_shutdown=graceful_s,
        timeout_keep_alive=keep_alive_s,
        proxy_headers=proxied,
    )
    server = _Server(config, child)
    # uvicorn raises the signal again once it has drained; the caller has things to close after that.
    signal.signal(signal.SIGTERM, _already_handled)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[child.socket]))
    if not server.started:
        raise SystemExit(3)


def _already_handled(signum: int, frame: FrameType | None) -> None:
    del signum, frame
