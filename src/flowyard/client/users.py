"""People in the workspace over HTTP."""

from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.identity import Role, SignInLink, User, UserCreate, UserUpdate
from flowyard.wire.shared import Page


class Users:
    """The people in the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[User, ...]:
        """Return who is in the workspace, by name."""
        return self._transport.get("users", Page[User]).items

    def create(self, name: str, *, role: Role = "contributor") -> User:
        """Let a person in.

        Raises:
            RemoteError: they are in already, or the name is not valid.
        """
        return self._transport.post("users", User, body=UserCreate(name=name, role=role))

    def update(self, name: str, *, role: Role) -> User:
        """Change a person's role; it takes effect at once.

        Raises:
            RemoteError: nobody of this name is there, or no owner would be left.
        """
        return self._transport.patch(f"users/{quote(name, safe='')}", User, body=UserUpdate(role=role))

    def delete(self, name: str) -> None:
        """End a person's membership of the workspace.

        Raises:
            RemoteError: nobody of this name is there, or no owner would be left.
        """
        self._transport.delete(f"users/{quote(name, safe='')}")

    def sign_in_link(self, name: str) -> SignInLink:
        """Return a link that signs a person in once, within 15 minutes.

        Raises:
            RemoteError: nobody of this name is there, or they are also in a workspace that you do not own.
        """
        return self._transport.post(f"users/{quote(name, safe='')}/sign-in-link", SignInLink)
