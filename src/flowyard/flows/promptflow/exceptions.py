"""``promptflow.exceptions``: what user code raises and catches."""

__all__ = ["ErrorTarget", "PromptflowException", "SystemErrorException", "UserErrorException", "ValidationException"]


class ErrorTarget:
    """Where an error comes from; here only names."""

    UNKNOWN = "Unknown"
    TOOL = "Tool"
    EXECUTOR = "Executor"


class PromptflowException(Exception):  # noqa: N818 - prompt flow's names
    """Base of prompt flow's errors."""

    def __init__(self, message: str = "", message_format: str = "", target: str = ErrorTarget.UNKNOWN, **kwargs: object) -> None:
        super().__init__(message or (message_format.format(**kwargs) if message_format else ""))
        self.message = str(self)
        self.target = target


class UserErrorException(PromptflowException):
    """The user's mistake."""


class SystemErrorException(PromptflowException):
    """Not the user's mistake."""


class ValidationException(UserErrorException):
    """Something is not valid."""
