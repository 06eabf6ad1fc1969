"""One client for each event loop that calls: connections belong to the loop that opened them."""

import asyncio
import weakref
from collections.abc import Callable
from concurrent.futures import wait

from flowyard.inference.client import ModelClient

_CLOSE_S = 1.0


class LoopClients:
    """Makes and keeps a client for each running loop. A loop that is gone takes its client along; when all goes, clients are closed."""

    def __init__(self, make: Callable[[], ModelClient]) -> None:
        self._make = make
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, ModelClient] = weakref.WeakKeyDictionary()
        # Whoever drops a flow knows nothing of its connections.
        weakref.finalize(self, _close, self._clients)

    def get(self) -> ModelClient:
        """Return the client of the running loop."""
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = self._make()
        return client


def _close(clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, ModelClient]) -> None:
    closing = [asyncio.run_coroutine_threadsafe(client.close(), loop) for loop, client in list(clients.items()) if loop.is_running()]
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # The process may end next, and the loops' threads with it. A thread that turns a loop would wait for itself.
        wait(closing, _CLOSE_S)
