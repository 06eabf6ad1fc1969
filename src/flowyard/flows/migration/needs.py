"""What a flow needs where it runs: packages, connections, package tools, environment variables. None of its code is run."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from flowyard.connections.kinds import EITHER, KINDS, type_named
from flowyard.flows.environments.errors import RequirementsError
from flowyard.flows.environments.requirements import Requirements, read_requirements
from flowyard.flows.environments.satisfied import satisfied
from flowyard.flows.folders import flow_files
from flowyard.flows.migration.model import NeededConnection, NeededPackage, NeededTool
from flowyard.flows.model import Constant, FlowSpec, NodeSpec

_PROVIDERS = {"AzureOpenAI": "azure_open_ai", "OpenAI": "open_ai", "Serverless": "serverless"}
_VARIABLE = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}|\{\{\s*env\.([A-Za-z_][A-Za-z0-9_]*)")
_REFERENCE = re.compile(r"\$\{([A-Za-z0-9._-]+)\.[A-Za-z0-9_-]+\}")
_TEXTS = {".prompty", ".jinja2", ".yaml", ".yml"}


def needed_packages(folder: Path, spec: FlowSpec | None) -> tuple[NeededPackage, ...]:
    """Return the lines of the flow's list of packages. A list that cannot be read is a finding elsewhere, and nothing here."""
    try:
        found = read_requirements(folder, spec)
    except RequirementsError:
        return ()
    lines = [
        NeededPackage(
            requirement=line.text,
            file=line.file,
            line=line.line,
            state="installed" if satisfied(Requirements(lines=(line,))) else "to install",
        )
        for line in found.lines
    ]
    dropped = [NeededPackage(requirement=line.text, file=line.file, line=line.line, state="not needed") for line in found.dropped]
    return tuple(sorted([*lines, *dropped], key=lambda package: (package.file, package.line)))


def needed_connections(spec: FlowSpec, given: Mapping[str, Mapping[str, object]]) -> tuple[NeededConnection, ...]:
    """Return the connections that nodes and environment variables name."""
    nodes: dict[str, list[str]] = {}
    types: dict[str, str | None] = {}
    for node in spec.nodes:
        for name, kind in _named_by(spec, node):
            nodes.setdefault(name, []).append(node.name)
            types[name] = types.get(name) or kind
    for variable, value in spec.environment_variables.items():
        for name in _REFERENCE.findall(str(value)):
            if name not in {"env", "inputs"}:
                nodes.setdefault(name, []).append(f"environment variable {variable}")
                types.setdefault(name, None)
    return tuple(
        NeededConnection(name=name, type=types[name], keys=_keys(types[name]), nodes=tuple(nodes[name]), given=name in given)
        for name in nodes
    )


def needed_tools(spec: FlowSpec) -> tuple[NeededTool, ...]:
    """Return the package tools that nodes name. Installed packages are looked at in a process of their own; some tools need none."""
    named = spec.nodes if spec.kind == "dag" else ()
    used = [(node, node.source.tool) for node in named if node.source is not None and node.source.tool and node.source.type != "code"]
    if not used:
        return ()
    from flowyard.flows.tools.known import BUILT_IN
    from flowyard.flows.tools.listing import package_tools

    known = package_tools()
    names = {*known.tools, *known.renamed, *BUILT_IN}
    return tuple(NeededTool(node=node.name, tool=tool, available=tool in names) for node, tool in used)


def variables_of(folder: Path, spec: FlowSpec | None) -> tuple[str, ...]:
    """Return the environment variables that the flow sets, and that its code and files read by a literal name, sorted."""
    found = set(spec.environment_variables) if spec is not None else set[str]()
    for path, file in flow_files(folder):
        if file.suffix == ".py":
            found.update(_read_by(file))
        elif file.suffix in _TEXTS and "flow.tools.json" not in path:
            text = file.read_text(encoding="utf-8", errors="replace")
            found.update(name for pair in _VARIABLE.findall(text) for name in pair if name)
    return tuple(sorted(found))


def _named_by(spec: FlowSpec, node: NodeSpec) -> Iterator[tuple[str, str | None]]:
    if node.connection:
        yield node.connection, _model_type(spec, node)
    if node.source is None or node.source.path is None or node.type == "llm":
        return
    annotated = _connection_parameters(spec.folder / node.source.path)
    for name, binding in node.inputs.items():
        if name in annotated and isinstance(binding.value, Constant) and isinstance(binding.value.value, str) and binding.value.value:
            yield binding.value.value, annotated[name]


def _model_type(spec: FlowSpec, node: NodeSpec) -> str | None:
    """Return what the connection of an LLM node or a prompty has to be, as far as it says so."""
    if spec.prompt is not None:
        said = spec.prompt.configuration
        return type_named(str(said["type"])) if "type" in said else ("azure_open_ai" if "azure_deployment" in said else None)
    return _PROVIDERS.get(node.provider or "", "azure_open_ai" if "deployment_name" in node.inputs else None)


def _connection_parameters(file: Path) -> dict[str, str | None]:
    """Return the parameters of the file's functions that are annotated as connections, with the connection's type if it says one."""
    found: dict[str, str | None] = {}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument in (*node.args.args, *node.args.kwonlyargs):
                words = re.findall(r"\w*Connection\b", ast.unparse(argument.annotation)) if argument.annotation else []
                if words:
                    found[argument.arg] = type_named(words[0]) if words[0] != "Connection" else None
    return found


def _read_by(file: Path) -> Iterator[str]:
    """Yield the names in ``os.environ["X"]``, ``os.environ.get("X")`` and ``os.getenv("X")``."""
    for node in ast.walk(_tree(file)):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))):
                yield name
            case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=str(name)), *_]):
                yield name
            case ast.Call(func=ast.Attribute(attr="get", value=ast.Attribute(attr="environ")), args=[ast.Constant(value=str(name)), *_]):
                yield name
            case _:
                continue


def _tree(file: Path) -> ast.AST:
    try:
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])  # a finding says so


def _keys(kind: str | None) -> tuple[str, ...]:
    found = type_named(kind) if kind else None
    if found is None:
        return ()
    if KINDS[found].open:
        return ("configs", "secrets")
    either = EITHER.get(found, ())
    return tuple(dict.fromkeys([*KINDS[found].required, *either[:1], *KINDS[found].secrets]))
