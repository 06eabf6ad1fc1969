"""``promptflow.tools.exception``: what the model tools raise. Each is one of our errors, under prompt flow's name."""

from flowyard.flows.errors import FlowError, PromptFormatError, TemplateError
from flowyard.flows.nodes.errors import FunctionRoleError, FunctionsError, ToolRoleError, ToolsError
from flowyard.flows.promptflow.exceptions import UserErrorException
from flowyard.inference.errors import ConnectionInvalidError, ModelCallError

__all__ = [
    "ChatAPIFunctionRoleInvalidFormat",
    "ChatAPIInvalidFunctions",
    "ChatAPIInvalidRole",
    "ChatAPIInvalidTools",
    "ChatAPIToolRoleInvalidFormat",
    "ExceedMaxRetryTimes",
    "InvalidConnectionType",
    "JinjaTemplateError",
    "LLMError",
    "ToolValidationError",
    "WrappedOpenAIError",
]

ToolValidationError = FlowError
JinjaTemplateError = TemplateError
ChatAPIInvalidRole = PromptFormatError
ChatAPIFunctionRoleInvalidFormat = FunctionRoleError
ChatAPIToolRoleInvalidFormat = ToolRoleError
ChatAPIInvalidFunctions = FunctionsError
ChatAPIInvalidTools = ToolsError
InvalidConnectionType = ConnectionInvalidError
WrappedOpenAIError = ModelCallError
ExceedMaxRetryTimes = ModelCallError


class LLMError(UserErrorException):
    """A call of a model failed in another way."""
