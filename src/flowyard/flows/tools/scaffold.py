"""The files of a new tool: one script for a flow, or a package that brings its tools to every flow of its environment."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from flowyard.foundation.errors import InvalidInputError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_TOOL = '''from promptflow.connections import CustomConnection
from promptflow.core import tool


@tool({settings})
def {tool}(connection: CustomConnection, input_text: str) -> str:
    """Say hello to the input, from the connection's address."""
    return f"Hello {{input_text}} from {{connection.configs.get('api_base', connection.name)}}"
'''

_LISTING = '''"""The tools of this package, as the entry point ``package_tools`` gives them."""

from pathlib import Path

import yaml


def list_package_tools():
    """Return the definitions in the folder ``yamls`` by id."""
    found = {}
    for file in sorted((Path(__file__).parent / "yamls").glob("*.yaml")):
        found.update(yaml.safe_load(file.read_text(encoding="utf-8")))
    return found
'''

_DEFINITION = """{package}.{tool}.{tool}:
  name: {tool}
  description: Say hello to the input, from the connection's address.
  type: python
  module: {package}.{tool}
  function: {tool}
  inputs:
    connection:
      type:
      - CustomConnection
    input_text:
      type:
      - string
"""

_PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "0.0.1"
description = "Tools for flows"
requires-python = ">=3.9"
dependencies = ["pyyaml"]

[project.entry-points.package_tools]
{package} = "{package}.listing:list_package_tools"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
"""

_README = """# {name}

Install it into a flow's environment, and its tools are there:

    pip install .
    flowyard tool list

A node uses one by its id:

    - name: hello
      type: python
      source:
        type: package
        tool: {package}.{tool}.{tool}
      inputs:
        connection: my_connection
        input_text: ${{inputs.text}}

`{package}/yamls` has the definition of each tool, `{package}/listing.py` the entry point that tells them.
"""


def tool_files(tool: str, package: str | None, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a new tool by path: ``<tool>.py`` alone, or a package's folder.

    Args:
        tool: the tool's name, which is that of its function and file.
        package: the package to make; None: no package.
        settings: what ``@tool`` says besides, such as ``icon`` and ``category``.

    Raises:
        InvalidInputError: a name is no Python name, or the icon is no file.
    """
    for kind, name in (("tool", tool), ("package", package), *(("setting", key) for key in settings)):
        if name is not None and not _NAME.fullmatch(name):
            raise InvalidInputError(f"The {kind}'s name {name!r} is no Python name.", remedy="Use letters, digits and underscores.")
    icon = settings.get("icon")
    if icon and not Path(icon).is_file():
        raise InvalidInputError(f"The icon {icon!r} is no file.", remedy="Give the path of an image.")
    code = _TOOL.format(tool=tool, settings=", ".join(f"{key}={json.dumps(value)}" for key, value in settings.items()))
    if package is None:
        return {f"{tool}.py": code}
    words = {"tool": tool, "package": package, "name": package.replace("_", "-")}
    definition = _DEFINITION.format(**words) + "".join(f"  {key}: {json.dumps(value)}\n" for key, value in settings.items())
    return {
        f"{package}/pyproject.toml": _PROJECT.format(**words),
        f"{package}/README.md": _README.format(**words),
        f"{package}/{package}/__init__.py": "",
        f"{package}/{package}/listing.py": _LISTING,
        f"{package}/{package}/{tool}.py": code,
        f"{package}/{package}/yamls/{tool}.yaml": definition,
    }
