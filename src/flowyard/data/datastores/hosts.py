"""Which hosts datastores may speak to: public ones, and those that the operator names."""

import socket
from urllib.parse import urlsplit

from flowyard.data.datastores.errors import DatastoreInvalidError, StoreUnavailableError
from flowyard.data.datastores.model import Bounds
from flowyard.foundation.addresses import is_public
from flowyard.foundation.errors import Location


def allowed_address(host: str, port: int, bounds: Bounds) -> str:
    """Return an address of `host` that may be connected to.

    Raises:
        StoreUnavailableError: the name is not known.
        DatastoreInvalidError: it has an address that is not public, and the operator has not allowed the host.
    """
    try:
        addresses = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise StoreUnavailableError(f"The host {host!r} is not known: {error}.", remedy="Check the address.") from error
    if host.lower() not in bounds.hosts and (inner := [address for address in addresses if not is_public(address)]):
        raise DatastoreInvalidError(
            f"{host!r} is {inner[0]}, which is no public address.",
            remedy="Give a public one; or the operator allows it: FLOWYARD_DATA_HOSTS=HOST[,HOST...].",
        )
    return addresses[0]


def check_endpoint(url: str, key: str, bounds: Bounds) -> str:
    """Return an endpoint that may be spoken to, without a slash at its end.

    Raises:
        DatastoreInvalidError: it is no http(s) address, or leads inside.
        StoreUnavailableError: its host is not known.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise DatastoreInvalidError(
            f"{url.partition('?')[0][:200]!r} is no address.",
            remedy="Write it as https://host/path, without a user name and a query.",
            location=Location(pointer=f"/configs/{key}"),
        )
    allowed_address(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80), bounds)
    return url.rstrip("/")
