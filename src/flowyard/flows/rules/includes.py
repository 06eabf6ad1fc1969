"""``additional_includes``: each is there, inside of what may be used, and hides nothing by accident."""

from collections.abc import Iterator
from dataclasses import replace

from flowyard.flows.includes import Included, included, merged_folder
from flowyard.flows.model import FlowSpec, Include
from flowyard.foundation.errors import nearest
from flowyard.wire.flow_terms import Finding, Severity


def with_includes(flow: FlowSpec) -> tuple[FlowSpec, list[Finding]]:
    """Return the flow with a folder that has its includes, and what is wrong with them."""
    if not flow.additional_includes:
        return flow, []
    found = included(flow.folder, flow.additional_includes, flow.root)
    return replace(flow, folder=merged_folder(flow.folder, found.files)), list(_findings(flow, found))


def _findings(flow: FlowSpec, found: Included) -> Iterator[Finding]:
    for include in found.missing:
        folder = (flow.folder / include.path).parent
        near = nearest(include.path.rpartition("/")[2], [entry.name for entry in folder.iterdir()] if folder.is_dir() else [])
        remedy = f"Did you mean {near!r}?" if near else "Name a file or a folder, relative to the flow's own."
        yield _finding("AdditionalIncludeNotFound", "error", f"The additional include {include.path!r} is not there.", remedy, include)
    for include in found.outside:
        message = f"The additional include {include.path!r} is outside of what a flow here may use."
        yield _finding("AdditionalIncludeOutside", "error", message, "Put it beside the flow's folder, in the same workspace.", include)
    for path, include in found.replaced:
        message = f"The additional include {include.path!r} replaces {path!r} of the flow."
        yield _finding("AdditionalIncludeConflict", "warning", message, "Rename one of them.", include)


def _finding(code: str, severity: Severity, message: str, remedy: str, include: Include) -> Finding:
    place = include.place
    return Finding(code=code, severity=severity, message=message, remedy=remedy, file=place.file, line=place.line, column=place.column)
