"""``promptflow.tools.openai``: chat and completion with ``model``."""

from typing import Any

from flowyard.flows.nodes.tool import ToolProvider, tool
from flowyard.flows.promptflow.connections import OpenAIConnection
from flowyard.flows.promptflow.contracts.types import PromptTemplate
from flowyard.flows.promptflow.tools.calls import call_model

__all__ = ["OpenAI", "chat", "completion"]


class OpenAI(ToolProvider):
    """The models of an OpenAI connection."""

    def __init__(self, connection: OpenAIConnection) -> None:
        super().__init__()
        self.connection = connection

    @tool
    def completion(self, prompt: PromptTemplate, model: str = "", **kwargs: Any) -> Any:
        """Return a completion of the rendered prompt."""
        return call_model(self.connection, prompt, "completion", model, kwargs)

    @tool
    def chat(self, prompt: PromptTemplate, model: str = "", **kwargs: Any) -> Any:
        """Return a chat model's answer, or its message when it may call tools or functions."""
        return call_model(self.connection, prompt, "chat", model, kwargs)


@tool
def completion(connection: OpenAIConnection, prompt: PromptTemplate, model: str = "", **kwargs: Any) -> Any:
    """Return a completion of the rendered prompt; `kwargs`: the template's variables and the model's parameters."""
    return call_model(connection, prompt, "completion", model, kwargs)


@tool
def chat(connection: OpenAIConnection, prompt: PromptTemplate, model: str = "", **kwargs: Any) -> Any:
    """Return a chat model's answer, or its message when it may call tools or functions; with ``stream=True`` its pieces."""
    return call_model(connection, prompt, "chat", model, kwargs)
