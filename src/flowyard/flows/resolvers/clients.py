"""One client for each event loop that calls: connections belong to the loop that opened them."""

import asyncio
import weakref
from collections.abc import Callable

from flowyard.inference.client import ModelClient


class LoopClients:
    """Makes and keeps a client for each running loop. A loop that is gone takes its client along; when all goes, clients are closed."""

    def __init__(self, make: Callable[[], ModelClient]) -> None:
        self._make = make
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, ModelClient] = weakref.WeakKeyDictionary()
        # Whoever drops a flow knows nothing of its connections.
        weakref.finalize(self, _close, self._clients).atexit = False

    def get(self) -> ModelClient:
        """Return the client of the running loop."""
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = self._make()
        return client


def _close(clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, ModelClient]) -> None:
    for loop, client in list(clients.items()):
        if loop.is_running():
            asyncio.run_coroutine_threadsafe(client.close(), loop)
