"""What a Python tool's source says about it, read from its syntax tree: nothing is imported or run."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSignature:
    """The function that a file offers as its tool.

    Attributes:
        name: the function's name.
        line: where it is defined, from 1.
        parameters: name to "it has a default", without ``self``.
        open: any input may fit: it takes ``**kwargs``, or is a method, whose class takes some at its making.
        is_async: a coroutine or asynchronous generator.
    """

    name: str
    line: int
    parameters: dict[str, bool]
    open: bool
    is_async: bool


def signatures(source: str) -> list[ToolSignature]:
    """Return the tools that `source` defines: functions, and methods of classes, that are decorated with ``tool``.

    Where there is none, the classes that may have inherited one.

    Raises:
        SyntaxError: `source` is no Python; it has the line.
    """
    tree = ast.parse(source)
    names = _tool_names(tree)
    found: list[ToolSignature] = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            if _is_tool(statement, names):
                found.append(_signature(statement, method=False))
        elif isinstance(statement, ast.ClassDef):
            functions = [item for item in statement.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            methods = [item for item in functions if _is_tool(item, names)]
            found += [_signature(item, method=True) for item in methods]
    return found or [_inherited(item) for item in tree.body if isinstance(item, ast.ClassDef) and _may_inherit(item)]


def _may_inherit(item: ast.ClassDef) -> bool:
    """A class of another base than `ToolProvider` may have its tool from there."""
    names = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in item.bases}
    return bool(names - {"ToolProvider", "CustomStrongTypeConnection", "Enum", "StrEnum", "str", "object", "ABC", "Exception", "BaseModel"})


def _inherited(item: ast.ClassDef) -> ToolSignature:
    return ToolSignature(name=item.name, line=item.lineno, parameters={}, open=True, is_async=False)


def _tool_names(tree: ast.Module) -> set[str]:
    """Return ``tool`` and whatever it is imported as."""
    names = {"tool"}
    for statement in ast.walk(tree):
        if isinstance(statement, ast.ImportFrom):
            names |= {alias.asname for alias in statement.names if alias.name == "tool" and alias.asname}
    return names


def _is_tool(function: ast.FunctionDef | ast.AsyncFunctionDef, names: set[str]) -> bool:
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
        if name in names:
            return True
    return False


def _signature(function: ast.FunctionDef | ast.AsyncFunctionDef, *, method: bool) -> ToolSignature:
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    parameters = {argument.arg: index >= without for index, argument in enumerate(positional)}
    parameters |= {argument.arg: default is not None for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)}
    if method and positional:
        parameters.pop(positional[0].arg, None)
    return ToolSignature(
        name=function.name,
        line=function.lineno,
        parameters=parameters,
        open=method or arguments.kwarg is not None,
        is_async=isinstance(function, ast.AsyncFunctionDef),
    )
