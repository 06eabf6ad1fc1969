"""What a node's result depends on, as one SHA-256: two calls with the same key may be given the same result.

The key of a node is made once, when its flow is loaded, of its definition without its name, the files it can read, the Python environment,
the flow's declared environment variables, and the identity of its connection, which is never a secret. The arguments of a call come on top:
for an LLM node, template, parameters and inputs are all that its request is made of.
"""

import ast
import hashlib
import importlib.util
import json
import math
import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flowyard.flows.folders import flow_files
from flowyard.flows.model import FlowSpec, NodeSpec
from flowyard.flows.runtime.cache_store import connection_identity
from flowyard.foundation.version import __version__

Connections = Mapping[str, Mapping[str, Any]]

_FORMAT = 1
_DEPTH_LIMIT = 100
#: Of larger files size and time of change are taken instead of the contents.
_READ_LIMIT = 4 * 1024 * 1024
_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"})
_REFERENCE = re.compile(r"\$\{[^}]+\}")


class NotCacheableError(ValueError):
    """A value has no form that says everything about it."""


def node_key(flow: FlowSpec, node: NodeSpec, connections: Mapping[str, str], variables: Mapping[str, str]) -> str:
    """Return the part of a node's key that does not depend on its arguments: 64 hex digits.

    Args:
        flow: the flow.
        node: the node.
        connections: what identifies the connections, by name (`identities`).
        variables: environment variables that the run gives, besides those that the flow declares.
    """
    source = node.source
    definition = [
        _FORMAT,
        flow.message_format,
        [node.type, node.api, node.provider, node.module, node.aggregation, sorted(node.inputs)],
        [source.type, source.path, source.tool] if source else None,
        [node.connection, connections.get(node.connection or "local")],
        _program(flow, connections),
        environment_key(),
        sorted(_variables({**flow.environment_variables, **variables}).items()),
        sorted(_files(flow, node)),
        sorted(_modules(flow.folder)) if node.type != "llm" else [],
    ]
    return _digest(json.dumps(definition, ensure_ascii=True, default=str))


def call_key(node: str, arguments: Mapping[str, Any]) -> str:
    """Return the key of a call: 64 hex digits. `node` is the node's own key.

    Raises:
        NotCacheableError: an argument has no form that says everything about it.
    """
    return _digest(json.dumps([node, [[name, canonical(arguments[name])] for name in sorted(arguments)]], separators=(",", ":")))


def canonical(value: Any, depth: int = 0) -> Any:
    """Return `value` as JSON that says everything about it: but for plain texts and numbers, a list of its kind and its parts.

    Raises:
        NotCacheableError: it is an object of some other class, or nested too deeply.
    """
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is str or kind is bool or kind is int or value is None:
        return value
    if depth > _DEPTH_LIMIT:
        raise NotCacheableError("it is nested too deeply")
    if kind is float:
        return value if math.isfinite(value) else ["$float", repr(value)]
    if kind is dict:
        return ["$dict", [[canonical(key, depth + 1), canonical(item, depth + 1)] for key, item in value.items()]]
    if kind is list:
        return ["$list", *(canonical(item, depth + 1) for item in value)]
    if kind is tuple:
        return ["$tuple", *(canonical(item, depth + 1) for item in value)]
    return _object(value, depth)


def is_json(value: Any) -> bool:
    """Whether JSON gives exactly `value` back: plain texts, numbers, booleans, None, lists, and dicts with text keys."""
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is str or kind is bool or kind is int or value is None:
        return True
    if kind is float:
        return math.isfinite(value)
    if kind is list:
        return all(map(is_json, value))
    return kind is dict and all(type(key) is str and is_json(item) for key, item in value.items())


@lru_cache(maxsize=1)
def environment_key() -> str:
    """Return the digest of this Python environment: interpreter, platform, our version, and every installed package with its version."""
    packages = {name for path in sys.path for name in _installed(path)}
    return _digest(json.dumps([sys.version, sys.platform, __version__, sorted(packages)]))


def _object(value: Any, depth: int) -> Any:
    from flowyard.flows.nodes.template import PromptText
    from flowyard.flows.promptflow.connections import Connection

    if isinstance(value, PromptText):
        return ["$prompt", *value.identity]
    if isinstance(value, Connection):
        kind = type(value)
        return ["$connection", kind.__module__.rpartition(".")[2], kind.__qualname__, value.name, value.type, sorted(value.configs.items())]
    if isinstance(value, bytes):
        facts = sorted(getattr(value, "__dict__", {}).items())
        return ["$bytes", type(value).__qualname__, _sha256(bytes(value)), canonical(facts, depth + 1)]
    if isinstance(value, str):
        return ["$str", type(value).__qualname__, str.__str__(value)]
    raise NotCacheableError(f"{type(value).__qualname__} has no JSON form")


def identities(connections: Connections, beyond: Mapping[str, str]) -> dict[str, str]:
    """Return by name what identifies the connections that this process knows, and those `beyond` it."""
    own = {name: connection_identity(str(given.get("type")), dict(given.get("configs") or {})) for name, given in connections.items()}
    return {**beyond, **own}


def _program(flow: FlowSpec, connections: Mapping[str, str]) -> Any:
    """Return what a flex flow's entry is and is made with, or a prompty's call, without secrets; nothing for other flows."""
    if flow.entry is not None:
        names = {value for value in flow.entry.sample_init.values() if isinstance(value, str)} & set(connections)
        return [str(flow.entry), _public(flow.entry.sample_init), [connections[name] for name in sorted(names)]]
    if flow.prompt is None:
        return None
    prompt = flow.prompt
    target = connections.get(str(prompt.configuration.get("connection")))
    return [prompt.api, _public(prompt.configuration), target, _public(prompt.parameters), prompt.whole, prompt.keys]


def _public(value: Any) -> Any:
    """Return `value` without what is called a key."""
    if not isinstance(value, Mapping):
        return value
    return {name: _public(item) for name, item in cast("Mapping[str, Any]", value).items() if name != "api_key"}


def _variables(declared: Mapping[str, Any]) -> dict[str, str]:
    """Return declared variables with their values; one that comes from a connection with its reference, which is no secret."""
    return {name: str(value) if _REFERENCE.search(str(value)) else os.environ.get(name, str(value)) for name, value in declared.items()}


def _files(flow: FlowSpec, node: NodeSpec) -> Iterator[tuple[str, str]]:
    """Yield path and digest of the files that a node can read.

    A model's request is made of the node's template, and the pictures that it may show. A tool may read whatever is there, but for
    the flow's YAML and the templates of other nodes.
    """
    own = node.source.path if node.source else None
    templates = {each.source.path for each in flow.nodes if each.source and each.type in {"llm", "prompt"}} - {own}
    yaml = flow.file if flow.file.endswith((".yaml", ".yml")) else None
    for path, file in flow_files(flow.folder, links=True):
        wanted = path in {own, flow.file} or file.suffix.lower() in _IMAGES if node.type == "llm" else path not in templates
        if wanted and path != yaml:
            yield path, _file_digest(file)


def _modules(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and digest of the modules outside of the flow that its files import, and that are no part of the environment."""
    seen: set[str] = set()
    waiting = [file for path, file in flow_files(folder, links=True) if path.endswith(".py")]
    while waiting:
        for name in _imports(waiting.pop()):
            if name in seen:
                continue
            seen.add(name)
            file = _file_of(name)
            if file is not None and _is_local(file, folder):
                waiting.append(Path(file))
                yield name, _file_digest(Path(file))


def _imports(file: Path) -> set[str]:
    """Return the names that a Python file imports, each with what it may be a part of; relative ones stay in the flow."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return names | {".".join(name.split(".")[:length]) for name in names for length in range(1, name.count(".") + 1)}


def _file_of(name: str) -> str | None:
    """Return the file of a module that is imported, or could be; nothing is imported for it."""
    module = sys.modules.get(name)
    if module is not None:
        return getattr(module, "__file__", None)
    if "." in name or name in sys.stdlib_module_names:
        return None
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return spec.origin if spec is not None else None


def _is_local(file: str, folder: Path) -> bool:
    if file.startswith(f"{folder}{os.sep}") or not file.endswith(".py"):
        return False
    return not any(file.startswith(part) for part in _installed_places()) and not {"site-packages", "dist-packages"} & set(Path(file).parts)


@lru_cache(maxsize=1)
def _installed_places() -> tuple[str, ...]:
    ours = Path(__file__).resolve().parents[2]
    return (f"{ours}{os.sep}", *(f"{path}{os.sep}" for name, path in sysconfig.get_paths().items() if name in {"stdlib", "platstdlib"}))


def _installed(path: str) -> Iterator[str]:
    try:
        with os.scandir(path or ".") as entries:
            yield from (entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return


def _file_digest(file: Path) -> str:
    try:
        state = file.stat()
        return f"{state.st_size} {state.st_mtime_ns}" if state.st_size > _READ_LIMIT else _sha256(file.read_bytes())
    except OSError as error:
        return f"unreadable: {error.errno}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest(text: str) -> str:
    return _sha256(text.encode("utf-8", "surrogatepass"))
