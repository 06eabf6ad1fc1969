"""``promptflow.entities``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from flowyard.flows.nodes.tool import DynamicList, InputSetting
from flowyard.flows.promptflow.connections import (
    AzureAIServicesConnection,
    AzureContentSafetyConnection,
    AzureOpenAIConnection,
    CognitiveSearchConnection,
    CustomConnection,
    CustomStrongTypeConnection,
    FormRecognizerConnection,
    OpenAIConnection,
    QdrantConnection,
    SerpConnection,
    ServerlessConnection,
    WeaviateConnection,
)

if TYPE_CHECKING:
    from flowyard.flows.promptflow.flow import FlowContext
    from flowyard.flows.promptflow.pf_client import Run

__all__ = [
    "AzureAIServicesConnection",
    "AzureContentSafetyConnection",
    "AzureOpenAIConnection",
    "CognitiveSearchConnection",
    "CustomConnection",
    "CustomStrongTypeConnection",
    "DynamicList",
    "FlowContext",
    "FormRecognizerConnection",
    "InputSetting",
    "OpenAIConnection",
    "QdrantConnection",
    "Run",
    "SerpConnection",
    "ServerlessConnection",
    "WeaviateConnection",
]

_LAZY = {"FlowContext": "flowyard.flows.promptflow.flow", "Run": "flowyard.flows.promptflow.pf_client"}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"promptflow.entities has no {name!r} here.")
    return getattr(import_module(_LAZY[name]), name)
