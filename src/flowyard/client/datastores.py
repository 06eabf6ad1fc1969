"""Datastores over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.foundation.codecs import decode
from flowyard.wire.datastores import Datastore, DatastoreTest, DatastoreWrite, StoredFile, StoredFiles
from flowyard.wire.shared import Page


class Datastores:
    """Named places with files: a folder of the server, a bucket, a container, a web address."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[Datastore, ...]:
        """Return all datastores, without the values of their credentials."""
        return self._transport.get("datastores", Page[Datastore]).items

    def get(self, name: str) -> Datastore:
        """Return one datastore, without the values of its credentials.

        Raises:
            RemoteError: there is none of this name (code ``DatastoreNotFound``).
        """
        return self._transport.get(_path(name), Datastore)

    def create(self, datastore: DatastoreWrite) -> Datastore:
        """Make a datastore.

        Raises:
            RemoteError: the name is taken, keys are not those of the type, or it leads to where datastores may not.
        """
        return self._transport.post("datastores", Datastore, body=datastore)

    def delete(self, name: str) -> None:
        """Delete a datastore; its files stay where they are."""
        self._transport.delete(_path(name))

    def test(self, name: str) -> DatastoreTest:
        """Reach a datastore, and return what was seen, or what failed."""
        return self._transport.post(f"{_path(name)}/test", DatastoreTest)

    def try_out(self, datastore: DatastoreWrite) -> DatastoreTest:
        """Reach a datastore as it would be made, and return what was seen, or what failed. Nothing of it is kept."""
        return self._transport.post("datastores/test", DatastoreTest, body=datastore)

    def files(self, name: str, folder: str = "") -> Iterator[StoredFile]:
        """Yield the files and folders right below a folder, in order, page by page.

        Raises:
            RemoteError: the datastore does not allow it, does not answer, or cannot be listed.
        """
        after: str | None = None
        while True:
            params = {"path": folder} if after is None else {"path": folder, "after": after}
            page = self._transport.get(f"{_path(name)}/files", StoredFiles, params=params)
            yield from page.items
            if page.next is None:
                return
            after = page.next

    def info(self, name: str, path: str) -> StoredFile:
        """Return a file's size, time and etag.

        Raises:
            RemoteError: there is no such file (code ``StoredFileNotFound``).
        """
        return self._transport.get(f"{_path(name)}/info", StoredFile, params={"path": path})

    def read(self, name: str, path: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`: at most 32 MiB, fewer where the file ends.

        Raises:
            RemoteError: there is no such file, or it may not be read.
        """
        headers = {"Range": f"bytes={start}-{end - 1}"}
        return self._transport.request("GET", f"{_path(name)}/content", params={"path": path}, headers=headers).data

    def write(self, name: str, path: str, source: Path | bytes) -> StoredFile:
        """Make or replace a file, as a whole or not at all.

        Raises:
            RemoteError: the datastore is only read, or does not allow it.
            OSError: `source` cannot be read.
        """
        sent = {"Content-Type": "application/octet-stream"}
        address, params = f"{_path(name)}/content", {"path": path}
        if isinstance(source, bytes):
            return decode(self._transport.request("PUT", address, body=source, params=params, headers=sent).data, StoredFile)
        with source.open("rb") as file:
            return decode(self._transport.request("PUT", address, body=file, params=params, headers=sent).data, StoredFile)


def _path(name: str) -> str:
    return f"datastores/{quote(name, safe='')}"
