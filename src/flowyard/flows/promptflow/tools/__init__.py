"""``promptflow.tools``: the model tools that user code calls. They run on any connection that has models."""

from flowyard.flows.promptflow.tools import prompts as common
from flowyard.flows.promptflow.tools.aoai import AzureOpenAI
from flowyard.flows.promptflow.tools.openai import OpenAI

__all__ = ["AzureOpenAI", "OpenAI", "common"]
