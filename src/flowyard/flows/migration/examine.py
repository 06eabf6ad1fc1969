"""A flow's report: what it uses of the format, what differs here, what it needs. None of its code is run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from flowyard.flows.find import FlowFile
from flowyard.flows.migration.model import FlowReport
from flowyard.flows.migration.needs import needed_connections, needed_packages, needed_tools, variables_of
from flowyard.flows.model import FlowSpec
from flowyard.flows.rules import validate


def examine(flow: FlowFile, base: Path, given: Mapping[str, Mapping[str, object]]) -> FlowReport:
    """Return what is to be said of `flow`, with its path from `base`; `given` are the connections that are there, by name."""
    spec, findings = validate(flow.path)
    folder = flow.path.parent
    packages = needed_packages(folder, spec)
    return FlowReport(
        path=flow.path.relative_to(base).as_posix() if flow.path.is_relative_to(base) else str(flow.path),
        name=spec.name if spec is not None else folder.name,
        kind=flow.kind,
        purpose=spec.purpose if spec is not None else None,
        runs=spec is not None and not any(finding.severity == "error" for finding in findings),
        nodes=dict(Counter(node.type for node in spec.nodes)) if spec is not None else {},
        features=tuple(_features(spec)) if spec is not None else (),
        differs=tuple(_differences(folder, spec, dropped=any(package.state == "not needed" for package in packages))),
        packages=packages,
        connections=needed_connections(spec, given) if spec is not None else (),
        tools=needed_tools(spec) if spec is not None else (),
        variables=variables_of(folder, spec),
        findings=findings,
    )


def _features(spec: FlowSpec) -> Iterator[str]:
    used = {
        "chat input": spec.chat_input is not None,
        "chat history": spec.chat_history is not None,
        "images": spec.message_format != "basic" or any(value.type == "image" for value in spec.inputs.values()),
        "message format openai-vision": spec.message_format == "openai-vision",
        "aggregation": any(node.aggregation for node in spec.nodes),
        "activate": any(node.activate is not None for node in spec.nodes),
        "variants": bool(spec.node_variants),
        "additional includes": bool(spec.additional_includes),
        "environment variables": bool(spec.environment_variables),
        "package tools": spec.kind == "dag" and any(node.source is not None and node.source.type != "code" for node in spec.nodes),
        "custom LLM tools": any(node.type == "custom_llm" for node in spec.nodes),
        "outputs for evaluation only": any(output.evaluation_only for output in spec.outputs.values()),
        "a class with arguments": spec.entry is not None and bool(spec.entry.init),
        "a sample": bool(spec.sample),
    }
    yield from (name for name, is_used in used.items() if is_used)


def _differences(folder: Path, spec: FlowSpec | None, *, dropped: bool) -> Iterator[str]:
    if dropped:
        yield "Lines of promptflow's packages are left out: its names are provided here. See docs/environments.md."
    if (folder / ".promptflow").is_dir():
        yield "The folder .promptflow (tool metadata and past tests) is not read here."
    if spec is None:
        return
    if any(node.enable_cache for node in spec.nodes):
        yield "enable_cache does nothing there; here the node's results are kept. See docs/caching.md."
    if spec.environment.get("image"):
        yield "environment.image is used by `flow build` only; runs and endpoints use an environment made of the list of packages."
    if any(node.connection for node in spec.nodes):
        yield "Connections are not looked up in Azure ML: give them by file, or create them here under the same names."
    if spec.chat_history and not spec.inputs[spec.chat_history].has_default:
        yield f"The input {spec.chat_history!r} may be left out here: it is an empty list then."
