"""Routes of the gateway over HTTP."""

from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.routes import GatewayStatus, Route, RouteCreate, RouteSpec
from flowyard.wire.shared import Page


class Routes:
    """The routes of the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[Route, ...]:
        """Return the routes by name."""
        return self._transport.get("gateway/routes", Page[Route]).items

    def get(self, name: str) -> Route:
        """Return one route.

        Raises:
            RemoteError: there is none of this name.
        """
        return self._transport.get(_path(name), Route)

    def create(self, name: str, spec: RouteSpec) -> Route:
        """Make a route.

        Raises:
            RemoteError: the name is taken, or the spec is not valid.
        """
        return self._transport.post("gateway/routes", Route, body=RouteCreate(name=name, spec=spec))

    def replace(self, name: str, spec: RouteSpec) -> Route:
        """Put a spec in the place of what the route was; it holds within a second.

        Raises:
            RemoteError: there is no such route, or the spec is not valid.
        """
        return self._transport.put(_path(name), Route, body=spec)

    def delete(self, name: str) -> None:
        """Delete a route.

        Raises:
            RemoteError: there is none of this name.
        """
        self._transport.delete(_path(name))

    def gateways(self) -> tuple[GatewayStatus, ...]:
        """Return the gateways that run, each with what it knows of the routes: breakers, calls, its cache, what it adds to a call."""
        return self._transport.get("gateway/status", Page[GatewayStatus]).items


def _path(name: str) -> str:
    return f"gateway/routes/{quote(name, safe='')}"
