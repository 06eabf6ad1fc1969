"""An object store: S3, Azure Blob, Google Cloud Storage, or whatever speaks like one of them."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flowyard.foundation.errors import InvalidInputError, MissingExtraError, UnavailableError
from flowyard.foundation.ids import new_id

#: The schemes of `FLOWYARD_STORAGE_URL`.
SCHEMES = ("s3", "az", "gs")
_RETRIES, _RETRY_S, _TIMEOUT_S = 4, 30, 60
_PART = 1024 * 1024


class ObjectStoreError(UnavailableError):
    """The object store does not answer, or refuses."""

    code = "ObjectStoreUnavailable"
    title = "The object store cannot be used"


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object's name below the store's prefix, and its size in bytes."""

    name: str
    bytes: int


class ObjectStore:
    """Objects below a URL such as ``s3://bucket/prefix``.

    Credentials, region and endpoint come from the environment under each provider's own names: ``AWS_ACCESS_KEY_ID``, ``AWS_REGION``,
    ``AWS_ENDPOINT_URL``; ``AZURE_STORAGE_ACCOUNT_NAME``, ``AZURE_STORAGE_ACCOUNT_KEY``; ``GOOGLE_APPLICATION_CREDENTIALS``.
    An object that is written is written as a whole: readers see it whole, or not at all.

    Raises:
        InvalidInputError: the URL is none of an object store, or its settings do not fit.
        MissingExtraError: the package for object stores is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.netloc or parts.query or parts.fragment or "@" in parts.netloc:
            raise InvalidInputError(
                f"{_shown(url)!r} is no address of an object store.",
                remedy="Give s3://BUCKET/PREFIX, az://CONTAINER/PREFIX or gs://BUCKET/PREFIX; credentials stand in the environment.",
            )
        try:
            from obstore.exceptions import BaseError
            from obstore.store import from_url
        except ImportError as error:
            raise MissingExtraError("FLOWYARD_STORAGE_URL", "objects") from error
        try:
            self._store: Any = from_url(
                url.rstrip("/") + "/",
                # Plain HTTP is spoken only to an endpoint that the operator gave so: the providers' own are https.
                client_options={"timeout": timedelta(seconds=_TIMEOUT_S), "allow_http": True},
                retry_config={"max_retries": _RETRIES, "retry_timeout": timedelta(seconds=_RETRY_S)},
            )
        except BaseError as error:
            raise InvalidInputError(
                f"{_shown(url)!r} cannot be opened: {_reason(error)}",
                remedy="Set the provider's variables, for example AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION.",
            ) from error

    def check(self) -> None:
        """Write, read and delete a small object.

        Raises:
            ObjectStoreError: one of them is not possible.
        """
        name = f".check-{new_id()}"
        self._call("put", name, b"flowyard")
        self._call("get", name)
        self.delete(name)

    def put(self, name: str, file: Path) -> None:
        """Store a file's bytes; when this returns they are durable there.

        Raises:
            OSError: the file cannot be read.
            ObjectStoreError: the store refuses.
        """
        if file.stat().st_size == 0:
            self._call("put", name, b"")
        else:
            self._call("put", name, file)

    def get(self, name: str, file: Path) -> None:
        """Bring an object here, as a whole or not at all.

        Raises:
            FileNotFoundError: there is no such object.
            OSError: the disk refuses.
            ObjectStoreError: the store does not answer.
        """
        answer = self._call("get", name)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f"{file.name}.{new_id()}.part")
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as target:
                for part in self._parts(answer):
                    target.write(part)
            partial.replace(file)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    def delete(self, name: str) -> None:
        """Remove an object; it is no error that there is none.

        Raises:
            ObjectStoreError: the store refuses.
        """
        with suppress(FileNotFoundError):
            self._call("delete", name)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield what is below `prefix`, whole parts of names.

        Raises:
            ObjectStoreError: the store does not answer.
        """
        pages: Any = iter(self._call("list", prefix.rstrip("/") or None))
        while True:
            try:
                page = next(pages, None)
            except Exception as error:
                raise self._error(error) from error
            if page is None:
                return
            for found in page:
                yield ObjectInfo(str(found["path"]), int(found["size"]))

    def _parts(self, answer: Any) -> Iterator[bytes]:
        stream: Any = iter(answer.stream(min_chunk_size=_PART))
        while True:
            try:
                part = next(stream, None)
            except Exception as error:
                raise self._error(error) from error
            if part is None:
                return
            yield bytes(part)

    def _call(self, verb: str, *given: Any) -> Any:
        import obstore

        call: Any = getattr(obstore, verb)
        try:
            return call(self._store, *given)
        except FileNotFoundError as error:
            if verb == "put":  # the bucket
                raise self._error(error) from error
            raise
        except Exception as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> ObjectStoreError:
        return ObjectStoreError(
            f"{_shown(self.url)} does not do what is asked: {_reason(error)}",
            remedy="Check FLOWYARD_STORAGE_URL, the provider's variables in the environment, and the network.",
        )


def _shown(url: str) -> str:
    """Return a URL without what may be a secret in it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(error: Exception) -> str:
    """Return the first line of what the library says; the rest is its own state."""
    return str(error).strip().partition("\n")[0][:300]
