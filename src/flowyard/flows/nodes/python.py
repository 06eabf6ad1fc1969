"""Python nodes: a function with ``@tool``, in a file of the flow or in an installed package."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from flowyard.flows.errors import ToolError
from flowyard.flows.model import Constant, NodeSpec
from flowyard.flows.nodes.errors import InitInputError, MissingInputError, PackageToolLoadError, PythonLoadError
from flowyard.flows.nodes.interface import Parameter, parameters_of
from flowyard.flows.nodes.literals import MakingContext, converted
from flowyard.flows.nodes.modules import FlowModules
from flowyard.flows.nodes.tool import ToolProvider, runs_on_loop, settings_of
from flowyard.flows.runtime.context import active_node
from flowyard.flows.runtime.plan import Executable
from flowyard.foundation.errors import Location

Function = Callable[..., Any]


def python_node(context: MakingContext, node: NodeSpec) -> Executable:
    """Load the tool of a Python node whose source is a file.

    Raises:
        ToolError: its file cannot be imported, or offers no tool, or several; a literal input does not fit.
        UnknownConnectionError: it names a connection that is not there.
    """
    path = (node.source.path if node.source else None) or ""
    function, owner = tool_in(node, imported(node, context.modules, path), path)
    return bind(context, node, function, owner)


def bind(
    context: MakingContext, node: NodeSpec, function: Function, owner: type[Any] | None, declared: dict[str, Parameter] | None = None
) -> Executable:
    """Return a tool with the node's literal inputs: `function`, or that method of `owner`, which is made for the node.

    Args:
        context: what the flow's nodes are made with.
        node: the node.
        function: the tool.
        owner: the class that it is a method of.
        declared: what the tool's package says of its parameters; wins over annotations.

    Raises:
        ToolError: the class cannot be made, or a literal input does not fit.
        UnknownConnectionError: an input names a connection that is not there.
    """
    taken = parameters_of(function)
    initial = parameters_of(owner.__init__) if owner is not None and _has_init(owner) else {}
    literals = converted(context, node, {**taken, **initial, **(declared or {})})
    call = function
    if owner is not None:
        call = getattr(_made(node, owner, initial, literals), function.__name__)
    dropped = frozenset(initial) & set(node.inputs)
    if dropped:
        call = _without(call, dropped)
    settings = settings_of(function)
    if settings is not None and settings.streaming_option_parameter:
        call = _streaming(call, settings.streaming_option_parameter)
    defaults = frozenset(name for name, parameter in taken.items() if parameter.has_default)
    return Executable(call=call, is_async=runs_on_loop(function), defaults=defaults, constants=literals)


def imported(node: NodeSpec, modules: FlowModules, path: str) -> ModuleType:
    """Return the module of a node's file.

    Raises:
        ToolError: it cannot be imported.
    """
    try:
        return modules.load(path)
    except ToolError:
        raise
    except (Exception, SystemExit) as error:
        line = _line_in(error, str(modules.folder / path))
        raise PythonLoadError(
            f"{path} of node {node.name!r} cannot be imported: {type(error).__name__}: {error}",
            location=Location(file=path, line=line),
            remedy="Install what it needs into this environment (see the flow's requirements.txt)."
            if isinstance(error, ModuleNotFoundError)
            else None,
        ) from error


def tools_in(module: ModuleType) -> list[tuple[Function, type[Any] | None]]:
    """Return the tools that `module` itself defines: functions, and methods of classes, each with its class."""
    found: list[tuple[Function, type[Any] | None]] = []
    for item in vars(module).values():
        if getattr(item, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(item) and settings_of(item):
            found.append((item, None))
        elif inspect.isclass(item):
            members = [member for _, member in inspect.getmembers(item, inspect.isfunction)]
            found += [(method, item) for method in members if settings_of(method)]
    return found


def tool_in(node: NodeSpec, module: ModuleType, path: str) -> tuple[Function, type[Any] | None]:
    """Return the one tool of a module, and its class when it is a method.

    Raises:
        ToolError: there is none, or several.
    """
    wanted = node.source.tool if node.source else None
    found = tools_in(module)
    if wanted and len(found) > 1:
        found = [tool for tool in found if tool[0].__name__ == wanted.rpartition(".")[2]]
    if len(found) != 1:
        names = ", ".join(function.__name__ for function, _ in found) or "none"
        raise ToolError(
            f"{path} of node {node.name!r} must have exactly one function with @tool; it has {names}.",
            remedy="Put @tool above one function of the file.",
            location=Location(file=path),
        )
    return found[0]


def _line_in(error: BaseException, file: str) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    trace, line = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _has_init(owner: type[Any]) -> bool:
    return any("__init__" in vars(kind) for kind in owner.__mro__ if kind not in {object, ToolProvider})


def _made(node: NodeSpec, owner: type[Any], initial: dict[str, Parameter], literals: dict[str, Any]) -> Any:
    for name in initial:
        binding = node.inputs.get(name)
        if binding is not None and not isinstance(binding.value, Constant):
            raise InitInputError(
                f"Input {name!r} of node {node.name!r} is taken when {owner.__name__} is made, before any line; it is {binding.value}.",
                remedy="Write a literal value, or take it as a parameter of the tool's method.",
                location=Location(file=binding.place.file, line=binding.place.line, column=binding.place.column),
            )
    missing = [name for name, parameter in initial.items() if not parameter.has_default and name not in literals]
    if missing:
        raise MissingInputError(
            f"Node {node.name!r} gives no value for {', '.join(missing)} of {owner.__name__}.", remedy=f"Add inputs: {missing[0]}: ..."
        )
    try:
        return owner(**{name: value for name, value in literals.items() if name in initial})
    except Exception as error:
        raise PackageToolLoadError(
            f"{owner.__name__} of node {node.name!r} cannot be made: ({type(error).__name__}) {error}",
            remedy="Correct the inputs that it is made with, or its __init__.",
        ) from error


def _without(call: Function, dropped: frozenset[str]) -> Function:
    def trimmed(**arguments: Any) -> Any:
        return call(**{name: value for name, value in arguments.items() if name not in dropped})

    return trimmed


def _streaming(call: Function, option: str) -> Function:
    """A tool that can stream is told to when its node's output may be a stream."""

    def told(**arguments: Any) -> Any:
        active = active_node()
        return call(**arguments, **({option: True} if active is not None and active.stream and option not in arguments else {}))

    return told
