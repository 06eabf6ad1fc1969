"""Datastores over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.foundation.codecs import decode
from flowyard.wire.datastores import (
    Datastore,
    DatastoreTest,
    DatastoreWrite,
    StoredFile,
    StoredFiles,
    StoredTable,
    StoredTables,
    TableColumns,
    TableQuery,
    TableRows,
)
from flowyard.wire.shared import Page


class Datastores:
    """Named places with files (a folder of the server, a bucket, a container, a web address) or with tables (a database)."""

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

    def replace(self, datastore: DatastoreWrite) -> Datastore:
        """Make a datastore, or put it in the place of the one of its name. One that is the same already stays as it is.

        Raises:
            RemoteError: keys are not those of the type, or it leads to where datastores may not.
        """
        return self._transport.put(_path(datastore.name), Datastore, body=datastore)

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

    def tables(self, name: str) -> Iterator[StoredTable]:
        """Yield the tables and views of a datastore that is a database, by schema and name.

        Raises:
            RemoteError: it has files, no tables (code ``DatastoreRefused``), or does not answer.
        """
        after: str | None = None
        while True:
            page = self._transport.get(f"{_path(name)}/tables", StoredTables, params={} if after is None else {"after": after})
            yield from page.items
            if page.next is None:
                return
            after = page.next

    def columns(self, name: str, table: str, schema: str | None = None) -> TableColumns:
        """Return the columns of a table or view.

        Raises:
            RemoteError: there is none of that name (code ``TableNotFound``).
        """
        return self._transport.get(f"{_path(name)}/columns", TableColumns, params=_table(table, schema))

    def rows(self, name: str, table: str, schema: str | None = None, *, limit: int = 100) -> TableRows:
        """Return some rows of a table or view, in no order."""
        return self._transport.get(f"{_path(name)}/rows", TableRows, params={**_table(table, schema), "limit": str(limit)})

    def query(self, name: str, sql: str, *, limit: int = 100) -> TableRows:
        """Run a statement that gives rows, in a transaction that only reads, and return the first `limit` (at most 1,000) of them.

        Raises:
            RemoteError: the database does not run it, it does more than reading, or takes more than 30 s (code ``QueryFailed``).
        """
        return self._transport.post(f"{_path(name)}/query", TableRows, body=TableQuery(sql=sql, limit=limit))


def _table(table: str, schema: str | None) -> dict[str, str]:
    return {"table": table} if schema is None else {"table": table, "schema": schema}


def _path(name: str) -> str:
    return f"datastores/{quote(name, safe='')}"
