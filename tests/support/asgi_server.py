"""A real uvicorn on a loopback port, in a thread, for an ASGI application, with the protocol that the platform uses."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import uvicorn

from flowyard.compute.connections import BoundedProtocol


@contextmanager
def serving(app: Any) -> Generator[str]:
    """Serve `app` and yield its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(100)
    config = uvicorn.Config(app, http=BoundedProtocol, log_level="warning", lifespan="on", timeout_graceful_shutdown=2, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
