"""The files of an object store (S3, Azure Blob), through obstore.

Only what the datastore says is used: the variables of the server's own environment, which may hold the operator's credentials, must
never answer for a user's. So credentials are always given by a provider, or the requests go unsigned.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from flowyard.data.datastores.errors import StoreAccessError, StoredFileNotFoundError, StoreUnavailableError
from flowyard.data.datastores.model import FilePage
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import MissingExtraError
from flowyard.wire.datastores import StoredFile

#: Behind every name below a folder, whose last character before it is ``/``.
_BEHIND = "\U0010ffff"
_CHUNK = 1000
CLIENT: dict[str, Any] = {"timeout": timedelta(seconds=60), "connect_timeout": timedelta(seconds=10), "allow_http": True}
RETRIES: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


def provide(credential: dict[str, Any] | None) -> dict[str, Any]:
    """Return the options of an obstore store for these credentials, or, with None, for requests without any."""
    if credential is None:
        return {"skip_signature": True}
    return {"credential_provider": lambda: {**credential, "expires_at": None}}


def open_store(name: str, make: Callable[[Any], Any]) -> Any:
    """Return what `make` makes of obstore's stores.

    Raises:
        MissingExtraError: obstore is not installed.
        StoreUnavailableError: the settings do not fit.
    """
    try:
        from obstore import store
        from obstore.exceptions import BaseError
    except ImportError as error:
        raise MissingExtraError("A datastore in the cloud", "objects") from error
    try:
        return make(store)
    except BaseError as error:
        raise StoreUnavailableError(f"{name} cannot be opened: {_reason(error)}", remedy="Correct the datastore's keys.") from error


class ObjectFiles:
    """`StoreFiles` of an object store; `name` is what its errors call it, such as ``the bucket 'b'``."""

    def __init__(self, store: Any, name: str) -> None:
        self._store = store
        self._name = name

    def check(self) -> str:
        """See `StoreFiles.check`."""
        found = self.files("", after=None, limit=1)
        return f"{self._name} answers" + (f"; it has {found.items[0].path!r}." if found.items else "; it is empty.")

    def files(self, folder: str, *, after: str | None, limit: int) -> FilePage:
        """See `StoreFiles.files`. Keys come in order; of those below a folder only the first of each thousand is looked at."""
        prefix = f"{folder}/" if folder else ""
        offset = after and (after + _BEHIND if after.endswith("/") else after)
        items: list[StoredFile] = []
        while True:
            keys = self._keys(folder, offset)
            for found in keys:
                path = str(found["path"])
                name, slash, _ = path.removeprefix(prefix).partition("/")
                if slash and items and items[-1].path == prefix + name and items[-1].kind == "folder":
                    continue
                if len(items) == limit:
                    return FilePage(tuple(items), _cursor(items[-1]))
                items.append(StoredFile(path=prefix + name, kind="folder") if slash else _file(found))
            if len(keys) < _CHUNK:
                return FilePage(tuple(items))
            last = str(keys[-1]["path"])
            offset = f"{items[-1].path}/{_BEHIND}" if items[-1].kind == "folder" else last

    def info(self, path: str) -> StoredFile:
        """See `StoreFiles.info`."""
        import obstore

        with self._errors(path):
            return _file(obstore.head(self._store, path))

    def read(self, path: str, start: int, end: int) -> bytes:
        """See `StoreFiles.read`."""
        import obstore
        from obstore.exceptions import BaseError

        if start >= end:
            return b""
        with self._errors(path):
            call: Any = obstore.get_range
            try:
                return bytes(call(self._store, path, start=start, end=end))
            except BaseError:
                size = _file(obstore.head(self._store, path)).bytes or 0
                if start >= size:
                    return b""
                return bytes(call(self._store, path, start=start, end=min(end, size)))

    def write(self, path: str, source: Path) -> None:
        """See `StoreFiles.write`."""
        import obstore

        with self._errors(path):
            obstore.put(self._store, path, source if source.stat().st_size else b"")

    def _keys(self, folder: str, offset: str | None) -> list[Any]:
        import obstore

        with self._errors(folder):
            call: Any = cast("Any", obstore).list
            pages: Iterator[list[Any]] = iter(call(self._store, folder or None, offset=offset, chunk_size=_CHUNK))
            for page in pages:
                return list(page)
            return []

    @contextmanager
    def _errors(self, path: str) -> Any:
        from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

        try:
            yield
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error) or "ContainerNotFound" in str(error):
                raise StoreUnavailableError(f"There is no such place: {self._name}.", remedy="Correct its name.") from error
            raise StoredFileNotFoundError(f"{self._name} has no file {path!r}.") from error
        except PermissionDeniedError as error:
            raise StoreAccessError(
                f"{self._name} does not allow it: {_reason(error)}", remedy="Give the credentials the right to list and to read there."
            ) from error
        except UnauthenticatedError as error:
            raise StoreAccessError(
                f"{self._name} does not know the credentials: {_reason(error)}", remedy="They are wrong or have expired: give new ones."
            ) from error
        except (BaseError, OSError, ValueError) as error:
            raise StoreUnavailableError(f"{self._name} does not do what is asked: {_reason(error)}") from error


def _cursor(last: StoredFile) -> str:
    return f"{last.path}/" if last.kind == "folder" else last.path


def _file(found: Any) -> StoredFile:
    changed: datetime = found["last_modified"]
    modified = to_rfc3339(int(changed.timestamp() * 1_000_000) * 1000)
    return StoredFile(path=str(found["path"]), kind="file", bytes=int(found["size"]), modified_at=modified, etag=found["e_tag"])


def _reason(error: BaseException) -> str:
    """Return the first line of what the library says; the rest is its own state."""
    return str(error).strip().partition("\n")[0][:300]
