"""Gateways that share one address: each keeps what it counts in a file, so that a scrape, which reaches one of them, tells of all."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from flowyard.monitoring.metrics import Readings

log = logging.getLogger(__name__)


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
    """An account, for the other gateways, of what this one counts, which `readings` returns (see `Account`)."""

    what = "What this gateway counts"

    def __init__(self, peers: Peers, readings: Callable[[], Readings]) -> None:
        self._peers = peers
        self._readings = readings
        self._told = b""

    def news(self) -> Callable[[], None] | None:
        """See `Account.news`."""
        found = msgspec.json.encode(self._readings())
        if found == self._told:
            return None
        self._told = found
        return partial(self._peers.tell, found)

    def untold(self) -> None:
        """See `Account.untold`."""
        self._told = b""


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name.replace('/', '-')}.json"
