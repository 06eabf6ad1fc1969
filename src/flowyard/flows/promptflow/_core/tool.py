"""``promptflow._core.tool``."""

from flowyard.flows.nodes.tool import DynamicList, GeneratedBy, InputSetting, ToolProvider, tool
from flowyard.flows.promptflow.tools.calls import TO_ESCAPE as INPUTS_TO_ESCAPE_PARAM_KEY

__all__ = ["INPUTS_TO_ESCAPE_PARAM_KEY", "DynamicList", "GeneratedBy", "InputSetting", "ToolProvider", "tool"]
