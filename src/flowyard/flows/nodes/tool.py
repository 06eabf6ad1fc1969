"""``@tool``: marks a function as a flow's tool. The function itself stays as it is."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, overload

from flowyard.flows.errors import ToolError

F = TypeVar("F", bound=Callable[..., Any])
_ATTRIBUTE = "__flowyard_tool__"
_TYPES = ("llm", "python", "csharp", "prompt", "action", "custom_llm")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSettings:
    """What ``@tool(...)`` was given."""

    name: str | None = None
    description: str | None = None
    type: str | None = None
    input_settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    streaming_option_parameter: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


class ToolProvider:
    """Base of classes whose methods are tools; ``__init__`` takes the node's literal inputs."""


class DynamicList:
    """Says which function lists the values that an input may have; `input_mapping`: its arguments to inputs of the tool."""

    def __init__(self, function: Callable[..., Any] | str, input_mapping: Mapping[str, str] | None = None) -> None:
        self.function = function
        self.input_mapping = dict(input_mapping or {})


class GeneratedBy:
    """Says which function makes an input's value of others, and which makes these of the value."""

    def __init__(
        self,
        function: Callable[..., Any] | str,
        reverse_function: Callable[..., Any] | str,
        input_settings: Mapping[str, "InputSetting"] | None = None,
    ) -> None:
        self.function = function
        self.reverse_function = reverse_function
        self.input_settings = dict(input_settings or {})


@dataclass(init=False)
class InputSetting:
    """How an input of a tool is shown in a form. Names that it does not know are kept in `more`."""

    is_multi_select: bool | None = None
    allow_manual_entry: bool | None = None
    enabled_by: str | None = None
    enabled_by_value: list[Any] | None = None
    dynamic_list: DynamicList | None = None
    generated_by: GeneratedBy | None = None

    def __init__(self, **settings: Any) -> None:
        for known in fields(self):
            setattr(self, known.name, settings.pop(known.name, None))
        self.more = settings


@overload
def tool(function: F, /) -> F: ...
@overload
def tool(
    function: None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    type: str | None = None,
    input_settings: Mapping[str, Any] | None = None,
    streaming_option_parameter: str | None = None,
    **kwargs: Any,
) -> Callable[[F], F]: ...


def tool(
    function: Any = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    type: str | None = None,  # noqa: A002
    input_settings: Mapping[str, Any] | None = None,
    streaming_option_parameter: str | None = None,
    **kwargs: Any,
) -> Any:
    """Mark a function (or a method of a `ToolProvider`) as a tool: bare ``@tool`` or ``@tool(name=...)``.

    It may be a plain function, a coroutine function, or a generator of either kind.

    Raises:
        ToolError: `type` is none that prompt flow knows.
    """
    if type not in (None, *_TYPES):
        raise ToolError(f"Tool type {type} is not supported yet.", remedy=f"Write one of {', '.join(_TYPES)}, or none.")
    settings = ToolSettings(
        name=name,
        description=description,
        type=type,
        input_settings=dict(input_settings or {}),
        streaming_option_parameter=streaming_option_parameter,
        extra=kwargs,
    )

    def mark(marked: F) -> F:
        setattr(marked, _ATTRIBUTE, settings)
        return marked

    return mark if function is None else mark(function)


def settings_of(function: object) -> ToolSettings | None:
    """Return what ``@tool`` left at `function`, or None when it is no tool."""
    found = getattr(function, _ATTRIBUTE, None)
    return found if isinstance(found, ToolSettings) else None


def runs_on_loop(function: Callable[..., Any]) -> bool:
    """Whether `function` is a coroutine function or an asynchronous generator."""
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
