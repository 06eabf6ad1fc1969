"""Rules over the files that nodes name: they are there, they can be read, and what is fed to them fits."""

import io
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flowyard.flows.format.paths import is_possible
from flowyard.flows.model import Constant, FlowSpec, NodeSpec, Place
from flowyard.flows.nodes.parameters import INSTEAD, PARAMETERS
from flowyard.flows.nodes.signature import ToolSignature, signatures
from flowyard.flows.rules.base import Breach, Rule
from flowyard.foundation.errors import nearest

#: What prompt flow's own rendering function takes besides the variables.
_PROMPT_PARAMETERS = frozenset({"template", "trim_blocks", "keep_trailing_newline", "escape_dict"})


def source_file(flow: FlowSpec, node: NodeSpec) -> Path | None:
    """Return the file that holds the node's code or template, or None when it names none or leaves what the flow may use."""
    path = node.source.path if node.source else None
    if path is None or not is_possible(path):
        return None
    file = (flow.folder / path).resolve()
    allowed = flow.root is None or file.is_relative_to(flow.root.resolve()) or file.is_relative_to(flow.folder)
    return file if allowed else None


def _source_outside(flow: FlowSpec) -> Iterator[Breach]:
    for node in flow.nodes:
        file = source_file(flow, node)
        if node.source and file is not None and file.is_file() and not file.is_relative_to(flow.folder):
            yield Breach(
                f"The source {node.source.path!r} of node {node.name!r} is outside the flow's folder: snapshots and images lack it.",
                node.source.place,
                "Move it into the folder, or name it in additional_includes.",
                node.name,
            )


def _missing_source(flow: FlowSpec) -> Iterator[Breach]:
    for node in flow.nodes:
        source = node.source
        if source is None or (source.type == "code" and not source.path) or (source.type != "code" and not source.tool):
            yield Breach(
                f"Node {node.name!r} does not say where its code is.",
                source.place if source else node.place,
                "Write source: {type: code, path: <file>} or source: {type: package, tool: <tool id>}.",
                node.name,
            )


def _source_not_found(flow: FlowSpec) -> Iterator[Breach]:
    for node in flow.nodes:
        if node.source is None or node.source.path is None:
            continue
        file = source_file(flow, node)
        if not is_possible(node.source.path):
            message = f"The source of node {node.name!r} is no path that a file can have: {node.source.path[:60]!r}…"
            yield Breach(message, node.source.place, "Name a file of the flow's folder.", node.name)
        elif file is None:
            yield Breach(
                f"The source {node.source.path!r} of node {node.name!r} is outside of what a flow here may use.",
                node.source.place,
                "Move it into the folder, or name it in additional_includes.",
                node.name,
            )
        elif not file.is_file():
            near = nearest(node.source.path, [entry.name for entry in flow.folder.iterdir() if entry.is_file()])
            yield Breach(
                f"The source {node.source.path!r} of node {node.name!r} is not there.",
                node.source.place,
                f"Did you mean {near!r}?" if near else f"Create {node.source.path!r} in the flow's folder.",
                node.name,
            )


def _requirements_not_found(flow: FlowSpec) -> Iterator[Breach]:
    key = "python_requirements_txt"
    if key not in flow.environment:
        return
    # Later: a row process begins without what installs packages.
    from flowyard.flows.environments.errors import RequirementsError
    from flowyard.flows.environments.requirements import requirements_file

    try:
        requirements_file(flow.folder, flow)
    except RequirementsError as error:
        lines = (flow.folder / flow.file).read_text(encoding="utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, start=1) if key in text), 1)
        yield Breach(error.message, Place(flow.file, line, 1), error.remedy)


def _text(flow: FlowSpec, node: NodeSpec) -> str | None:
    file = source_file(flow, node)
    if file is None or not file.is_file():
        return None
    try:
        return _python_text(file.read_bytes()) if node.type == "python" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, LookupError):
        return None


def _python_text(data: bytes) -> str:
    """Decode as Python does: by the coding comment, else as UTF-8; other bytes in comments do no harm there."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:
        encoding = "utf-8"
    return data.decode(encoding, errors="replace" if encoding.startswith("utf-8") else "strict")


def _unreadable(flow: FlowSpec) -> Iterator[Breach]:
    for node in flow.nodes:
        file = source_file(flow, node)
        if file is not None and file.is_file() and node.source and _text(flow, node) is None:
            yield Breach(f"The source of node {node.name!r} is no UTF-8 text.", node.source.place, "Save it as UTF-8.", node.name)


@lru_cache(maxsize=256)
def _tools(source: str) -> list[ToolSignature] | SyntaxError:
    try:
        return signatures(source)
    except SyntaxError as error:
        return error
    except ValueError as error:
        return SyntaxError(str(error))


def _python_sources(flow: FlowSpec) -> Iterator[tuple[NodeSpec, str, list[ToolSignature] | SyntaxError]]:
    for node in flow.nodes:
        if node.type == "python" and node.source and node.source.type == "code" and (text := _text(flow, node)) is not None:
            yield node, str(node.source.path), _tools(text)


def _python_syntax(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, tools in _python_sources(flow):
        if isinstance(tools, SyntaxError):
            yield Breach(f"{path} is no valid Python: {tools.msg}.", Place(path, tools.lineno or 1, tools.offset or 1), None, node.name)


def _no_tool(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, tools in _python_sources(flow):
        if tools == []:
            yield Breach(
                f"{path} of node {node.name!r} has no function with @tool.",
                Place(path, 1, 1),
                "Write `from promptflow.core import tool` and put @tool above one function.",
                node.name,
            )


def _many_tools(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, tools in _python_sources(flow):
        if isinstance(tools, list) and len(tools) > 1 and not (node.source and node.source.tool):
            names = ", ".join(tool.name for tool in tools)
            yield Breach(
                f"{path} of node {node.name!r} has several functions with @tool: {names}.",
                Place(path, tools[1].line, 1),
                "Keep one in each file.",
                node.name,
            )


def _unknown_arguments(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, tools in _python_sources(flow):
        if isinstance(tools, SyntaxError) or len(tools) != 1 or tools[0].open:
            continue
        known = set(tools[0].parameters)
        for name, binding in node.inputs.items():
            if name not in known:
                near = nearest(name, known)
                yield Breach(
                    f"{tools[0].name} in {path} has no parameter {name!r}; node {node.name!r} will fail.",
                    binding.place,
                    f"Did you mean {near!r}?" if near else f"Its parameters: {', '.join(known) or 'none'}.",
                    node.name,
                )


def _missing_arguments(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, tools in _python_sources(flow):
        if isinstance(tools, SyntaxError) or len(tools) != 1:
            continue
        empty = {name for name, binding in node.inputs.items() if isinstance(binding.value, Constant) and binding.value.value in (None, "")}
        for name, optional in tools[0].parameters.items():
            if not optional and (name not in node.inputs or name in empty):
                yield Breach(
                    f"Node {node.name!r} gives no value for {name!r} of {tools[0].name} in {path}.",
                    node.place,
                    f"Add inputs: {name}: ...",
                    node.name,
                )


def _templates(flow: FlowSpec) -> Iterator[tuple[NodeSpec, str, str]]:
    for node in flow.nodes:
        if node.type in {"llm", "prompt"} and node.source and (text := _text(flow, node)) is not None:
            yield node, str(node.source.path), text


def _template_syntax(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, text in _templates(flow):
        from flowyard.flows.nodes.template import template_problem

        problem = template_problem(text)
        if problem is not None:
            yield Breach(f"The template {path} is wrong: {problem[0]}.", Place(path, problem[1], 1), None, node.name)


def _template_inputs(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, text in _templates(flow):
        if node.type == "llm" and INSTEAD in node.inputs:
            continue
        from flowyard.flows.nodes.template import template_variables

        for name, line in template_variables(text).items():
            if name not in node.inputs:
                near = nearest(name, list(node.inputs))
                yield Breach(
                    f"The template {path} uses {name!r}, and node {node.name!r} feeds no such input: it renders as nothing.",
                    Place(path, line, 1),
                    f"Did you mean {near!r}?" if near else f"Add it to the inputs of node {node.name!r}.",
                    node.name,
                )


def _reserved_variables(flow: FlowSpec) -> Iterator[Breach]:
    for node, path, text in _templates(flow):
        from flowyard.flows.nodes.template import template_variables

        reserved, what = (PARAMETERS | {INSTEAD}, "model") if node.type == "llm" else (_PROMPT_PARAMETERS, "prompt tool")
        for name, line in template_variables(text).items():
            if name in reserved:
                yield Breach(
                    f"The template {path} uses {name!r}, which is a parameter of the {what}.",
                    Place(path, line, 1),
                    "Rename the variable.",
                    node.name,
                )


def _llm_connection(flow: FlowSpec) -> Iterator[Breach]:
    for node in flow.nodes:
        if node.type == "llm" and not node.connection:
            yield Breach(
                f"Node {node.name!r} names no connection.",
                node.place,
                "Write `connection: local` for a model of this installation.",
                node.name,
            )


def _llm_model(flow: FlowSpec) -> Iterator[Breach]:
    for node in flow.nodes:
        if node.type == "llm" and not ({"deployment_name", "model"} & set(node.inputs)):
            yield Breach(f"Node {node.name!r} names no model.", node.place, "Add inputs: deployment_name: ... (or model: ...).", node.name)


RULES = (
    Rule("MissingSource", "error", _missing_source),
    Rule("InvalidSource", "error", _source_not_found),
    Rule("SourceOutside", "warning", _source_outside),
    Rule("RequirementsNotFound", "warning", _requirements_not_found),
    Rule("InvalidEncoding", "error", _unreadable),
    Rule("PythonLoadError", "error", _python_syntax),
    Rule("NoToolDefined", "error", _no_tool),
    Rule("MultipleToolsDefined", "error", _many_tools),
    Rule("UnknownToolArgument", "warning", _unknown_arguments),
    Rule("MissingToolArgument", "warning", _missing_arguments),
    Rule("InvalidTemplate", "error", _template_syntax),
    Rule("TemplateVariableNotFed", "warning", _template_inputs),
    Rule("NodeInputValidationError", "error", _reserved_variables),
    Rule("MissingConnection", "warning", _llm_connection),
    Rule("MissingModel", "warning", _llm_model),
)
