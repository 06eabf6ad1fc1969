"""``promptflow.entities``."""

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

__all__ = [
    "AzureAIServicesConnection",
    "AzureContentSafetyConnection",
    "AzureOpenAIConnection",
    "CognitiveSearchConnection",
    "CustomConnection",
    "CustomStrongTypeConnection",
    "DynamicList",
    "FormRecognizerConnection",
    "InputSetting",
    "OpenAIConnection",
    "QdrantConnection",
    "SerpConnection",
    "ServerlessConnection",
    "WeaviateConnection",
]
