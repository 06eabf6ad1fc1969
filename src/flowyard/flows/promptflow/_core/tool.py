"""``promptflow._core.tool``."""

from flowyard.flows.nodes.tool import InputSetting, ToolProvider, tool

__all__ = ["InputSetting", "ToolProvider", "tool"]
