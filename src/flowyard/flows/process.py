"""What makes a process a flow process: its working folder, its environment, its standard streams, our promptflow names.

Sessions, replicas and ``flowyard flow test`` are flow processes. A program that calls `load_flow` is none, and nothing of it is changed.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from flowyard.flows.collecting import names as azureml_names
from flowyard.flows.errors import InvalidFlowError, UnknownConnectionError, UnknownConnectionKeyError
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.model import AS_WRITTEN, FlowOptions, FlowSpec
from flowyard.flows.promptflow import names
from flowyard.flows.runtime import capture
from flowyard.flows.runtime.line import Engine
from flowyard.foundation.errors import Location

_REFERENCE = re.compile(r"\$\{([A-Za-z0-9._-]+)\.([A-Za-z0-9_-]+)\}")
#: Variables that say how programs are found and started, or that are ours.
_FORBIDDEN = re.compile(r"PATH|HOME|SHELL|IFS|(LD_|DYLD_|PYTHON|FLOWYARD_|GIT_|BASH_).*", re.IGNORECASE)

#: What flows of this process have set, so that an edited value replaces it.
_set_here: dict[str, str] = {}
#: What the flow of this process was given.
_connections: dict[str, Mapping[str, Any]] = {}


def enter(folder: Path, *, passthrough: TextIO | None = None) -> None:
    """Make this process the flow's: working folder, ``promptflow`` and ``azureml`` names, and prints that go into node records.

    Args:
        folder: the flow's folder.
        passthrough: where prints go besides; None: to their own streams.
    """
    capture.install(passthrough=passthrough)
    names.install()
    azureml_names.install()
    _work_in(folder)


def load(
    path: Path,
    engine: Engine,
    connections: Mapping[str, Mapping[str, Any]],
    *,
    name: str | None = None,
    options: FlowOptions = AS_WRITTEN,
) -> LoadedFlow:
    """Load the flow that this process is for; its ``environment_variables`` are set before its code is imported.

    `name` is what it is called where that is not its folder's name.

    Raises:
        FlowNotFoundError: there is no flow.
        InvalidFlowError: its files have errors, or it sets a variable that a flow may not set.
        ToolError, TemplateError, UnknownConnectionError: a node cannot be made.
    """

    def prepare(spec: FlowSpec) -> None:
        if spec.additional_includes or spec.kind == "flex":
            _work_in(spec.folder)
        variables = {**spec.environment_variables, **options.environment_variables}
        apply_environment(spec.file, variables, connections)

    _connections.clear()
    _connections.update(connections)
    return LoadedFlow.load(path, engine, connections, prepare, name=name, options=options)


def connections_here() -> dict[str, Mapping[str, Any]]:
    """Return the connections that this flow process was given, for the flows that its code calls; none in other processes."""
    return dict(_connections)


def _work_in(folder: Path) -> None:
    """Make `folder` the working folder: a flow with includes has its files in another one than its own."""
    os.chdir(folder)
    text = str(folder)
    if text not in sys.path:
        sys.path.insert(0, text)


def apply_environment(file: str, variables: Mapping[str, Any], connections: Mapping[str, Mapping[str, Any]]) -> None:
    """Set the ``environment_variables`` of the flow in `file` in this process; one that somebody else has set stays.

    Raises:
        InvalidFlowError: a variable may not be set by a flow.
        UnknownConnectionError, UnknownConnectionKeyError: a value names what is not there.
    """
    for name, value in variables.items():
        if _FORBIDDEN.fullmatch(name):
            raise InvalidFlowError(
                f"A flow cannot set the environment variable {name!r}.", remedy="Use another name.", location=Location(file=file)
            )
        text = json.dumps(value) if isinstance(value, dict | list) else str(value)
        if name not in os.environ or os.environ[name] == _set_here.get(name):
            _set_here[name] = os.environ[name] = _resolved(name, text, connections)


def _resolved(variable: str, text: str, connections: Mapping[str, Mapping[str, Any]]) -> str:
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return text
    name, key = found.groups()
    if name not in connections:
        raise UnknownConnectionError(name, known=tuple(connections))
    values = {**dict(connections[name].get("configs") or {}), **dict(connections[name].get("secrets") or {})}
    if key not in values:
        raise UnknownConnectionKeyError(
            f"The connection {name!r} has no value {key!r}, which the variable {variable!r} takes.",
            remedy=f"It has {', '.join(sorted(values)) or 'nothing'}.",
        )
    return str(values[key])
