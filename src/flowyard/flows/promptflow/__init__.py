"""The names that prompt flow's users import. They answer to ``promptflow`` in every flow; `names` says how."""

from flowyard.flows.nodes.tool import ToolProvider, tool
from flowyard.flows.runtime.context import log_metric

__all__ = ["ToolProvider", "log_flow_metric", "log_metric", "tool"]

log_flow_metric = log_metric
