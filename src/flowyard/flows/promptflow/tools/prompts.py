"""``promptflow.tools.common``: rendering and parsing prompts, and what tool packages use of the openai library."""

import functools
import importlib
import time
from collections.abc import Callable, Iterable
from typing import Any, cast

from flowyard.flows.errors import FlowError
from flowyard.flows.nodes.images import images_in
from flowyard.flows.nodes.parameters import request_parameters
from flowyard.flows.nodes.roles import ROLES, parse_messages
from flowyard.flows.nodes.template import JoinedList as ChatInputList
from flowyard.flows.nodes.template import PromptText as PromptResult
from flowyard.flows.nodes.template import Template, images_on_lines, unmark
from flowyard.flows.nodes.template import joined as convert_to_chat_list
from flowyard.flows.promptflow.connections import AzureOpenAIConnection, Connection, OpenAIConnection, ServerlessConnection
from flowyard.flows.promptflow.contracts.multimedia import PFBytes
from flowyard.flows.promptflow.exceptions import PromptflowException, UserErrorException
from flowyard.flows.promptflow.tools.calls import TO_ESCAPE, origins_of

__all__ = [
    "ChatInputList",
    "PromptResult",
    "build_messages",
    "convert_to_chat_list",
    "find_referenced_image_set",
    "handle_openai_error",
    "init_azure_openai_client",
    "init_openai_client",
    "normalize_connection_config",
    "parse_chat",
    "post_process_chat_api_response",
    "preprocess_template_string",
    "process_function_call",
    "process_tool_choice",
    "render_jinja_template",
    "to_bool",
    "validate_functions",
    "validate_tools",
]

INPUTS_TO_ESCAPE_PARAM_KEY = TO_ESCAPE
#: prompt flow's waits: 3 s, doubling to a minute.
_FIRST_WAIT_S, _LONGEST_WAIT_S = 3.0, 60.0


def render_jinja_template(
    template_content: str, trim_blocks: bool = True, keep_trailing_newline: bool = True, escape_dict: object = None, **kwargs: Any
) -> str:
    """Render a template in the sandbox.

    Raises:
        TemplateError: it is no template, an expression failed, or the sandbox refused it.
    """
    del trim_blocks, keep_trailing_newline, escape_dict  # they are what prompt flow always gives
    kwargs.pop(TO_ESCAPE, None)
    return unmark(Template(template_content, dict.fromkeys(kwargs, "author")).render(kwargs))


def parse_chat(
    chat_str: str,
    images: Iterable[PFBytes] | None = None,
    valid_roles: list[str] | None = None,
    image_detail: str = "auto",
    escape_dict: object = None,
) -> list[dict[str, Any]]:
    """Read a rendered prompt into chat messages.

    Raises:
        PromptFormatError: it is no conversation.
    """
    del escape_dict
    text = getattr(chat_str, "marked", chat_str)
    return parse_messages(text, images or (), detail=image_detail, roles=valid_roles or ROLES) if text.strip() else []


def build_messages(prompt: str, images: Iterable[PFBytes] | None = None, image_detail: str = "auto", **kwargs: Any) -> list[dict[str, Any]]:
    """Render a prompt and read it into chat messages; what came from outside makes no role.

    Raises:
        TemplateError, PromptFormatError: it cannot be done.
    """
    origins = origins_of(kwargs.pop(TO_ESCAPE, None) or (), kwargs)
    return parse_messages(Template(prompt, origins).render(kwargs), images or (), detail=image_detail)


def preprocess_template_string(template_string: str) -> str:
    """Put the images of a template on lines of their own."""
    return images_on_lines(template_string, "\n")


def find_referenced_image_set(kwargs: dict[str, Any]) -> set[PFBytes]:
    """Return the images among values."""
    return set(images_in(kwargs))


def to_bool(value: object) -> bool:
    """Whether `value` says true."""
    return str(value).lower() == "true"


def validate_functions(functions: list[Any]) -> None:
    """Return when `functions` can be sent.

    Raises:
        FunctionsError: they cannot.
    """
    request_parameters({"functions": functions or [None]}, "chat")


def process_function_call(function_call: Any) -> Any:
    """Return which function the model is to call; default ``auto``.

    Raises:
        FunctionsError: it is neither auto, none nor a mapping with a name.
    """
    any_function: list[Any] = [{"name": "f", "parameters": {"type": "object", "properties": {}}}]
    return request_parameters({"functions": any_function, "function_call": function_call}, "chat")["function_call"]


def validate_tools(tools: list[Any]) -> None:
    """Return when `tools` can be sent.

    Raises:
        ToolsError: they cannot.
    """
    request_parameters({"tools": tools or [None]}, "chat", azure=True)


def process_tool_choice(tool_choice: Any) -> Any:
    """Return which tool the model is to call; default ``auto``.

    Raises:
        ToolsError: it is neither auto, none, required nor a mapping that names a function.
    """
    any_tool: list[Any] = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}]
    return request_parameters({"tools": any_tool, "tool_choice": tool_choice}, "chat", azure=True)["tool_choice"]


def normalize_connection_config(connection: Connection) -> dict[str, Any]:
    """Return the arguments of the openai library's client for a connection.

    Raises:
        UserErrorException: the connection has no models of that kind.
    """
    if isinstance(connection, AzureOpenAIConnection):
        signed = {"api_key": connection.api_key} if connection.api_key else {"azure_ad_token_provider": connection.get_token}
        return {"max_retries": 0, "api_version": connection.api_version, "azure_endpoint": connection.api_base, **signed}
    if isinstance(connection, OpenAIConnection):
        return {
            "max_retries": 0,
            "api_key": connection.api_key,
            "organization": connection.organization,
            "base_url": connection.base_url,
        }
    if isinstance(connection, ServerlessConnection):
        base = str(connection.api_base)
        return {"max_retries": 0, "api_key": connection.api_key, "base_url": base if base.endswith("/v1") else f"{base}/v1"}
    raise UserErrorException(
        f"A connection of type {type(connection).__name__} has no OpenAI models; "
        "use AzureOpenAIConnection, OpenAIConnection or ServerlessConnection."
    )


def init_openai_client(connection: Connection) -> Any:
    """Return the openai library's client of a connection.

    Raises:
        UserErrorException: the library is not installed, or the connection is of another type.
    """
    return _library().OpenAI(**normalize_connection_config(connection))


def init_azure_openai_client(connection: Connection) -> Any:
    """Return the openai library's Azure client of a connection.

    Raises:
        UserErrorException: the library is not installed, or the connection is of another type.
    """
    return _library().AzureOpenAI(**normalize_connection_config(connection))


def _library() -> Any:
    try:
        return importlib.import_module("openai")
    except ImportError as error:
        raise UserErrorException("This tool uses the openai library: pip install openai") from error


def post_process_chat_api_response(completion: Any, stream: bool, functions: Any = None, tools: Any = None) -> Any:
    """Return what a tool returns of the openai library's answer: its text, its message where it may call something, or its pieces."""
    if stream:
        if functions is not None:
            raise FlowError("Function calling has not been supported by stream mode yet.", remedy="Use tools, or no stream.")
        return ((chunk.choices[0].delta.content or "") for chunk in completion if chunk.choices)
    if functions or tools:
        return completion.model_dump()["choices"][0]["message"]
    return getattr(completion.choices[0].message, "content", "")


def handle_openai_error(tries: int = 100, unprocessable_entity_error_tries: int = 3) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Try a function again that calls the openai library: after 429 (not ``insufficient_quota``), 5xx, and 422 up to three in a row."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            unprocessable = 0
            for attempt in range(tries + 1):
                try:
                    return function(*args, **kwargs)
                except (PromptflowException, FlowError):
                    raise
                except Exception as error:
                    status = getattr(error, "status_code", None)
                    unprocessable = unprocessable + 1 if status == 422 else 0
                    if attempt == tries or unprocessable >= unprocessable_entity_error_tries or not _passes(error, status):
                        raise
                    time.sleep(_pause(error, attempt))
            raise AssertionError

        return call

    return decorate


def _passes(error: Exception, status: object) -> bool:
    if not isinstance(status, int):
        text = f"{error} {error.__cause__}".lower()
        return "connection aborted" in text or "server disconnected without sending a response" in text
    return status >= 500 or status == 422 or (status == 429 and getattr(error, "type", None) != "insufficient_quota")


def _pause(error: Exception, attempt: int) -> float:
    headers = cast("dict[str, str]", getattr(getattr(error, "response", None), "headers", None) or {})
    asked = headers.get("retry-after")
    return float(asked) if asked and asked.replace(".", "", 1).isdigit() else min(_FIRST_WAIT_S + 2**attempt - 1, _LONGEST_WAIT_S)
