"""``promptflow.contracts.types``."""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["AssistantDefinition", "FilePath", "PromptTemplate", "Secret"]


class Secret(str):
    """A secret text."""

    def set_secret_name(self, name: str) -> None:
        """Remember what it is called."""
        self.secret_name = name


class PromptTemplate(str):
    """The text of a prompt template."""

    __slots__ = ()


class FilePath(str):
    """The path of a file."""

    __slots__ = ()


@dataclass
class AssistantDefinition:
    """The definition of an assistant. `tools` is as its file says it; `_tool_invoker` has their functions."""

    model: str = ""
    instructions: str = ""
    tools: list[Any] = field(default_factory=list[Any])

    def __post_init__(self) -> None:
        self._tool_invoker: Any = None

    @staticmethod
    def deserialize(data: dict[str, Any]) -> "AssistantDefinition":
        """Make it from its file's mapping."""
        return AssistantDefinition(data.get("model", ""), data.get("instructions", ""), data.get("tools", []))

    def serialize(self) -> dict[str, Any]:
        """Return it as a mapping."""
        return {"model": self.model, "instructions": self.instructions, "tools": self.tools}
