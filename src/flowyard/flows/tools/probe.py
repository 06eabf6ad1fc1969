"""A process of its own that runs the code of tool packages to learn of them: ``python -m flowyard.flows.tools.probe``.

It takes one JSON object on standard input and writes one to standard output; what the code prints goes to standard error.
Requests: ``{"list": true}``; ``{"describe": "package | package.module.function | path of a file"}``;
``{"call": a ToolCall, "scenario": ...}``, for what a form offers.
"""

import importlib
import importlib.util
import json
import os
import pkgutil
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from flowyard.flows.collecting import names as azureml_names
from flowyard.flows.promptflow import names
from flowyard.flows.runtime.record import json_value
from flowyard.flows.tools.definitions import installed
from flowyard.flows.tools.describe import definition_of, definitions_in, faults_of
from flowyard.flows.tools.values import ToolCall, values_of
from flowyard.foundation.codecs import convert, plain


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `request` asks for.

    Raises:
        ValueError: it asks for nothing that is known.
        Exception: whatever the code of a package raises.
    """
    if "list" in request:
        found = installed()
        tools = {key: json_value(dict(tool.definition)) for key, tool in found.tools.items()}
        return {"tools": tools, "renamed": dict(found.renamed), "broken": dict(found.broken)}
    if "describe" in request:
        return _describe(str(request["describe"]))
    if "call" in request:
        call = convert(request["call"], ToolCall)
        return {"values": plain(values_of(call, request["scenario"]))}
    raise ValueError("unknown request")


def _describe(source: str) -> dict[str, Any]:
    if Path(source).is_file():
        modules = [_module_of(Path(source))]
    else:
        try:
            module = importlib.import_module(source)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{source}.".startswith(f"{error.name}."):
                raise
            return _describe_one(source)
        below = [entry.name for entry in pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}.")]
        modules = [module, *(importlib.import_module(name) for name in below)]
    tools: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for module in modules:
        found, faults = definitions_in(module)
        tools |= found
        wrong |= faults
    return {"tools": json_value(tools), "wrong": wrong}


def _describe_one(source: str) -> dict[str, Any]:
    module_name, _, name = source.rpartition(".")
    if not module_name:
        raise ModuleNotFoundError(f"There is no package, no module and no file {source!r}.")
    module = importlib.import_module(module_name)
    item = getattr(module, name)
    found, wrong = definitions_in(module)
    inside = {key for key in [*found, *wrong] if key == source or key.startswith(f"{source}.")}
    if not inside and callable(item):
        faults = faults_of(item)
        return {"tools": {} if faults else {source: json_value(definition_of(item))}, "wrong": {source: faults} if faults else {}}
    return {
        "tools": json_value({key: value for key, value in found.items() if key in inside}),
        "wrong": {key: value for key, value in wrong.items() if key in inside},
    }


def _module_of(file: Path) -> ModuleType:
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Answer the request on standard input."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    names.install()
    azureml_names.install()
    try:
        reply = answer(json.loads(sys.stdin.read()))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - told to whoever asked
        reply = {"error": f"{type(error).__name__}: {error}"}
    with out:
        json.dump(reply, out)


if __name__ == "__main__":
    main()
