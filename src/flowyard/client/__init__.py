"""The Python SDK: the nouns of the HTTP API as typed objects.

`Workspace` loads on first use: who only looks for a server's address and key needs no HTTP.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowyard.client.workspace import Workspace

__all__ = ["Workspace"]


def __getattr__(name: str) -> object:
    if name != "Workspace":
        raise AttributeError(f"module 'flowyard.client' has no attribute {name!r}")
    from flowyard.client.workspace import Workspace

    return Workspace
