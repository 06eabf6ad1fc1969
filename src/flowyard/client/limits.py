"""Limits of the workspace over HTTP. Those of a key are set with the key (`client.keys`)."""

from flowyard.client.transport import Transport
from flowyard.wire.limits import Limits, WorkspaceLimits


class WorkspaceLimit:
    """The limits of the workspace as a whole."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self) -> WorkspaceLimits:
        """Return the limits of the workspace and of its keys, and what was used of them."""
        return self._transport.get("limits", WorkspaceLimits)

    def set(self, limits: Limits) -> WorkspaceLimits:
        """Put limits in the place of the workspace's; they hold within a second.

        Raises:
            RemoteError: a bound is not valid, or you are no owner.
        """
        return self._transport.put("limits", WorkspaceLimits, body=limits)
