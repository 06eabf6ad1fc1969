"""Assistant definitions: a YAML file with a model, instructions and tools, whose functions are tools of the flow or of packages."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import yaml

from flowyard.flows.errors import ToolError
from flowyard.flows.model import Binding, Constant, NodeSpec, Place, Source
from flowyard.flows.nodes.interface import Parameter, parameters_of
from flowyard.flows.nodes.literals import MakingContext, converted
from flowyard.flows.promptflow.contracts.types import AssistantDefinition

_JSON_TYPES = {"int": "number", "double": "number", "bool": "boolean", "string": "string", "list": "array"}
_PARAMETER = re.compile(r":param (?:[\w\[\], .]+ )?(\w+): *(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offered:
    """A tool as the assistant's API wants it, and the function behind it, if one is."""

    definition: dict[str, Any]
    call: Callable[..., Any] | None = None


class AssistantToolInvoker:
    """What an assistant's tools do: their definitions for the API, and their calls by name."""

    def __init__(self, tools: Mapping[str, _Offered]) -> None:
        self._tools = tools

    def to_openai_tools(self) -> list[dict[str, Any]]:
        """Return the tools' definitions."""
        return [tool.definition for tool in self._tools.values()]

    def invoke_tool(self, func_name: str, kwargs: Mapping[str, Any]) -> Any:
        """Call a function by name.

        Raises:
            ToolError: there is no such function.
        """
        tool = self._tools.get(func_name)
        if tool is None or tool.call is None:
            raise ToolError(
                f"The assistant has no function {func_name!r}; it has {', '.join(self._tools) or 'none'}.",
                remedy="Add it to the `tools` of the assistant's definition, or call one that is there.",
            )
        return tool.call(**kwargs)


def assistant(context: MakingContext, node: NodeSpec, path: str) -> AssistantDefinition:
    """Read the definition at `path` (relative to the flow's folder) and load its functions.

    Raises:
        ToolError: it cannot be read, or a tool of it cannot be had.
    """
    try:
        said: Any = yaml.safe_load((context.flow.folder / path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ToolError(f"The assistant definition {path!r} cannot be read: {error}.", remedy="Name a YAML file of the flow.") from error
    if not isinstance(said, dict):
        raise ToolError(f"The assistant definition {path!r} is no mapping.", remedy="Write model, instructions and tools.")
    found = AssistantDefinition.deserialize(cast("dict[str, Any]", said))
    tools: dict[str, _Offered] = {}
    for tool in found.tools:
        name, offered = _offered(context, node, path, cast("dict[str, Any]", tool) if isinstance(tool, dict) else {})
        tools[name] = offered
    found._tool_invoker = AssistantToolInvoker(tools)  # pyright: ignore[reportPrivateUsage]
    return found


def _offered(context: MakingContext, node: NodeSpec, path: str, tool: dict[str, Any]) -> tuple[str, _Offered]:
    kind = tool.get("type")
    if kind in {"code_interpreter", "retrieval"}:
        return str(kind), _Offered(definition=tool)
    raw: Any = tool.get("source")
    source = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {}
    if kind != "function" or tool.get("tool_type") != "python" or not (source.get("path") or source.get("tool")):
        raise ToolError(
            f"{path} of node {node.name!r} has a tool that cannot be offered: {tool!r:.200}.",
            remedy="Write type: function, tool_type: python and source: {type: code, path: FILE}, or type: code_interpreter or retrieval.",
        )
    place = Place(path, 1, 1)
    given = cast("dict[str, Any]", tool.get("predefined_inputs") or {})
    spec = replace(
        node,
        type="python",
        source=Source(type=source.get("type") or "code", place=place, path=source.get("path"), tool=source.get("tool")),
        inputs={name: Binding(Constant(value), place) for name, value in given.items()},
    )
    function, owner = _function(context, spec)
    fixed = converted(context, spec, parameters_of(function))
    call = getattr(owner(), function.__name__) if owner is not None else function
    return function.__name__, _Offered(definition=_definition(function, fixed), call=functools.partial(call, **fixed))


def _function(context: MakingContext, spec: NodeSpec) -> tuple[Callable[..., Any], type[Any] | None]:
    from flowyard.flows.nodes.package import find_tool, imported_tool
    from flowyard.flows.nodes.python import imported, tool_in

    source = cast("Source", spec.source)
    if source.type != "code":
        return imported_tool(find_tool(source.tool or "", spec), spec)
    return tool_in(spec, imported(spec, context.modules, source.path or ""), source.path or "")


def _definition(function: Callable[..., Any], fixed: Mapping[str, Any]) -> dict[str, Any]:
    text = inspect.getdoc(function) or ""
    described = dict(_PARAMETER.findall(text))
    free = {name: parameter for name, parameter in parameters_of(function).items() if name not in fixed}
    schema = {
        "type": "object",
        "properties": {name: _property(parameter, described.get(name, "")) for name, parameter in free.items()},
        "required": [name for name, parameter in free.items() if not parameter.has_default],
    }
    description = text.partition(":param")[0].strip()
    return {"type": "function", "function": {"name": function.__name__, "description": description, "parameters": schema}}


def _property(parameter: Parameter, description: str) -> dict[str, Any]:
    listed = {"enum": list(parameter.enum)} if parameter.enum else {}
    return {"type": _JSON_TYPES.get(parameter.kind, "object"), "description": description, **listed}
