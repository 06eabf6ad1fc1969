"""Nodes whose tool is in an installed package: Python tools, and ``custom_llm`` tools, which take a prompt template of the flow."""

import functools
import importlib
import inspect
import logging
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from flowyard.flows.model import InputReference, NodeSpec, ValueType
from flowyard.flows.nodes.builtin import built_in_node
from flowyard.flows.nodes.errors import CustomLlmToolError, NodeInputError, PackageToolLoadError, PackageToolNotFoundError
from flowyard.flows.nodes.interface import Parameter, prompt_parameter, takes_any_name
from flowyard.flows.nodes.literals import MakingContext
from flowyard.flows.nodes.prompt import image_literals, read_template
from flowyard.flows.nodes.python import bind
from flowyard.flows.nodes.template import template_variables
from flowyard.flows.promptflow.connections import TYPES, Connection, CustomStrongTypeConnection
from flowyard.flows.promptflow.contracts.types import PromptTemplate
from flowyard.flows.runtime.plan import Executable
from flowyard.flows.tools.definitions import PackageTool, installed
from flowyard.flows.tools.known import BUILT_IN, remedy_for
from flowyard.foundation.errors import Location

#: The argument by which a custom LLM tool learns which of its inputs come from outside.
TO_ESCAPE = "_inputs_to_escape"
_CLASSES: dict[str, type[Connection]] = {kind.__name__: kind for kind in TYPES.values()}

log = logging.getLogger(__name__)


def package_node(context: MakingContext, node: NodeSpec) -> Executable:
    """Load the tool of a node whose source is a package.

    Raises:
        PackageToolNotFoundError: no installed package has it.
        ToolError: it cannot be imported or made, or an input does not fit.
        TemplateError: its template cannot be read.
        UnknownConnectionError: it names a connection that is not there.
    """
    tool_id = (node.source.tool if node.source else None) or ""
    if tool_id in BUILT_IN:
        return built_in_node(context, node, tool_id)
    tool = find_tool(tool_id, node)
    function, owner = imported_tool(tool, node)
    made = bind(context, node, function, owner, {name: _declared(tool, said) for name, said in tool.inputs.items()})
    if node.source is None or node.source.type != "package_with_prompt":
        return made
    return _with_prompt(context, node, tool, function, made)


def find_tool(tool_id: str, node: NodeSpec) -> PackageTool:
    """Return the installed tool of that id; a deprecated id means the present one, and is warned of.

    Raises:
        PackageToolNotFoundError: there is none; the remedy names the package to install, or the nearest id.
    """
    found = installed()
    tool = found.tools.get(tool_id)
    if tool is None and tool_id in found.renamed:
        tool = found.tools[found.renamed[tool_id]]
        log.warning("Node %r: the tool id %r is deprecated; write %r.", node.name, tool_id, tool.id)
    if tool is None:
        place = node.source.place if node.source else node.place
        raise PackageToolNotFoundError(
            f"Node {node.name!r} needs the package tool {tool_id!r}, and no installed package has it.",
            remedy=remedy_for(tool_id, tuple(found.tools), found.broken),
            location=Location(file=place.file, line=place.line, column=place.column),
        )
    return tool


def imported_tool(tool: PackageTool, node: NodeSpec) -> tuple[Callable[..., Any], type[Any] | None]:
    """Return the function of a package's tool, and its class when it is a method.

    Raises:
        PackageToolLoadError: it cannot be imported.
    """
    try:
        module = importlib.import_module(tool.module)
        owner = getattr(module, tool.class_name) if tool.class_name else None
        return inspect.getattr_static(owner, tool.function) if owner else getattr(module, tool.function), owner
    except (Exception, SystemExit) as error:
        raise PackageToolLoadError(
            f"The tool {tool.id!r} of node {node.name!r} cannot be imported: {type(error).__name__}: {error}",
            remedy=f"Check the installation of package {tool.package}.",
        ) from error


def _declared(tool: PackageTool, said: Mapping[str, Any]) -> Parameter:
    written: Any = said.get("type") or ["object"]
    types = [str(kind) for kind in cast("list[Any]", written)] if isinstance(written, list) else [str(written)]
    if types[0].endswith("Connection"):
        module = importlib.import_module(tool.module)
        custom = [getattr(module, str(name), None) for name in said.get("custom_type") or ()]
        strong = tuple(kind for kind in custom if inspect.isclass(kind) and issubclass(kind, CustomStrongTypeConnection))
        plain = tuple(_CLASSES[name] for name in types if name in _CLASSES and not (strong and name == "CustomConnection"))
        return Parameter(kind="connection", connections=(*plain, *strong) if len(plain) + len(strong) >= len(types) else ())
    return Parameter(kind=cast("ValueType", types[0]) if types[0] in get_args(ValueType) else "object")


def _with_prompt(context: MakingContext, node: NodeSpec, tool: PackageTool, function: Callable[..., Any], made: Executable) -> Executable:
    text = read_template(context.flow, node)
    parameter = prompt_parameter(function)
    if parameter is None:
        raise CustomLlmToolError(
            f"The tool {tool.id!r} of node {node.name!r} has no parameter of type PromptTemplate.",
            remedy="Use it with source type package, or choose a tool of type custom_llm.",
        )
    both = sorted(set(template_variables(text)) & set(tool.inputs))
    if both:
        raise NodeInputError(
            f"The template of node {node.name!r} uses {', '.join(both)}, which are inputs of the tool {tool.id!r} itself.",
            remedy="Rename these variables of the template.",
        )
    outside = [name for name, binding in node.inputs.items() if isinstance(binding.value, InputReference)]
    more: dict[str, Any] = {parameter: PromptTemplate(text)}
    if outside and takes_any_name(function):
        more[TO_ESCAPE] = outside
    constants = {**made.constants, **image_literals(context, node, text)}
    return Executable(
        call=functools.partial(made.call, **more), is_async=made.is_async, defaults=made.defaults - {parameter}, constants=constants
    )
