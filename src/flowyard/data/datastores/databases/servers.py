"""Where a database server is: its host, its port, how it is secured, and who signs in."""

import re
import ssl
from dataclasses import dataclass, field
from typing import Literal, get_args

from flowyard.data.datastores.errors import DatastoreInvalidError
from flowyard.data.datastores.hosts import allowed_address
from flowyard.data.datastores.model import Bounds, Place
from flowyard.foundation.errors import Location

Tls = Literal["verify-full", "require", "disable"]
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:]{2,45}")
_SERVER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
LOGIN = (("username", "password"),)
CONFIGS = {"host": True, "port": False, "database": True, "tls": False}
AZURE_CONFIGS = {"server_name": True, "database_name": True, "port_number": False, "endpoint": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A database on a server, and a login to it."""

    host: str
    port: int
    database: str
    tls: Tls
    username: str
    password: str = field(repr=False)
    bounds: Bounds

    @property
    def name(self) -> str:
        """What errors call it."""
        return f"the database {self.database!r} of {self.host}"

    def address(self) -> str:
        """Return the address to connect to, which was checked.

        Raises:
            DatastoreInvalidError: it is no public one, and the operator has not allowed the host.
            StoreUnavailableError: the name is not known.
        """
        return allowed_address(self.host, self.port, self.bounds)

    def context(self) -> ssl.SSLContext | None:
        """Return how the connection is secured; None: not at all."""
        if self.tls == "disable":
            return None
        found = ssl.create_default_context()
        if self.tls == "require":
            found.check_hostname, found.verify_mode = False, ssl.CERT_NONE
        return found


def server_of(place: Place, port: int) -> Server:
    """Return the server of a datastore with the keys `CONFIGS`.

    Raises:
        DatastoreInvalidError: a value is none that its key can have, or the address is none that datastores may reach.
    """
    given = place.configs
    tls = next((known for known in get_args(Tls) if known == given.get("tls", "verify-full")), None)
    if tls is None:
        raise _wrong("tls", given["tls"], f"Write one of {', '.join(get_args(Tls))}, or leave it out for verify-full.")
    return _server(place, given["host"], ("host", "port", "database"), (port, tls))


def azure_server_of(place: Place, port: int, endpoint: str) -> Server:
    """Return the server of a datastore with the keys `AZURE_CONFIGS`, as Azure ML names them.

    Raises:
        DatastoreInvalidError: as `server_of`.
    """
    name = place.configs["server_name"]
    if not _SERVER_NAME.fullmatch(name):
        raise _wrong("server_name", name, "Write the server's name without its domain.")
    host = f"{name}.{place.configs.get('endpoint') or endpoint}"
    return _server(place, host, ("endpoint", "port_number", "database_name"), (port, "verify-full"))


def _server(place: Place, host: str, keys: tuple[str, str, str], default: tuple[int, Tls]) -> Server:
    port, database = place.configs.get(keys[1]) or str(default[0]), place.configs[keys[2]]
    if not _HOST.fullmatch(host):
        raise _wrong(keys[0], host, "Write a host's name or address.")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise _wrong(keys[1], port, "Write a number from 1 to 65535.")
    if "\x00" in database or len(database) > 128:
        raise _wrong(keys[2], database, "Write the database's name.")
    found = Server(
        host=host, port=int(port), database=database, tls=default[1], **place.secrets, bounds=place.bounds
    )  # fmt: skip
    found.address()
    return found


def _wrong(key: str, value: str, remedy: str) -> DatastoreInvalidError:
    return DatastoreInvalidError(f"{value[:200]!r} cannot be {key!r}.", remedy=remedy, location=Location(pointer=f"/configs/{key}"))
