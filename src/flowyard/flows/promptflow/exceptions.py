"""``promptflow.exceptions``: what user code raises and catches."""

from enum import StrEnum
from string import Formatter
from typing import Any

__all__ = ["ErrorTarget", "PromptflowException", "SystemErrorException", "UserErrorException", "ValidationException"]


class ErrorTarget(StrEnum):
    """Where an error comes from; here only names."""

    EXECUTOR = "Executor"
    BATCH = "Batch"
    CORE = "Core"
    FLOW_EXECUTOR = "FlowExecutor"
    NODE_EXECUTOR = "NodeExecutor"
    TOOL = "Tool"
    AZURE_RUN_STORAGE = "AzureRunStorage"
    RUNTIME = "Runtime"
    UNKNOWN = "Unknown"
    RUN_TRACKER = "RunTracker"
    RUN_STORAGE = "RunStorage"
    CONTROL_PLANE_SDK = "ControlPlaneSDK"
    SERVING_APP = "ServingApp"
    FLOW_INVOKER = "FlowInvoker"
    FUNCTION_PATH = "FunctionPath"


class PromptflowException(Exception):  # noqa: N818 - prompt flow's names
    """Base of prompt flow's errors: a message, or a format with its arguments.

    Raised in a tool, it fails the node under its own class's name, as its author meant it, and not as an execution failure.
    """

    def __init__(
        self,
        message: object = "",
        message_format: str = "",
        target: ErrorTarget | str = ErrorTarget.UNKNOWN,
        module: str | None = None,
        **kwargs: Any,
    ) -> None:
        names = {name for _, name, _, _ in Formatter().parse(message_format) if name}
        formatted = message_format.format(**{name: kwargs.get(name, f"<{name}>") for name in names}) if message_format else ""
        self.message = str(message) if message else formatted or type(self).__name__
        super().__init__(self.message)
        self.message_format = message_format
        self.target = target
        self.module = module
        self.inner_exception = kwargs.get("error")

    @property
    def error_codes(self) -> list[str]:
        """The names of its classes from the most general, without ``Exception`` at their ends."""
        kinds = type(self).__mro__[: type(self).__mro__.index(PromptflowException)]
        return [kind.__name__.removesuffix("Exception") for kind in reversed(kinds)]


class UserErrorException(PromptflowException):
    """The user's mistake."""


class SystemErrorException(PromptflowException):
    """Not the user's mistake."""


class ValidationException(UserErrorException):
    """Something is not valid."""
