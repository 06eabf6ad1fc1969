"""``promptflow.contracts.types``."""

__all__ = ["AssistantDefinition", "FilePath", "PromptTemplate", "Secret"]


class Secret(str):
    """A secret text."""

    __slots__ = ()


class PromptTemplate(str):
    """The text of a prompt template."""

    __slots__ = ()


class FilePath(str):
    """The path of a file."""

    __slots__ = ()


class AssistantDefinition(dict[str, object]):
    """The definition of an assistant."""
