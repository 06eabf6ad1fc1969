"""Where the door listens, and where a browser finds it."""

import asyncio
import logging
import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from flowyard.compute.errors import PortInUseError
from flowyard.compute.processes.spawn import bind
from flowyard.foundation.settings import Settings
from flowyard.identity.model import Caller
from flowyard.notebooks.grants import Grant, Page
from flowyard.notebooks.service import Notebooks, install_command
from flowyard.wire.notebooks import NotebookServer

logger = logging.getLogger(__name__)

#: The two names of this machine that a browser takes for two sites.
_OTHER_NAME = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}
_STOP_S = 5.0


class NotebookDoor:
    """The door, in a thread with an event loop of its own. It listens from `start` on.

    Args:
        notebooks: what it leads to.
        settings: ``notebook_address`` and ``notebook_url``, and the gateway's own address.
    """

    def __init__(self, notebooks: Notebooks, settings: Settings) -> None:
        self._notebooks = notebooks
        self._settings = settings
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._port = 0
        self._both = False

    def start(self) -> None:
        """Listen, unless it does already.

        Raises:
            PortInUseError: something else listens where the settings say.
        """
        with self._lock:
            if self._thread is not None:
                return
            listeners = self._listeners()
            self._port = listeners[0].getsockname()[1]
            ready = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(listeners, ready), name="notebook-door", daemon=True)
            self._thread.start()
            ready.wait(_STOP_S)

    def close(self) -> None:
        """Stop listening, and close what is open."""
        with self._lock:
            if self._thread is None or self._loop is None or self._ended is None:
                return
            with suppress(RuntimeError):  # its loop has ended
                self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(_STOP_S)
            self._thread = None

    def open(self, caller: Caller, grant: Grant, page: Page | None, host: str) -> str:
        """Return the address that opens the caller's notebook server once, for a browser that finds the studio at `host` (``name:port``).

        Raises:
            MissingExtraError: Jupyter is not installed; the remedy is the command that installs it.
            PortInUseError: something else listens where the settings say.
        """
        ticket = self._notebooks.ticket(caller, grant, page)
        self.start()
        return f"{self._origin(host)}/open#ticket={ticket}"

    def state(self, caller: Caller) -> NotebookServer:
        """Return whether the caller's notebook server runs, and what is missing for it."""
        return NotebookServer(running=self._notebooks.runs(caller), install=install_command())

    def stop(self, caller: Caller) -> None:
        """Stop the caller's notebook server; see `Notebooks.stop`."""
        self._notebooks.stop(caller)

    def _origin(self, host: str) -> str:
        if self._settings.notebook_url is not None:
            return self._settings.notebook_url.rstrip("/")
        name = urlsplit(f"//{host}").hostname or "127.0.0.1"
        if self._both:
            name = _OTHER_NAME.get(name, name)
        return f"http://[{name}]:{self._port}" if ":" in name else f"http://{name}:{self._port}"

    def _listeners(self) -> list[socket.socket]:
        """Bind. ``localhost`` may mean ``::1``: it is used as the other name only where nobody else can listen there."""
        if self._settings.notebook_address is not None:
            host, _, port = self._settings.notebook_address.rpartition(":")
            return self._pair(bind(host.strip("[]"), int(port)))
        found = urlsplit(self._settings.url or "")
        host, port = found.hostname or "127.0.0.1", (found.port or 0) + 1
        try:
            return self._pair(bind(host, port if 1 < port < 65_536 else 0))
        except PortInUseError:
            logger.warning("the port %d is taken: notebooks have another address until the next start", port)
            return self._pair(bind(host))

    def _pair(self, first: socket.socket) -> list[socket.socket]:
        host, port = first.getsockname()[:2]
        if host != "127.0.0.1":
            return [first]
        self._both = True
        if not _has_ipv6_loopback():
            return [first]
        try:
            return [first, bind("::1", port)]
        except PortInUseError:
            self._both = False
            return [first]

    def _run(self, listeners: list[socket.socket], ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(listeners, ready))
        finally:
            ready.set()

    async def _serve(self, listeners: list[socket.socket], ready: threading.Event) -> None:
        from aiohttp import web

        from flowyard.notebooks.door import door_app

        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        runner = web.AppRunner(door_app(self._notebooks), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            for listener in listeners:
                await web.SockSite(runner, listener).start()
            ready.set()
            await self._ended.wait()
        finally:
            await runner.cleanup()


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
