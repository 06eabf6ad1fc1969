"""``promptflow.tools.aoai``: chat and completion with ``deployment_name``."""

from typing import Any

from flowyard.flows.nodes.tool import ToolProvider, tool
from flowyard.flows.promptflow.connections import AzureOpenAIConnection
from flowyard.flows.promptflow.contracts.types import PromptTemplate
from flowyard.flows.promptflow.tools.calls import call_model

__all__ = ["AzureOpenAI", "chat", "completion"]


class AzureOpenAI(ToolProvider):
    """The models of an Azure OpenAI connection."""

    def __init__(self, connection: AzureOpenAIConnection) -> None:
        super().__init__()
        self.connection = connection

    @tool
    def completion(self, prompt: PromptTemplate, deployment_name: str, **kwargs: Any) -> Any:
        """Return a completion of the rendered prompt."""
        return call_model(self.connection, prompt, "completion", deployment_name, kwargs)

    @tool
    def chat(self, prompt: PromptTemplate, deployment_name: str, **kwargs: Any) -> Any:
        """Return a chat model's answer, or its message when it may call tools or functions."""
        return call_model(self.connection, prompt, "chat", deployment_name, kwargs)


@tool
def completion(connection: AzureOpenAIConnection, prompt: PromptTemplate, deployment_name: str, **kwargs: Any) -> Any:
    """Return a completion of the rendered prompt; `kwargs`: the template's variables and the model's parameters."""
    return call_model(connection, prompt, "completion", deployment_name, kwargs)


@tool
def chat(connection: AzureOpenAIConnection, prompt: PromptTemplate, deployment_name: str, **kwargs: Any) -> Any:
    """Return a chat model's answer, or its message when it may call tools or functions; with ``stream=True`` its pieces."""
    return call_model(connection, prompt, "chat", deployment_name, kwargs)
