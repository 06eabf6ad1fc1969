"""What tool packages say of their tools: entry points in the group ``package_tools``, each a function from nothing to id → definition.

Finding them runs the packages' code. So a flow's own process does it in place, and everybody else by `probe`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from flowyard.flows.collecting import names as azureml_names
from flowyard.flows.nodes.errors import DuplicateToolMappingError
from flowyard.flows.promptflow import names

GROUP = "package_tools"
#: Its modules answer here under their own names, so its tools are those of `known`.
REPLACED = "promptflow-tools"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageTool:
    """A tool of an installed package. `definition` is what the package says, with ``package`` and ``package_version``."""

    id: str
    module: str
    function: str
    class_name: str | None
    type: str
    package: str
    definition: Mapping[str, Any] = field(repr=False)

    @property
    def deprecated(self) -> tuple[str, ...]:
        """The ids that it had before."""
        return tuple(str(old) for old in self.definition.get("deprecated_tools") or ())

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """Its inputs by name, each with ``type`` and what a form needs."""
        return self.definition.get("inputs") or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The tools of this environment by id; `renamed` has their old ids, `broken` the packages that could not be asked, and why."""

    tools: Mapping[str, PackageTool]
    renamed: Mapping[str, str]
    broken: Mapping[str, str]


@lru_cache(maxsize=1)
def installed() -> Installed:
    """Return the tools of the packages of this environment, found once for each process.

    Raises:
        DuplicateToolMappingError: two tools claim the same deprecated id.
    """
    tools: dict[str, PackageTool] = {}
    broken: dict[str, str] = {}
    # Ours come first: a package that is installed besides, with tools of the same names, wins over them.
    for entry in sorted(entry_points(group=GROUP), key=lambda found: not found.value.startswith("flowyard.")):
        package = entry.dist.name if entry.dist else entry.value.partition(".")[0]
        if package == REPLACED:
            continue
        try:
            tools |= {tool.id: tool for tool in _tools_of(entry, package)}
        except Exception as error:
            broken[package] = f"{type(error).__name__}: {error}"
            log.warning("The tools of package %s cannot be used.", package, exc_info=True)
    return Installed(tools=tools, renamed=renamed(tools), broken=broken)


def _tools_of(entry: EntryPoint, package: str) -> list[PackageTool]:
    names.install()
    azureml_names.install()
    listed = cast("Callable[[], Mapping[str, Mapping[str, Any]]]", entry.load())()
    version = entry.dist.version if entry.dist else ""
    return [tool_of(key, {**said, "package": package, "package_version": version}) for key, said in listed.items()]


def tool_of(key: str, said: Mapping[str, Any]) -> PackageTool:
    """Return a definition as a tool."""
    return PackageTool(
        id=key,
        module=str(said["module"]),
        function=str(said["function"]),
        class_name=str(said["class_name"]) if said.get("class_name") else None,
        type=str(said.get("type") or "python"),
        package=str(said.get("package") or ""),
        definition=said,
    )


def renamed(tools: Mapping[str, PackageTool]) -> dict[str, str]:
    """Return the deprecated ids of `tools`, each with the present one.

    Raises:
        DuplicateToolMappingError: two tools claim the same.
    """
    found: dict[str, str] = {}
    for tool in tools.values():
        for old in tool.deprecated:
            if old in found:
                raise DuplicateToolMappingError(
                    f"The tools {found[old]!r} and {tool.id!r} both claim the deprecated id {old!r}.",
                    remedy="Uninstall or correct the package of one of them.",
                )
            found[old] = tool.id
    return found
