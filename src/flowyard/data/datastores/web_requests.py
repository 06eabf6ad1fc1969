"""Requests to web servers that may be spoken to: the address is checked, and the connection goes to the very address that was checked."""

import ssl
from typing import Any
from urllib.parse import urlsplit

import urllib3

from flowyard.data.datastores.errors import StoreUnavailableError
from flowyard.data.datastores.hosts import allowed_address, check_endpoint
from flowyard.data.datastores.model import Bounds

_TIMEOUT = urllib3.Timeout(connect=10, read=60)


def send(method: str, url: str, headers: dict[str, str], bounds: Bounds) -> Any:
    """Send one request, and return the answer, whose body is not read yet (`urllib3.HTTPResponse`). Redirects are answers.

    Raises:
        DatastoreInvalidError: the address is none, or leads inside.
        StoreUnavailableError: the host is not known, or does not answer.
    """
    parts = urlsplit(check_endpoint(url.partition("?")[0], "url", bounds))
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = allowed_address(host, port, bounds)
    options: dict[str, Any] = {"timeout": _TIMEOUT, "retries": False, "maxsize": 1}
    pool: urllib3.HTTPConnectionPool = (
        urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host, ssl_context=ssl.create_default_context(), **options
        )
        if secure
        else urllib3.HTTPConnectionPool(address, port, **options)
    )
    whole = urlsplit(url)
    target = (whole.path or "/") + (f"?{whole.query}" if whole.query else "")
    try:
        return pool.urlopen(
            method, target, headers={"Host": whole.netloc, **headers}, redirect=False, preload_content=False, assert_same_host=False
        )
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise StoreUnavailableError(f"{host!r} does not answer: {error}.", remedy="Check the address.") from error
