"""Access tags over HTTP."""

from collections.abc import Sequence
from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.access_tags import AccessTags, AccessTagsUpdate, HolderKind
from flowyard.wire.shared import Page


class Access:
    """Who may see which documents of indexes: the access tags of members, keys and endpoints."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[AccessTags, ...]:
        """Return members, keys, and endpoints that have tags, with their tags."""
        return self._transport.get("access-tags", Page[AccessTags]).items

    def get(self, kind: HolderKind, name: str) -> AccessTags:
        """Return the tags of a member, a key or an endpoint.

        Raises:
            RemoteError: there is nobody of this name.
        """
        return self._transport.get(_path(kind, name), AccessTags)

    def set(self, kind: HolderKind, name: str, tags: Sequence[str]) -> AccessTags:
        """Let somebody have these tags and no others; it takes effect at once.

        Raises:
            RemoteError: there is nobody of this name, a text is no tag, or you would give a tag that you do not have.
        """
        return self._transport.put(_path(kind, name), AccessTags, body=AccessTagsUpdate(tags=tuple(tags)))


def _path(kind: HolderKind, name: str) -> str:
    return f"{kind}s/{quote(name, safe='')}/access-tags"
