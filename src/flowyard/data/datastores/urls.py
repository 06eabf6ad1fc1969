"""A file at a web address, without a datastore: what `StoreFiles` of one file is."""

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from flowyard.data.datastores.errors import DatastoreInvalidError, StoreRefusedError
from flowyard.data.datastores.hosts import check_endpoint
from flowyard.data.datastores.model import Bounds, FilePage
from flowyard.data.datastores.ports import StoreFiles
from flowyard.data.datastores.types.http import HttpFiles
from flowyard.foundation.datastore_uris import SCHEME
from flowyard.wire.datastores import StoredFile

_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Located:
    """Where an address leads: the `uri` in its short form, and the `path` in `store`."""

    uri: str
    store: StoreFiles
    path: str


class UrlFile:
    """`StoreFiles` of one web address, whose one file is called as its last part."""

    def __init__(self, url: str, bounds: Bounds) -> None:
        self._files = HttpFiles(url, {}, bounds)

    def check(self) -> str:
        """See `StoreFiles.check`."""
        return self._files.check()

    def files(self, folder: str, *, after: str | None, limit: int) -> FilePage:
        """See `StoreFiles.files`: it has no folders."""
        del folder, after, limit
        return FilePage(())

    def info(self, path: str) -> StoredFile:
        """See `StoreFiles.info`. A time stands in for an etag.

        Raises:
            StoreRefusedError: the server tells neither, so that nobody could say later whether it is the same file.
        """
        found = self._files.info("")
        if found.etag is None and found.modified_at is None:
            raise StoreRefusedError(
                "The server tells neither ETag nor Last-Modified, so that nobody could say later whether it is the same file.",
                remedy="Download it, and upload it.",
            )
        return replace(found, path=path, etag=found.etag or found.modified_at)

    def read(self, path: str, start: int, end: int) -> bytes:
        """See `StoreFiles.read`."""
        del path
        return self._files.read("", start, end)

    def write(self, path: str, source: Path) -> None:
        """See `StoreFiles.write`."""
        del path
        self._files.write("", source)


def is_url(text: str) -> bool:
    """Whether a text is a web address."""
    return text.lower().startswith(_WEB)


def is_address(text: str) -> bool:
    """Whether a text is the address of files in a datastore, or a web address."""
    return text.startswith(f"{SCHEME}:/") or is_url(text)


def locate_url(url: str, bounds: Bounds) -> Located:
    """Return the file at a web address.

    Raises:
        DatastoreInvalidError: it is none, has a query (what opens it may be a secret, and addresses are shown), or leads inside.
        StoreUnavailableError: its host is not known.
    """
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise DatastoreInvalidError(
            f"{url.partition('?')[0][:200]!r} has a query or a fragment, which may be a secret, and addresses are kept and shown.",
            remedy="Make a datastore with credentials, and name the file in it; or upload the file.",
        )
    name = PurePosixPath(unquote(parts.path)).name
    if not name:
        raise DatastoreInvalidError(f"{url[:200]!r} names no file.", remedy="Write https://host/folder/file.jsonl.")
    return Located(url, UrlFile(check_endpoint(url, "url", bounds), bounds), name)
