"""``@tool``: marks a function as a flow's tool. The function itself stays as it is."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

F = TypeVar("F", bound=Callable[..., Any])
_ATTRIBUTE = "__flowyard_tool__"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSetting:
    """How an input of a tool is shown in a form."""

    is_multi_select: bool | None = None
    allow_manual_entry: bool | None = None
    enabled_by: str | None = None
    enabled_by_value: list[Any] | None = None
    dynamic_list: Callable[..., Any] | None = None
    generated_by: Any = None


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
    """
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
