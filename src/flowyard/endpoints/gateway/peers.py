"""Gateways that share one address: each keeps what it counts in a file, so that a scrape, which reaches one of them, tells of all."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from flowyard.monitoring.metrics import Readings

log = logging.getLogger(__name__)

_EVERY_S = 1.0


class Peers:
    """The readings of the gateways of one installation. Calls block.

    Args:
        folder: where the files are.
        name: which gateway this one is.
        names: all of them.
    """

    def __init__(self, folder: Path, name: str, names: Sequence[str]) -> None:
        self._own = _file(folder, name)
        self._others = tuple(_file(folder, other) for other in names if other != name)

    def tell(self, readings: bytes) -> None:
        """Put readings, as JSON, in the place of this gateway's last ones."""
        self._own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = self._own.with_suffix(".new")
        written.write_bytes(readings)
        written.replace(self._own)

    def others(self) -> list[Readings]:
        """Return the last readings of the other gateways, those included that are being started again."""
        found: list[Readings] = []
        for path in self._others:
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=Readings))
            except FileNotFoundError:
                continue
            except (OSError, msgspec.MsgspecError) as error:
                log.warning("A scrape lacks what %s holds: %s", path, error)
        return found


class PeerReports:
    """Tells the other gateways once a second what this one counts, where it changed. Belongs to one event loop.

    Args:
        peers: where it is told.
        readings: returns what this gateway counts.
        every_s: how often it is told.
    """

    def __init__(self, peers: Peers, readings: Callable[[], Readings], *, every_s: float = _EVERY_S) -> None:
        self._peers = peers
        self._readings = readings
        self._every_s = every_s
        self._told = b""
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tell."""
        self._loop = asyncio.create_task(self._tell_on())

    async def close(self) -> None:
        """Stop."""
        if self._loop is not None:
            self._loop.cancel()

    async def _tell_on(self) -> None:
        while True:
            found = msgspec.json.encode(self._readings())
            if found != self._told:
                try:
                    await asyncio.to_thread(self._peers.tell, found)
                    self._told = found
                except OSError as error:
                    log.warning("What this gateway counts cannot be told to the others now: %s", error)
            await asyncio.sleep(self._every_s)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace('/', '-')}.json"
