"""API keys over HTTP."""

from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.identity import ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyUpdate, Role
from flowyard.wire.limits import Limits
from flowyard.wire.shared import Page


class Keys:
    """The API keys of the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[ApiKey, ...]:
        """Return all keys, revoked ones too, without their secrets."""
        return self._transport.get("keys", Page[ApiKey]).items

    def create(
        self, name: str, *, role: Role = "invoker", expires_in_days: int | None = None, limits: Limits | None = None
    ) -> ApiKeyCreated:
        """Make a key; the answer holds its secret, this once.

        Raises:
            RemoteError: the name is taken or not valid, or the role has rights that you do not have.
        """
        body = ApiKeyCreate(name=name, role=role, expires_in_days=expires_in_days, limits=limits or Limits())
        return self._transport.post("keys", ApiKeyCreated, body=body)

    def update(self, name: str, *, limits: Limits) -> ApiKey:
        """Put limits in the place of a key's; they hold within a second.

        Raises:
            RemoteError: there is no such key, or a bound is not valid.
        """
        return self._transport.patch(f"keys/{quote(name, safe='')}", ApiKey, body=ApiKeyUpdate(limits=limits))

    def revoke(self, name: str) -> None:
        """Revoke a key; it stops working within a second.

        Raises:
            RemoteError: there is no such key.
        """
        self._transport.delete(f"keys/{quote(name, safe='')}")
