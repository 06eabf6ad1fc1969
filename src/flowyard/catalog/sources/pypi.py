"""``pypi://package@version/path/in/wheel``: a file inside a wheel, by way of the package index that pip is configured for.

pip is asked where the wheel is (so a company's mirror, proxy, certificates and find-links work as they do for packages); the
download is ours, so that it resumes and tells its progress. Where that is not possible, pip downloads. The package is never
installed and none of its code runs.
"""

import hashlib
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flowyard.catalog.disk import disk_errors_told
from flowyard.catalog.errors import AddressInvalidError, SourceFailedError
from flowyard.catalog.sources import pip
from flowyard.catalog.sources.download import download
from flowyard.catalog.sources.file import copy, path_of
from flowyard.catalog.sources.ports import Address, Transfer

_REST = re.compile(r"(?P<package>[A-Za-z0-9][A-Za-z0-9._-]*)@(?P<version>[A-Za-z0-9.!+_-]+)/(?P<member>.+)")
_CHUNK = 1_048_576


class PypiSource:
    """Takes one file out of a wheel. The wheel stays in the transfer's folder, for further files of the same pull."""

    def fetch(self, address: Address, target: Path, transfer: Transfer) -> None:
        """See `Source.fetch`."""
        found = _REST.fullmatch(address.rest)
        if not found:
            raise AddressInvalidError(f"{address} is no file of a package.", remedy="Write pypi://package@version/path/in/wheel.")
        wheel = _wheel(found["package"], found["version"], transfer)
        _extract(wheel, found["member"], target, transfer)


def _wheel(package: str, version: str, transfer: Transfer) -> Path:
    kept = transfer.folder / f"{package}-{version}.wheel"
    if kept.exists():
        return kept
    transfer.detail(f"asking the package index for {package} {version}")
    located = pip.locate(package, version, transfer)
    transfer.detail(f"{package} {version} from {urlsplit(located.url).hostname or 'this machine'}")
    fresh = transfer.folder / unquote(Path(urlsplit(located.url).path).name)
    if located.url.startswith("file:"):
        copy(path_of(located.url), fresh, transfer)
    else:
        try:
            download(located.url, fresh, transfer, pip.access_to(located.url, transfer))
        except SourceFailedError as error:
            # pip knows ways in that are not ours: keyrings, logins that are asked for, its own trust store.
            transfer.detail(f"{package} {version} by pip ({error.message})")
            fresh = pip.download(package, version, transfer)
    if located.sha256 and _sha256(fresh, transfer) != located.sha256:
        fresh.unlink()
        raise SourceFailedError(
            f"The wheel of {package} {version} is damaged: its SHA-256 is not the one that the index tells.", remedy="Pull again."
        )
    fresh.replace(kept)
    return kept


def _extract(wheel: Path, member: str, target: Path, transfer: Transfer) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            entry = archive.getinfo(member)
            transfer.require(entry.file_size)
            transfer.detail(f"unpacking {Path(member).name}")
            with (
                archive.open(entry) as given,
                disk_errors_told(transfer.disk, transfer.folder),
                transfer.disk.open(target, append=False) as out,
            ):
                while chunk := given.read(_CHUNK):
                    transfer.check_canceled()
                    out.write(chunk)
    except KeyError as error:
        raise SourceFailedError(f"The wheel has no {member!r}.", remedy="Check the path in the address.") from error
    except zipfile.BadZipFile as error:
        wheel.unlink(missing_ok=True)
        raise SourceFailedError(f"What the index gave for {wheel.stem} is no wheel.", remedy="Pull again.") from error


def _sha256(path: Path, transfer: Transfer) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as given:
        while chunk := given.read(_CHUNK):
            transfer.check_canceled()
            digest.update(chunk)
    return digest.hexdigest()
