"""The names that prompt flow's users import. They answer to ``promptflow`` in every flow; `names` says how."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from flowyard.flows.nodes.tool import ToolProvider, tool
from flowyard.flows.runtime.context import log_metric

if TYPE_CHECKING:
    from flowyard.flows.promptflow.client import PFClient, load_flow, load_run

__all__ = ["PFClient", "ToolProvider", "load_flow", "load_run", "log_flow_metric", "log_metric", "tool"]

log_flow_metric = log_metric
_CLIENT = frozenset({"PFClient", "load_flow", "load_run"})


def __getattr__(name: str) -> Any:
    if name not in _CLIENT:
        raise AttributeError(f"promptflow has no {name!r} here.")
    return getattr(import_module("flowyard.flows.promptflow.client"), name)
