"""Connections over HTTP."""

from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.connections import Connection, ConnectionTest, ConnectionWrite
from flowyard.wire.shared import Page


class Connections:
    """The connections of the workspace: addresses and secrets of model providers and other services."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[Connection, ...]:
        """Return all connections, without the values of their secrets."""
        return self._transport.get("connections", Page[Connection]).items

    def get(self, name: str) -> Connection:
        """Return one connection, without the values of its secrets.

        Raises:
            RemoteError: there is none of this name (code ``ConnectionNotFound``).
        """
        return self._transport.get(_path(name), Connection)

    def create(self, connection: ConnectionWrite) -> Connection:
        """Make a connection.

        Raises:
            RemoteError: the name is taken, or keys and values are not those of the type.
        """
        return self._transport.post("connections", Connection, body=connection)

    def replace(self, connection: ConnectionWrite) -> Connection:
        """Replace the connection of this name, or make it. A secret given as ``******`` keeps its value.

        Raises:
            RemoteError: keys and values are not those of the type, or a secret cannot stay because the address changes.
        """
        return self._transport.put(_path(connection.name), Connection, body=connection)

    def delete(self, name: str) -> None:
        """Delete a connection.

        Raises:
            RemoteError: there is none of this name, or it is built in.
        """
        self._transport.delete(_path(name))

    def test(self, name: str) -> ConnectionTest:
        """Make one real call through a connection and say how it went.

        Raises:
            RemoteError: there is none of this name.
        """
        return self._transport.post(f"{_path(name)}/test", ConnectionTest)


def _path(name: str) -> str:
    return f"connections/{quote(name, safe='')}"
