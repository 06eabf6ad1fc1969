"""What can be said of a flow's package tools by asking the installed packages, in a process of its own."""

from collections.abc import Iterator

from flowyard.flows.environments.requirements import requirements_file
from flowyard.flows.model import FlowSpec, NodeSpec, Place
from flowyard.flows.nodes.errors import PackageToolNotFoundError
from flowyard.flows.tools.brought import brought_packages
from flowyard.flows.tools.known import BUILT_IN, remedy_for
from flowyard.flows.tools.listing import Listing, ProbeError, package_tools
from flowyard.foundation.errors import nearest
from flowyard.wire.flow_terms import Finding, Severity


def package_findings(flow: FlowSpec) -> Iterator[Finding]:
    """Yield a finding for every package tool that is not installed here, or has another id now, or is fed what it does not take.

    A flow that brings requirements may find its tools in an environment of its own: there a missing tool is a warning, and none where
    the requirements name a package by its path that registers tools under that name.
    """
    nodes = [node for node in flow.nodes if _tool(node) is not None]
    if not nodes:
        return
    try:
        listing = package_tools()
    except ProbeError as error:
        yield _finding("ToolProbeFailed", "warning", error.message, error.remedy, nodes[0], nodes[0].place)
        return
    missing: Severity = "warning" if requirements_file(flow.folder, flow) else "error"
    brought = brought_packages(flow) if missing == "warning" else frozenset[str]()
    for node in nodes:
        if (_tool(node) or "").partition(".")[0] not in brought:
            yield from _findings(node, listing, missing)


def _tool(node: NodeSpec) -> str | None:
    tool = node.source.tool if node.source and node.source.type != "code" else None
    return None if tool in BUILT_IN else tool


def _findings(node: NodeSpec, listing: Listing, missing: Severity) -> Iterator[Finding]:
    tool, place = (node.source.tool or "", node.source.place) if node.source else ("", node.place)
    present = listing.renamed.get(tool, tool)
    if present not in listing.tools:
        message = f"Node {node.name!r} needs the package tool {tool!r}, and no installed package has it."
        remedy = remedy_for(tool, tuple(listing.tools), listing.broken)
        yield _finding(PackageToolNotFoundError.code, missing, message, remedy, node, place)
        return
    if present != tool:
        message = f"Node {node.name!r} names its tool by the deprecated id {tool!r}."
        yield _finding("DeprecatedTool", "warning", message, f"Write {present!r}.", node, place)
    definition = listing.tools[present]
    known = list(definition.get("inputs") or {})
    if definition.get("enable_kwargs") or definition.get("type") == "custom_llm" or not known:
        return
    for name, binding in node.inputs.items():
        if name not in known:
            like = nearest(name, known)
            remedy = f"Did you mean {like!r}?" if like else f"Its inputs: {', '.join(known)}."
            message = f"The tool {present!r} has no input {name!r}; node {node.name!r} may fail."
            yield _finding("UnknownToolArgument", "warning", message, remedy, node, binding.place)


def _finding(code: str, severity: Severity, message: str, remedy: str | None, node: NodeSpec, place: Place) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        remedy=remedy,
        file=place.file,
        line=place.line,
        column=place.column,
        node=node.name,
    )
