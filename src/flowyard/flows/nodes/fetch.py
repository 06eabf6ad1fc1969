"""Fetches what a URL in a flow's data points to, and never anything inside: no private, loopback, link-local or metadata address.

The host's name is resolved once; every address it has must be a public one, and the connection goes to that very address, so that
a name that changes between check and use gains nothing. Each redirect is checked the same way. Size and time are bounded.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from flowyard.flows.nodes.errors import ImageError
from flowyard.foundation.addresses import is_public
from flowyard.foundation.version import __version__

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE = 65_536

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Bounds of one fetch: bytes, seconds for all of it, redirects."""

    size: int = 20 * 1024 * 1024
    seconds: float = 30.0
    redirects: int = 5


def fetch(
    url: str, *, allows: Callable[[str], bool] = is_public, limits: FetchLimits | None = None, resolve: Resolve | None = None
) -> bytes:
    """Return the bytes behind an http(s) URL.

    Args:
        url: what to fetch; a user name or password in it is refused.
        allows: whether an address may be connected to.
        limits: default 20 MiB, 30 s, 5 redirects.
        resolve: returns the addresses of a host and port; default: the system's resolver.

    Raises:
        ImageError: the URL, a redirect or its address is refused, or the answer is no success, too large or too slow.
    """
    bounds = limits or FetchLimits()
    deadline = time.monotonic() + bounds.seconds
    place = url
    try:
        for _ in range(bounds.redirects + 1):
            parts = _checked(place)
            answer, connection = _ask(parts, _address(parts, allows, resolve or _system), deadline)
            try:
                if answer.status in _REDIRECTS and (target := answer.headers.get("location")):
                    place = urljoin(place, target)
                    continue
                if answer.status != 200:
                    raise ImageError(f"{_shown(place)} answered with HTTP {answer.status}.", remedy="Check the address.")
                return _read(answer, connection, bounds, deadline, place)
            finally:
                connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise ImageError(f"{_shown(place)} cannot be fetched: {error or type(error).__name__}.", remedy="Check the address.") from error
    raise ImageError(f"{_shown(url)} leads to more than {bounds.redirects} redirects.", remedy="Give the last address.")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ImageError(f"{url[:200]!r} is no address: {error}.", remedy="Write it as https://host/path.") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ImageError(f"{_shown(url)} is no address to fetch from.", remedy="Write it as https://host/path, without a user name.")
    return parts


def _system(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _address(parts: SplitResult, allows: Callable[[str], bool], resolve: Resolve) -> str:
    host = str(parts.hostname)
    try:
        addresses = resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    except (OSError, UnicodeError) as error:
        raise ImageError(f"The host {host!r} is not known: {error}.", remedy="Check the address.") from error
    refused = [address for address in addresses if not allows(address)]
    if refused or not addresses:
        raise ImageError(
            f"{host!r} is {refused[0] if refused else 'nowhere'}, which is no public address: it is not fetched.",
            remedy="Give the image as base64 or as a file, or put it on a public server.",
        )
    return addresses[0]


class _Https(http.client.HTTPSConnection):
    """Speaks TLS with the host's name over a connection to one address."""

    def __init__(self, host: str, port: int | None, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=ssl.create_default_context())
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


class _Http(http.client.HTTPConnection):
    def __init__(self, host: str, port: int | None, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


def _ask(parts: SplitResult, address: str, deadline: float) -> tuple[http.client.HTTPResponse, http.client.HTTPConnection]:
    kind = _Https if parts.scheme == "https" else _Http
    connection = kind(str(parts.hostname), parts.port, address, max(deadline - time.monotonic(), 0.001))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", path, headers={"user-agent": f"flowyard/{__version__}", "accept": "image/*,*/*;q=0.5"})
        return connection.getresponse(), connection
    except BaseException:
        connection.close()
        raise


def _read(
    answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, bounds: FetchLimits, deadline: float, url: str
) -> bytes:
    data = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise ImageError(f"{_shown(url)} took longer than {bounds.seconds:g} s.", remedy="Use a faster server, or give base64.")
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = answer.read1(_PIECE)
        if not piece:
            return bytes(data)
        data += piece
        if len(data) > bounds.size:
            raise ImageError(f"{_shown(url)} is larger than {bounds.size} bytes.", remedy="Give a smaller image.")


def _shown(url: str) -> str:
    """A URL without its query, which may hold a signature."""
    return repr(url.partition("?")[0][:200])
