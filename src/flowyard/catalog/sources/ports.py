"""What a source is: it brings the bytes behind one kind of address."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from flowyard.catalog.disk import Disk, LocalDisk, require_room
from flowyard.catalog.errors import AddressInvalidError

_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>[^#]+)(?:#sha256=(?P<sha256>[0-9a-f]{64}))?")


def _no_check() -> None:
    return None


def _no_progress(done: int, total: int | None) -> None:
    del done, total


def _no_detail(text: str) -> None:
    del text


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address of a file: ``scheme://rest#sha256=…``."""

    scheme: str
    rest: str
    sha256: str | None = None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.rest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What one pull lends its sources.

    Attributes:
        folder: for parts and archives; kept when a pull fails for the network, so that the next one resumes.
        check_canceled: raises when the pull shall stop; called at least every few hundred kilobytes.
        progress: told the bytes that are there and all there will be (None: not known).
        detail: told in a few words what is going on.
        token: for a hub, in place of that of the environment.
        pause_s: waited before a broken connection is tried again; doubles with each try in a row.
    """

    folder: Path
    check_canceled: Callable[[], None] = _no_check
    progress: Callable[[int, int | None], None] = _no_progress
    detail: Callable[[str], None] = _no_detail
    disk: Disk = field(default_factory=LocalDisk)
    token: str | None = field(default=None, repr=False)
    pause_s: float = 0.5

    def require(self, needed: int) -> None:
        """Check that `needed` more bytes fit (DiskFullError)."""
        require_room(self.disk, self.folder, needed)


class Source(Protocol):
    """Brings files of one scheme."""

    def fetch(self, address: Address, target: Path, transfer: Transfer) -> None:
        """Write the whole file to `target`, resuming what an earlier try left in ``transfer.folder``.

        Bytes are not checked here: the caller knows the hash. A `target` that is there already is replaced.

        Raises:
            AddressInvalidError: the address has not the form of its scheme.
            SourceFailedError: it cannot be reached, or has no such file; the message says what was tried.
            DiskFullError: there is no room.
        """
        ...


def parse_address(text: str) -> Address:
    """Read an address.

    Raises:
        AddressInvalidError: it has no scheme, or its fragment is no SHA-256.
    """
    found = _ADDRESS.fullmatch(text)
    if not found:
        raise AddressInvalidError(
            f"{text!r} is no address of a file.",
            remedy="Write pypi://package@version/path, hf://org/repo@revision/path, https://… or file:///…, and #sha256=<64 hex digits>.",
        )
    return Address(scheme=found["scheme"], rest=found["rest"], sha256=found["sha256"])
