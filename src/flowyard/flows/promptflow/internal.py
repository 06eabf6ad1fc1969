"""Names of promptflow's private modules that flows and tool packages import all the same."""

import logging
from pathlib import Path
from typing import Any, TextIO, cast

import yaml

from flowyard.flows.nodes.tool import ToolProvider, tool
from flowyard.flows.promptflow.contracts.multimedia import Image
from flowyard.flows.promptflow.exceptions import PromptflowException, UserErrorException

__all__ = [
    "ErrorResponse",
    "ExceptionPresenter",
    "InvalidRunStatusError",
    "ToolProvider",
    "convert_multimedia_data_to_string",
    "get_logger",
    "load_yaml",
    "load_yaml_string",
    "register_connections",
    "tool",
]


class InvalidRunStatusError(UserErrorException):
    """A run is not in the state that something needs."""


def get_logger(name: str = "promptflow", *_: Any, **__: Any) -> logging.Logger:
    """Return a logger that also shows information."""
    logger = logging.getLogger(name)
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
    return logger


def register_connections(*kinds: type[Any]) -> None:
    """Take note of a package's own classes of connections: nothing needs it, for a node gets any connection by its type here."""
    del kinds


def load_yaml(source: str | Path | TextIO) -> Any:
    """Return what a YAML file says: its path, or the open file."""
    text = Path(source).read_text(encoding="utf-8") if isinstance(source, str | Path) else source.read()
    return load_yaml_string(text)


def load_yaml_string(text: str) -> Any:
    """Return what YAML text says."""
    return yaml.safe_load(text)


def convert_multimedia_data_to_string(value: Any) -> Any:
    """Return `value` with images as their names."""
    if isinstance(value, dict):
        return {key: convert_multimedia_data_to_string(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list):
        return [convert_multimedia_data_to_string(item) for item in cast("list[Any]", value)]
    return str(value) if isinstance(value, Image) else value


class ExceptionPresenter:
    """An exception as prompt flow tells of it."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    @classmethod
    def create(cls, ex: BaseException) -> "ExceptionPresenter":
        """Make it."""
        return cls(ex)

    def to_dict(self, include_debug_info: bool = False) -> dict[str, Any]:
        """Return code, message and inner errors."""
        del include_debug_info
        error = self._error
        codes = error.error_codes if isinstance(error, PromptflowException) else ["SystemError", type(error).__name__]
        inner: dict[str, Any] | None = None
        for code in reversed(codes[1:]):
            inner = {"code": code, "innerError": inner}
        return {"code": codes[0], "message": str(self._error), "messageFormat": "", "messageParameters": {}, "innerError": inner}


class ErrorResponse:
    """The body of an answer that tells of an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        self._error = error

    @staticmethod
    def from_exception(ex: BaseException, *, include_debug_info: bool = False) -> "ErrorResponse":
        """Make it of an exception."""
        return ErrorResponse(ExceptionPresenter.create(ex).to_dict(include_debug_info))

    @staticmethod
    def from_error_dict(error_dict: dict[str, Any]) -> "ErrorResponse":
        """Make it of what `ExceptionPresenter` says."""
        return ErrorResponse(error_dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the body."""
        return {"error": self._error}

    to_simplified_dict = to_dict

    @property
    def innermost_error_code(self) -> str:
        """The code of the innermost error."""
        found: dict[str, Any] = self._error
        while isinstance(found.get("innerError"), dict):
            found = found["innerError"]
        return str(found["code"])

    @property
    def response_code(self) -> int:
        """400 for the user's mistake, else 500."""
        return 400 if self._error["code"] == "UserError" else 500
