"""``promptflow.core``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from flowyard.flows.nodes.tool import ToolProvider, tool
from flowyard.flows.runtime.context import log_metric

if TYPE_CHECKING:
    from flowyard.flows.promptflow.flow import AsyncFlow, Flow
    from flowyard.flows.promptflow.model_configuration import (
        AzureOpenAIModelConfiguration,
        ModelConfiguration,
        OpenAIModelConfiguration,
    )
    from flowyard.flows.prompty.callable import AsyncPrompty, Prompty

__all__ = [
    "AsyncFlow",
    "AsyncPrompty",
    "AzureOpenAIModelConfiguration",
    "Flow",
    "ModelConfiguration",
    "OpenAIModelConfiguration",
    "Prompty",
    "ToolProvider",
    "log_flow_metric",
    "log_metric",
    "tool",
]

log_flow_metric = log_metric

#: Every file with a tool imports this module: what few need comes when it is asked for.
_LAZY = {
    "AsyncFlow": "flowyard.flows.promptflow.flow",
    "AsyncPrompty": "flowyard.flows.prompty.callable",
    "AzureOpenAIModelConfiguration": "flowyard.flows.promptflow.model_configuration",
    "Flow": "flowyard.flows.promptflow.flow",
    "ModelConfiguration": "flowyard.flows.promptflow.model_configuration",
    "OpenAIModelConfiguration": "flowyard.flows.promptflow.model_configuration",
    "Prompty": "flowyard.flows.prompty.callable",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"promptflow.core has no {name!r} here.")
    return getattr(import_module(_LAZY[name]), name)
