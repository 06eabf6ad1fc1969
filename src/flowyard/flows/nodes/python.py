"""Python nodes: a function with ``@tool`` in a file of the flow."""

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from flowyard.flows.errors import ToolError, UnknownConnectionError
from flowyard.flows.model import Constant, NodeSpec
from flowyard.flows.nodes.modules import FlowModules
from flowyard.flows.nodes.tool import ToolProvider, runs_on_loop, settings_of
from flowyard.flows.promptflow.connections import Connection, connection_object
from flowyard.flows.runtime.plan import Executable
from flowyard.foundation.errors import Location

Connections = Mapping[str, Mapping[str, Any]]


def python_node(node: NodeSpec, modules: FlowModules, connections: Connections) -> Executable:
    """Load a Python node's tool.

    Raises:
        ToolError: its file cannot be imported, or offers no tool, or several.
        UnknownConnectionError: it names a connection that is not there.
    """
    path = (node.source.path if node.source else None) or ""
    module = _imported(node, modules, path)
    call, function = _tool_of(node, module, path)
    constants = _connection_arguments(call, function, node, connections)
    parameters = _parameters(call)
    defaults = frozenset(name for name, parameter in parameters.items() if parameter.default is not inspect.Parameter.empty)
    return Executable(call=call, is_async=runs_on_loop(function), defaults=defaults, constants=constants)


def _imported(node: NodeSpec, modules: FlowModules, path: str) -> ModuleType:
    try:
        return modules.load(path)
    except ToolError:
        raise
    except (Exception, SystemExit) as error:
        line = _line_in(error, str(modules.folder / path))
        raise ToolError(
            f"{path} of node {node.name!r} cannot be imported: {type(error).__name__}: {error}",
            location=Location(file=path, line=line),
            remedy="Install what it needs into this environment (see the flow's requirements.txt)."
            if isinstance(error, ModuleNotFoundError)
            else None,
        ) from error


def _line_in(error: BaseException, file: str) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _tool_of(node: NodeSpec, module: ModuleType, path: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return what to call (a function, or a method of an object that was made for the node), and the function itself."""
    wanted = node.source.tool if node.source else None
    functions: list[tuple[str, Callable[..., Any], type[Any] | None]] = []
    for name, item in vars(module).items():
        if getattr(item, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(item) and settings_of(item):
            functions.append((name, item, None))
        elif inspect.isclass(item):
            functions += [(key, method, item) for key, method in vars(item).items() if inspect.isfunction(method) and settings_of(method)]
    if wanted and len(functions) > 1:
        functions = [found for found in functions if found[0] == wanted.rpartition(".")[2]]
    if len(functions) != 1:
        names = ", ".join(name for name, _, _ in functions) or "none"
        raise ToolError(
            f"{path} of node {node.name!r} must have exactly one function with @tool; it has {names}.",
            remedy="Put @tool above one function of the file.",
            location=Location(file=path),
        )
    _, function, owner = functions[0]
    if owner is None:
        return function, function
    return _method(node, function, owner), function


def _method(node: NodeSpec, function: Callable[..., Any], owner: type[Any]) -> Callable[..., Any]:
    """Make the class with the node's literal inputs that its ``__init__`` takes, and return the bound method."""
    taken = set(inspect.signature(owner).parameters) if issubclass(owner, ToolProvider) or "__init__" in vars(owner) else set[str]()
    given = {name: binding.value.value for name, binding in node.inputs.items() if name in taken and isinstance(binding.value, Constant)}
    made = owner(**given)
    bound = getattr(made, function.__name__)
    if not given:
        return bound

    def call(**arguments: Any) -> Any:
        return bound(**{name: value for name, value in arguments.items() if name not in given})

    call.__signature__ = inspect.signature(bound)  # pyright: ignore[reportFunctionMemberAccess]
    return call


def _parameters(call: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(call).parameters
    except (TypeError, ValueError):
        return {}


def _connection_arguments(
    call: Callable[..., Any], function: Callable[..., Any], node: NodeSpec, connections: Connections
) -> dict[str, Any]:
    """Return the connection objects for literal inputs that name one.

    A parameter takes a connection when its annotation says so, or when it is called ``connection`` or ``..._connection`` without one.
    """
    found: dict[str, Any] = {}
    hints, taken = _hints(function), _parameters(call)
    for name, binding in node.inputs.items():
        value = binding.value.value if isinstance(binding.value, Constant) else None
        if not isinstance(value, str) or not value:
            continue
        wanted = _connection_class(hints.get(name))
        by_name = name in taken and name not in hints and (name == "connection" or name.endswith("_connection")) and value in connections
        if wanted is None and not by_name:
            continue
        if value not in connections:
            raise UnknownConnectionError(value, known=tuple(connections))
        found[name] = connection_object(value, connections[value], wanted)
    return found


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except (NameError, TypeError, AttributeError):
        return dict(getattr(function, "__annotations__", {}))


def _connection_class(hint: Any) -> type[Connection] | None:
    kinds = get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)
    return next((kind for kind in kinds if inspect.isclass(kind) and issubclass(kind, Connection)), None)
