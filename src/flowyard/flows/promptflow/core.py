"""``promptflow.core``."""

from flowyard.flows.nodes.tool import ToolProvider, tool
from flowyard.flows.runtime.context import log_metric

__all__ = ["ToolProvider", "log_metric", "tool"]
