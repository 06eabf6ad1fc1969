"""The Python SDK: the nouns of the HTTP API as typed objects."""

from flowyard.client.workspace import Workspace

__all__ = ["Workspace"]
