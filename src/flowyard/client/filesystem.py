"""The fsspec protocol ``azureml``: ``pandas.read_parquet("azureml://datastores/papers/paths/a.parquet")`` and the like.

Everything goes through the server, with the rights of whoever asks: who reads needs no credentials of the store, and no package for it.
"""

from datetime import datetime
from typing import Any

from fsspec import AbstractFileSystem
from fsspec.spec import AbstractBufferedFile

from flowyard.client.datastores import Datastores
from flowyard.foundation.credentials import given_credentials
from flowyard.foundation.datastore_uris import SCHEME, parse_datastore_uri
from flowyard.foundation.errors import FlowyardError, RemoteError
from flowyard.wire.datastores import StoredFile

# fsspec has no types.
_FileSystem: Any = AbstractFileSystem
_BufferedFile: Any = AbstractBufferedFile
_CODES = {
    "DatastoreNotFound": FileNotFoundError,
    "StoredFileNotFound": FileNotFoundError,
    "DatastoreAccess": PermissionError,
    "PermissionDenied": PermissionError,
}


class DatastoreFileSystem(_FileSystem):
    """The files of a workspace's datastores. Both forms of ``azureml://`` are understood.

    Args:
        workspace: the workspace's name; default: in a flow's process its own, else that of the environment, as for `flowyard.Workspace`.
        url: the server; likewise.
        api_key: likewise.
    """

    protocol = SCHEME
    root_marker = ""

    def __init__(self, workspace: str | None = None, url: str | None = None, api_key: str | None = None, **options: Any) -> None:
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType]
        from flowyard.client.transport import Transport
        from flowyard.client.workspace import Workspace

        # A flow's process has a key of its run, session or deployment: nobody's settings on this machine matter there.
        own = given_credentials() if url is None and api_key is None else None
        if own is not None:
            self._datastores = Datastores(Transport(own.url, own.api_key, workspace or own.workspace))
        else:
            self._datastores = Workspace(workspace=workspace, url=url, api_key=api_key).datastores

    @classmethod
    def _strip_protocol(cls, path: str | list[str]) -> str | list[str]:
        if isinstance(path, list):
            return [str(cls._strip_protocol(item)) for item in path]
        return str(parse_datastore_uri(str(path))).removeprefix(f"{SCHEME}://").rstrip("/")

    def ls(self, path: str, detail: bool = True, **options: Any) -> list[Any]:
        """Return what is right below a folder, or the file itself.

        Raises:
            FileNotFoundError: there is nothing.
            PermissionError: the datastore does not let its credentials do it, or the workspace does not let the caller.
        """
        del options
        place = parse_datastore_uri(path)
        with _errors():
            found = [_entry(place.datastore, item) for item in self._datastores.files(place.datastore, place.path)]
        if not found and place.path:
            found = [self.info(path)]
            if found[0]["type"] == "directory":
                found = []
        return found if detail else [item["name"] for item in found]

    def info(self, path: str, **options: Any) -> dict[str, Any]:
        """Return a file's ``name``, ``size``, ``type``, ``etag`` and ``modified``.

        Raises:
            FileNotFoundError: there is nothing.
        """
        del options
        place = parse_datastore_uri(path)
        with _errors():
            return _entry(place.datastore, self._datastores.info(place.datastore, place.path))

    def modified(self, path: str) -> datetime:
        """Return when a file changed last, in UTC."""
        return datetime.fromisoformat(self.info(path)["modified"] or "1970-01-01T00:00:00+00:00")

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **options: Any) -> bytes:
        """Return the bytes of a file, or a part of them; negative positions count from its end."""
        del options
        size = self.info(path)["size"] or 0 if (start or 0) < 0 or end is None or end < 0 else None
        first = (start or 0) + (size or 0 if (start or 0) < 0 else 0)
        last = size or 0 if end is None else end + (size or 0 if end < 0 else 0)
        return self.read_part(path, max(first, 0), last)

    def read_part(self, path: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`, in as many requests as it takes."""
        place, data = parse_datastore_uri(path), bytearray()
        with _errors():
            while start + len(data) < end:
                part = self._datastores.read(place.datastore, place.path, start + len(data), end)
                if not part:
                    break
                data += part
        return bytes(data)

    def pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **options: Any) -> None:
        """Write a file of these bytes, as a whole or not at all."""
        del options
        if mode == "create" and self.exists(path):
            raise FileExistsError(path)
        place = parse_datastore_uri(path)
        with _errors():
            self._datastores.write(place.datastore, place.path, value)

    def mkdir(self, path: str, create_parents: bool = True, **options: Any) -> None:
        """Do nothing: a folder is there once a file is in it."""

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """Do nothing: a folder is there once a file is in it."""

    def _open(self, path: str, mode: str = "rb", block_size: Any = None, **options: Any) -> "DatastoreFile":
        options.pop("autocommit", None)
        options.pop("cache_options", None)
        return DatastoreFile(self, path, mode, block_size or "default", **options)


class DatastoreFile(_BufferedFile):
    """An open file of a datastore. What is written is kept when it is closed."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        return self.fs.read_part(self.path, start, end)

    def _initiate_upload(self) -> None:
        self._parts = bytearray()

    def _upload_chunk(self, final: bool = False) -> bool:
        self._parts += self.buffer.getvalue()
        if final:
            self.fs.pipe_file(self.path, bytes(self._parts))
        return True


class _errors:  # noqa: N801 - reads as a word of the language where it is used
    """Turns the server's problems into the errors that users of file systems know."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FlowyardError):
            code = error.remote.code if isinstance(error, RemoteError) else error.code
            raise _CODES.get(code, OSError)(str(error)) from error


def _entry(datastore: str, item: StoredFile) -> dict[str, Any]:
    return {
        "name": f"datastores/{datastore}/paths/{item.path}".rstrip("/"),
        "size": item.bytes or 0 if item.kind == "file" else 0,
        "type": "file" if item.kind == "file" else "directory",
        "etag": item.etag,
        "modified": item.modified_at,
    }
