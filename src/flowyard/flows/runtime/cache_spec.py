"""What a flow process is told of its node cache: apart from the cache, since most flows keep nothing and need no database."""

from pathlib import Path

import msgspec

from flowyard.foundation.settings import DEFAULT_CACHE_DAYS, DEFAULT_CACHE_MIB


class CacheSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A node cache as a process is told of it.

    Attributes:
        path: its file.
        mib: what it keeps at most.
        days: results that are older are not used.
        connections: by name, what identifies the connections that this process does not know itself (`connection_identity`).
    """

    path: str
    mib: int = DEFAULT_CACHE_MIB
    days: int = DEFAULT_CACHE_DAYS
    connections: dict[str, str] = {}

    @property
    def folder(self) -> str:
        """The folder of its file."""
        return str(Path(self.path).parent)
