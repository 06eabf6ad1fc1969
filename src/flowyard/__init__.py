"""Flowyard: an open LLMOps platform.

The names exported here are the ones a user's program needs. They load on first use, so that ``import flowyard`` stays cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from flowyard.foundation.version import __version__

if TYPE_CHECKING:
    from flowyard.client import Workspace
    from flowyard.flows import load_flow

__all__ = ["Workspace", "__version__", "load_flow"]

_LAZY = {"Workspace": "flowyard.client", "load_flow": "flowyard.flows"}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'flowyard' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
