"""Flows: their format, graph, engine, node kinds, serving and authoring. The engine needs the runtime's packages only."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowyard.flows.flow import LoadedFlow
    from flowyard.flows.load import load_flow
    from flowyard.flows.nodes.tool import ToolProvider, tool
    from flowyard.flows.promptflow.tracing import trace
    from flowyard.flows.runtime.context import log_metric

__all__ = ["LoadedFlow", "ToolProvider", "load_flow", "log_metric", "tool", "trace"]

_LAZY = {
    "LoadedFlow": "flowyard.flows.flow",
    "ToolProvider": "flowyard.flows.nodes.tool",
    "load_flow": "flowyard.flows.load",
    "log_metric": "flowyard.flows.runtime.context",
    "tool": "flowyard.flows.nodes.tool",
    "trace": "flowyard.flows.promptflow.tracing",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'flowyard.flows' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
