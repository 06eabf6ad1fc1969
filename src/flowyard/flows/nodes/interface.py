"""What a tool's function takes: the type of each parameter, read from its annotation or default as prompt flow reads it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from flowyard.flows.model import ValueType
from flowyard.flows.promptflow.connections import Connection
from flowyard.flows.promptflow.contracts.multimedia import Image
from flowyard.flows.promptflow.contracts.types import AssistantDefinition, FilePath, PromptTemplate, Secret

EMPTY = inspect.Parameter.empty
_VALUE_TYPES: dict[Any, ValueType] = {
    int: "int",
    float: "double",
    bool: "bool",
    str: "string",
    list: "list",
    Secret: "secret",
    PromptTemplate: "prompt_template",
    FilePath: "file_path",
    Image: "image",
    AssistantDefinition: "assistant_definition",
}
_OPEN = frozenset({inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a tool.

    Attributes:
        kind: what a literal becomes; ``connection``: the connection of that name.
        connections: the classes of connections that it takes.
        enum: the values it is meant to have, as texts.
        default: its default, or `EMPTY`.
    """

    kind: ValueType | Literal["connection"] = "object"
    connections: tuple[type[Connection], ...] = ()
    enum: tuple[str, ...] = ()
    default: Any = EMPTY

    @property
    def has_default(self) -> bool:
        """Whether it may be left out."""
        return self.default is not EMPTY


def signature_of(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    """Return the parameters of `function`, without ``self``; none for what has no signature."""
    try:
        found = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
    return {name: parameter for name, parameter in found.items() if name != "self"}


def parameters_of(function: Callable[..., Any]) -> dict[str, Parameter]:
    """Return what `function` takes by name."""
    hints = _hints(function)
    return {name: _parameter(name, given, hints) for name, given in signature_of(function).items() if given.kind not in _OPEN}


def takes_any_name(function: Callable[..., Any]) -> bool:
    """Whether `function` has ``**kwargs``."""
    return any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in signature_of(function).values())


def prompt_parameter(function: Callable[..., Any]) -> str | None:
    """Return the parameter of `function` that is annotated as a prompt template, or None."""
    return next((name for name, parameter in parameters_of(function).items() if parameter.kind == "prompt_template"), None)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except (NameError, TypeError, AttributeError):
        return {}


def _parameter(name: str, given: inspect.Parameter, hints: Mapping[str, Any]) -> Parameter:
    written, default = given.annotation, given.default
    hint = hints.get(name, written)
    connections = _connections(hint)
    if connections:
        return Parameter(kind="connection", connections=connections, default=default)
    if isinstance(written, str):
        # prompt flow does not look behind quotes: a literal is read as JSON where it is some.
        return Parameter(default=default)
    if written is EMPTY and default is not EMPTY:
        written = cast("Any", type(default))
    options = _without_none(written)
    plain = options[0] if len(options) == 1 else None
    if inspect.isclass(plain) and issubclass(plain, Enum):
        return Parameter(kind="string", enum=tuple(str(option.value) for option in plain), default=default)
    return Parameter(kind=_VALUE_TYPES.get(plain, "object") if _is_plain(plain) else "object", default=default)


def _is_plain(hint: Any) -> bool:
    return hint is not None and inspect.isclass(hint)


def _without_none(hint: Any) -> tuple[Any, ...]:
    """Return the options of a ``Union``; ``X | Y`` is one thing to prompt flow, and so is anything else."""
    if get_origin(hint) is not Union:
        return (hint,)
    return tuple(option for option in get_args(hint) if option is not type(None))


def _connections(hint: Any) -> tuple[type[Connection], ...]:
    kinds = [kind for kind in get_args(hint) if kind is not type(None)] if get_origin(hint) in {Union, UnionType} else [hint]
    found = tuple(kind for kind in kinds if inspect.isclass(kind) and issubclass(kind, Connection))
    return found if len(found) == len(kinds) else ()
