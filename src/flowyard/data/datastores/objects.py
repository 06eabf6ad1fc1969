"""The files of an object store (S3, Azure Blob), through obstore.

Only what the datastore says is used: the variables of the server's own environment, which may hold the operator's credentials, must
never answer for a user's. So credentials are always given by a provider, or the requests go unsigned.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from flowyard.data.datastores.errors import StoreAccessError, StoredFileNotFoundError, StoreUnavailableError
from flowyard.data.datastores.model import FilePage
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import FlowyardError, MissingExtraError
from flowyard.wire.datastores import StoredFile

#: Behind most names of a folder: what comes after it is passed over one by one. (What is behind all names, the library encodes.)
_LATE = "zzzz"
_CHUNK = 1000
_STATUS = re.compile(r"status code: (\d{3})")
#: Codes of S3 and Azure Blob for a bucket or container that is not there, and for credentials that are none of theirs.
_NOWHERE = ("NoSuchBucket", "ContainerNotFound")
_UNKNOWN = ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "AuthenticationFailed", "InvalidAuthenticationInfo")
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
        seen = after.rstrip("/") if after and after.endswith("/") else None  # the folder whose keys go by
        offset = f"{seen}/{_LATE}" if seen else after
        items: list[StoredFile] = []
        while True:
            keys, more = self._keys(folder, offset)
            for found in keys:
                name, slash, _ = str(found["path"]).removeprefix(prefix).partition("/")
                if slash and prefix + name == seen:
                    continue
                if len(items) == limit:
                    return FilePage(tuple(items), _cursor(items[-1]))
                seen = prefix + name if slash else None
                items.append(_file(found) if seen is None else StoredFile(path=seen, kind="folder"))
            if not more:
                return FilePage(tuple(items))
            last = str(keys[-1]["path"])
            offset = max(last, f"{seen}/{_LATE}") if seen else last

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

    def _keys(self, folder: str, offset: str | None) -> tuple[list[Any], bool]:
        """Return some keys behind `offset`, and whether there may be more. A server that knows no offset begins at the first one."""
        import obstore

        with self._errors(folder):
            call: Any = cast("Any", obstore).list
            pages: Iterator[list[Any]] = iter(call(self._store, folder or None, offset=offset, chunk_size=_CHUNK))
            for page in pages:
                keys = [found for found in page if offset is None or str(found["path"]) > offset]
                if keys or len(page) < _CHUNK:
                    return keys, len(page) == _CHUNK
            return [], False

    @contextmanager
    def _errors(self, path: str) -> Any:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            raise _error(error, self._name, path) from error


def _cursor(last: StoredFile) -> str:
    return f"{last.path}/" if last.kind == "folder" else last.path


def _file(found: Any) -> StoredFile:
    changed: datetime = found["last_modified"]
    modified = to_rfc3339(int(changed.timestamp() * 1_000_000) * 1000)
    return StoredFile(path=str(found["path"]), kind="file", bytes=int(found["size"]), modified_at=modified, etag=found["e_tag"])


def _error(error: Exception, name: str, path: str) -> FlowyardError:
    """Return what an error of obstore means. Those of listings are all of one kind, and tell the status in their text."""
    text = str(error)
    found = _STATUS.search(text)
    status = int(found[1]) if found else None
    if any(code in text for code in _NOWHERE):
        return StoreUnavailableError(f"There is no such place: {name}.", remedy="Correct its name.")
    if status == 401 or type(error).__name__ == "UnauthenticatedError" or any(code in text for code in _UNKNOWN):
        return StoreAccessError(
            f"{name} does not know the credentials: {_reason(error)}", remedy="They are wrong or have expired: give new ones."
        )
    if status == 403 or type(error).__name__ == "PermissionDeniedError":
        return StoreAccessError(
            f"{name} does not allow it: {_reason(error)}", remedy="Give the credentials the right to list and to read there."
        )
    if isinstance(error, FileNotFoundError):
        return StoredFileNotFoundError(f"{name} has no file {path!r}.")
    return StoreUnavailableError(f"{name} does not do what is asked: {_reason(error)}")


def _reason(error: BaseException) -> str:
    """Return what the server says, else the first line of what the library says; the rest is its own state."""
    text = str(error)
    said = [found[1] for key in ("Code", "Message") if (found := re.search(rf"<{key}>([^<]{{1,300}})", text))]
    return ": ".join(part.strip().partition("\n")[0] for part in said) if said else text.strip().partition("\n")[0][:300]
