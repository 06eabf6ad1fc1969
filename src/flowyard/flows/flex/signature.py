"""What an entry takes: from the source of its module, without running it, and from the function itself once it is there."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from flowyard.flows.model import InitSpec, InputSpec, Place, ValueType

_VALUES: dict[str, ValueType] = {
    "int": "int",
    "float": "double",
    "bool": "bool",
    "str": "string",
    "list": "list",
    "Secret": "secret",
    "PromptTemplate": "prompt_template",
    "FilePath": "file_path",
    "Image": "image",
    "AssistantDefinition": "assistant_definition",
}
MODEL_CONFIGURATIONS = ("AzureOpenAIModelConfiguration", "OpenAIModelConfiguration")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name, the name of its annotation's type (empty: none that says something), its default.

    `default` counts when `optional`; where it stands in the source it is a literal, and ``...`` for everything else.
    """

    name: str
    type: str
    optional: bool
    default: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySignature:
    """What an entry is and takes.

    Attributes:
        line: where its definition begins.
        is_class: it is a class, made once.
        parameters: what each call takes.
        open: calls take any name besides.
        init: what the making takes.
        init_open: it takes any name besides, or what it takes is told by a class that this one inherits from.
        calls: it can be called: a function, or a class with ``__call__``.
        aggregates: how many values ``__aggregate__`` takes; None: there is none.
    """

    line: int
    is_class: bool
    parameters: tuple[Parameter, ...] = ()
    open: bool = False
    init: tuple[Parameter, ...] = ()
    init_open: bool = False
    calls: bool = True
    aggregates: int | None = None


def value_type(name: str) -> ValueType:
    """Return the value type of an annotation's name; ``object`` for what prompt flow has no type for."""
    return _VALUES.get(name, "object")


def input_specs(parameters: tuple[Parameter, ...], place: Place) -> dict[str, InputSpec]:
    """Return the flow inputs for what a call takes. A default that is no plain value stays the code's own."""
    specs: dict[str, InputSpec] = {}
    for it in parameters:
        default, kind = _plain(it)
        specs[it.name] = InputSpec(
            name=it.name,
            type=value_type(it.type or kind),
            place=place,
            default=default,
            has_default=bool(kind),
            in_code=it.optional and not kind,
        )
    return specs


def init_specs(parameters: tuple[Parameter, ...], place: Place) -> dict[str, InitSpec]:
    """Return the parameters of a class as its making takes them."""
    specs: dict[str, InitSpec] = {}
    for it in parameters:
        known = it.type in MODEL_CONFIGURATIONS or it.type.endswith("Connection")
        default, kind = _plain(it)
        specs[it.name] = InitSpec(
            name=it.name, type=it.type if known else value_type(it.type or kind), place=place, default=default, in_code=it.optional
        )
    return specs


def _plain(parameter: Parameter) -> tuple[Any, str]:
    """Return a default that is a plain value, with its type's name; None and no name for every other."""
    kind = type(parameter.default).__name__
    plain = parameter.optional and kind in {"str", "int", "float", "bool", "list", "dict"}
    return (parameter.default, kind) if plain else (None, "")


def names_defined(source: str) -> tuple[dict[str, ast.stmt], bool]:
    """Return what a module defines at its top by name, and whether it has more names than its source shows.

    Raises:
        SyntaxError: `source` is no Python; it has the line.
    """
    names: dict[str, ast.stmt] = {}
    more = False
    for statement in _statements(ast.parse(source).body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[statement.name] = statement
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            more = more or any(alias.name == "*" for alias in statement.names)
            names |= dict.fromkeys((alias.asname or alias.name.partition(".")[0] for alias in statement.names), statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names |= dict.fromkeys((name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)), statement)
    return names, more


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those inside of ``if`` and ``try`` included."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody"):
            if isinstance(statement, ast.If | ast.Try | ast.With):
                yield from _statements(getattr(statement, part, []))
        for handler in statement.handlers if isinstance(statement, ast.Try) else ():
            yield from _statements(handler.body)


def read_signature(definition: ast.stmt) -> EntrySignature | None:
    """Return the signature of a definition, or None when only running the module could tell: it is a name for something else."""
    if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
        parameters, extra = _read_parameters(definition.args)
        decorated = [name for it in definition.decorator_list if (name := _name(it.func if isinstance(it, ast.Call) else it)) != "trace"]
        return EntrySignature(line=definition.lineno, is_class=False, parameters=parameters, open=extra or bool(decorated))
    if not isinstance(definition, ast.ClassDef):
        return None
    methods = {item.name: item for item in definition.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)}
    inherits = bool(definition.bases or definition.decorator_list)
    call, init, aggregate = methods.get("__call__"), methods.get("__init__"), methods.get("__aggregate__")
    parameters, extra = _read_parameters(call.args, method=True) if call else ((), inherits)
    making, making_open = _read_parameters(init.args, method=True) if init else ((), inherits)
    return EntrySignature(
        line=definition.lineno,
        is_class=True,
        parameters=parameters,
        open=extra,
        init=making,
        init_open=making_open,
        calls=call is not None or inherits,
        aggregates=len(_read_parameters(aggregate.args, method=True)[0]) if aggregate else None,
    )


def _read_parameters(arguments: ast.arguments, *, method: bool = False) -> tuple[tuple[Parameter, ...], bool]:
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    pairs: list[tuple[ast.arg, ast.expr | None]] = [
        (argument, arguments.defaults[index - without] if index >= without else None) for index, argument in enumerate(positional)
    ]
    pairs = [*(pairs[1:] if method else pairs), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    found = (Parameter(it.arg, _name(it.annotation), default is not None, _literal(default)) for it, default in pairs)
    return tuple(found), arguments.kwarg is not None


def _name(annotation: ast.expr | None) -> str:
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Constant(value=str(text)) if text.isidentifier():
            return text
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional"), slice=inner):
            return _name(inner)
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _name(left)
        case _:
            return ""


def _literal(default: ast.expr | None) -> Any:
    if default is None:
        return None
    try:
        return ast.literal_eval(default)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ...


def signature_of(function: Callable[..., Any]) -> tuple[tuple[Parameter, ...], bool]:
    """Return what `function` takes by name, and whether it takes any name besides."""
    hints = _hints(function)
    found: list[Parameter] = []
    extra = False
    for name, it in inspect.signature(function).parameters.items():
        if it.kind in {it.VAR_KEYWORD, it.VAR_POSITIONAL}:
            extra = extra or it.kind is it.VAR_KEYWORD
        else:
            optional = it.default is not it.empty
            found.append(Parameter(name, hint_name(hints.get(name)), optional, it.default if optional else None))
    return tuple(found), extra


def unwrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a partial function calls in the end; any other function itself."""
    found: Any = function
    while isinstance(found, partial):
        found = cast("Any", found).func
    return found


def hint_name(hint: Any) -> str:
    """Return the name of a type, without ``| None``; empty for others than a class."""
    if get_origin(hint) in {Union, UnionType}:
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        return hint_name(kinds[0]) if len(kinds) == 1 else ""
    return hint.__name__ if inspect.isclass(hint) and get_origin(hint) is None else ""


def _hints(function: Callable[..., Any]) -> Mapping[str, Any]:
    code = unwrapped(function)
    target = code if inspect.isroutine(code) else code.__init__ if inspect.isclass(code) else type(code).__call__
    try:
        return get_type_hints(target)
    except (NameError, TypeError, AttributeError):
        return dict(getattr(target, "__annotations__", {}))
