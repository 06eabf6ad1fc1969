"""``file:///path``: a file on this machine or a network drive."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from flowyard.catalog.disk import disk_errors_told
from flowyard.catalog.errors import AddressInvalidError, SourceFailedError
from flowyard.catalog.sources.ports import Address, Transfer

_CHUNK = 1_048_576


class FileSource:
    """Copies."""

    def fetch(self, address: Address, target: Path, transfer: Transfer) -> None:
        """See `Source.fetch`."""
        copy(path_of(str(address)), target, transfer)


def path_of(url: str) -> Path:
    """Return the path that a ``file://`` URL names.

    Raises:
        AddressInvalidError: it names another host, or no absolute path.
    """
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
        raise AddressInvalidError(f"{url!r} is no path on this machine.", remedy="Write file:///absolute/path, with three slashes.")
    return Path(unquote(parts.path))


def copy(source: Path, target: Path, transfer: Transfer) -> None:
    """Copy a file, telling how far it is.

    Raises:
        SourceFailedError: there is no such file, or it may not be read.
        DiskFullError: there is no room.
    """
    try:
        total = source.stat().st_size
        given = source.open("rb")
    except OSError as error:
        raise SourceFailedError(f"{source} cannot be read: {error.strerror}.", remedy="Check the path and its permissions.") from error
    done = 0
    with given:
        transfer.require(total)
        with disk_errors_told(transfer.disk, transfer.folder), transfer.disk.open(target, append=False) as out:
            while chunk := given.read(_CHUNK):
                transfer.check_canceled()
                out.write(chunk)
                done += len(chunk)
                transfer.progress(done, total)
