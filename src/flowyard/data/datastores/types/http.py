"""Files below an http(s) address. It cannot be listed: a file is read by its path."""

import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import urllib3

from flowyard.data.datastores.errors import StoreAccessError, StoredFileNotFoundError, StoreRefusedError, StoreUnavailableError
from flowyard.data.datastores.hosts import check_endpoint
from flowyard.data.datastores.model import Bounds, FilePage, Place
from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.web_requests import send
from flowyard.foundation.clock import to_rfc3339
from flowyard.wire.datastores import StoredFile

_REDIRECTS = 5
#: A server that knows no ranges sends the whole file: so far is it read to get at a part.
_WITHOUT_RANGES = 256 * 1024 * 1024


class HttpFiles:
    """`StoreFiles` of an http(s) address. Each host's addresses are checked, and the connection goes to the very address checked."""

    def __init__(self, url: str, headers: dict[str, str], bounds: Bounds) -> None:
        self._url = url
        self._headers = headers
        self._bounds = bounds

    def check(self) -> str:
        """See `StoreFiles.check`."""
        answer = self._ask("HEAD", "", {})
        if answer.status in {401, 403}:
            raise self._failed(answer, "")
        return f"{urlsplit(self._url).hostname} answers (HTTP {answer.status})."

    def files(self, folder: str, *, after: str | None, limit: int) -> FilePage:
        """See `StoreFiles.files`."""
        del folder, after, limit
        raise StoreRefusedError("A datastore of type http cannot be listed.", remedy="Name the file: azureml://datastores/NAME/paths/FILE.")

    def info(self, path: str) -> StoredFile:
        """See `StoreFiles.info`."""
        answer = self._ask("HEAD", path, {"Accept-Encoding": "identity"})
        if answer.status != 200:
            raise self._failed(answer, path)
        size = answer.headers.get("content-length")
        return StoredFile(
            path=path,
            kind="file",
            bytes=int(size) if size and size.isdecimal() else None,
            modified_at=_time(answer.headers.get("last-modified")),
            etag=answer.headers.get("etag"),
        )

    def read(self, path: str, start: int, end: int) -> bytes:
        """See `StoreFiles.read`."""
        if start >= end:
            return b""
        answer = self._ask("GET", path, {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"})
        try:
            if answer.status == 416:
                return b""
            if answer.status == 206:
                return self._body(answer, end - start)
            if answer.status != 200:
                raise self._failed(answer, path)
            if end > _WITHOUT_RANGES:
                raise StoreRefusedError(
                    f"The server of {path!r} gives no parts of files.", remedy="Copy the file to a datastore of another type."
                )
            return self._body(answer, end)[start:]
        finally:
            answer.close()

    def write(self, path: str, source: Path) -> None:
        """See `StoreFiles.write`."""
        del path, source
        raise StoreRefusedError("A datastore of type http is only read.", remedy="Write to a datastore of another type.")

    def _body(self, answer: Any, size: int) -> bytes:
        data = bytearray()
        try:
            while len(data) < size and (part := answer.read(min(65_536, size - len(data)))):
                data += part
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise StoreUnavailableError(f"The answer broke off: {error}.", remedy="Try again.") from error
        return bytes(data)

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> Any:
        url = f"{self._url}/{quote(path)}" if path else self._url
        first = urlsplit(url)
        sent = {**self._headers, **headers}
        until = time.monotonic() + 60
        for _ in range(_REDIRECTS + 1):
            parts = urlsplit(url)
            if (parts.scheme, parts.netloc) != (first.scheme, first.netloc):
                sent = headers  # what opens this server is not shown to another
            answer = send(method, url, sent, self._bounds)
            target = answer.headers.get("location")
            if answer.status not in {301, 302, 303, 307, 308} or not target or time.monotonic() > until:
                return answer
            answer.close()
            url = urljoin(url, target)
        raise StoreUnavailableError(f"{first.hostname} leads to more than {_REDIRECTS} redirects.", remedy="Give the last address.")

    def _failed(self, answer: Any, path: str) -> Exception:
        answer.close()
        if answer.status in {404, 410}:
            return StoredFileNotFoundError(f"There is no file {path!r} (HTTP {answer.status}).", remedy="Check its path.")
        if answer.status in {401, 403}:
            return StoreAccessError(f"The server refuses the credentials (HTTP {answer.status}).")
        return StoreUnavailableError(f"The server answered {path!r} with HTTP {answer.status}.", remedy="Try again later.")


def _time(text: str | None) -> str | None:
    try:
        return to_rfc3339(int(parsedate_to_datetime(text).timestamp()) * 1_000_000_000) if text else None
    except ValueError:
        return None


def _open(place: Place) -> HttpFiles:
    headers: dict[str, str] = {}
    if "token" in place.secrets:
        headers["Authorization"] = f"Bearer {place.secrets['token']}"
    elif "password" in place.secrets:
        headers |= urllib3.make_headers(basic_auth=f"{place.secrets['username']}:{place.secrets['password']}")
    return HttpFiles(check_endpoint(place.configs["url"], "url", place.bounds), headers, place.bounds)


KIND = Kind(type="http", configs={"url": True}, credentials=(("token",), ("username", "password")), open=_open)
