"""What can be wrong with a node: its tool, its inputs, its prompt, its images. Codes are prompt flow's names where it has one."""

from flowyard.flows.errors import FlowError, InputTypeError, PromptFormatError, ToolError


class NodeInputError(ToolError):
    """A literal input of a node does not fit its parameter."""

    code = "NodeInputValidationError"
    title = "An input of a node is not valid"


class InitInputError(ToolError):
    """An input that a tool's class takes when it is made is no literal."""

    code = "InputTypeMismatch"
    title = "This input must be a literal"


class MissingInputError(ToolError):
    """A tool's class needs an input that the node does not give."""

    code = "MissingRequiredInputs"
    title = "An input is missing"


class PackageToolNotFoundError(ToolError):
    """No installed package has this tool."""

    code = "PackageToolNotFoundError"
    title = "No such package tool"


class PythonLoadError(ToolError):
    """A Python file of the flow cannot be imported."""

    code = "PythonLoadError"


class PackageToolLoadError(ToolError):
    """A package's tool cannot be imported or made."""

    code = "ToolLoadError"
    title = "A package tool cannot be loaded"


class DuplicateToolMappingError(ToolError):
    """Two tools claim the same deprecated id."""

    code = "DuplicateToolMappingError"
    title = "Two tools claim one id"


class CustomLlmToolError(ToolError):
    """A ``custom_llm`` tool has no parameter for its prompt."""

    code = "InvalidCustomLLMTool"
    title = "This tool takes no prompt"


class ImageError(FlowError):
    """What should be an image is none, or cannot be had."""

    code = "InvalidImageInput"
    title = "An image cannot be used"


class InputImageError(InputTypeError):
    """An input of a flow that should be, or hold, an image cannot be used."""

    code = "LoadMultimediaDataError"
    title = "An image cannot be loaded"


class FunctionRoleError(PromptFormatError):
    """A ``function`` message without a name."""

    code = "ChatAPIFunctionRoleInvalidFormat"
    title = "A function message has no name"


class ToolRoleError(PromptFormatError):
    """A ``tool`` message without an id."""

    code = "ChatAPIToolRoleInvalidFormat"
    title = "A tool message has no id"


class FunctionsError(FlowError):
    """``functions`` or ``function_call`` are not what the chat API takes."""

    code = "ChatAPIInvalidFunctions"
    title = "The functions are not valid"


class ToolsError(FlowError):
    """``tools`` or ``tool_choice`` are not what the chat API takes."""

    code = "ChatAPIInvalidTools"
    title = "The tools are not valid"
