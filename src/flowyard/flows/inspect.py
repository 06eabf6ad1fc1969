"""What can be said of a flow's folder without running any of it: its graph, its findings, what it needs."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from flowyard.flows.errors import FlowNotFoundError, InvalidFlowError
from flowyard.flows.flex.signature import value_type
from flowyard.flows.graph.edges import edges
from flowyard.flows.graph.kinds import node_kind
from flowyard.flows.model import FLOW_FILE, Binding, Constant, EntrySpec, FlowOptions, FlowSpec, InputSpec, NodeSpec, NodeVariants
from flowyard.flows.rules import validate
from flowyard.wire.flows import Finding, FlowGraph, FlowInput, FlowOutput, GraphNode

#: What evaluators take besides where they are made by hand; in a flow they find the flow's connections.
CONNECTIONS = "connections"


def graph(folder: Path, root: Path | None = None) -> FlowGraph:
    """Return the flow in `folder` as its graph, with all findings. What could not be read is left out; a missing file is a finding.

    `root`: files outside the folder are used only from below this; None: all that this process can read.
    """
    try:
        flow, findings = validate(folder, FlowOptions(root=root))
    except FlowNotFoundError as error:
        missing = Finding(code="FlowFileMissing", severity="error", message=error.message, remedy=f"Create {FLOW_FILE}.", file=FLOW_FILE)
        return FlowGraph(inputs=(), outputs=(), nodes=(), edges=(), findings=(missing,))
    except InvalidFlowError as error:
        several = Finding(code="SeveralFlows", severity="error", message=error.message, remedy=error.remedy, file=FLOW_FILE)
        return FlowGraph(inputs=(), outputs=(), nodes=(), edges=(), findings=(several,))
    if flow is None:
        return FlowGraph(inputs=(), outputs=(), nodes=(), edges=(), findings=findings)
    return FlowGraph(
        inputs=tuple(_input(flow, spec) for spec in flow.inputs.values()),
        outputs=tuple(
            FlowOutput(name=spec.name, type=spec.type, reference=spec.text, is_chat_output=spec.is_chat_output)
            for spec in flow.outputs.values()
        ),
        nodes=tuple(_node(node, flow.node_variants.get(node.name)) for node in flow.nodes),
        edges=edges(flow),
        findings=findings,
        init=_init(flow.entry) if flow.entry else (),
        message_format="openai-vision" if flow.message_format == "openai-vision" else "basic",
    )


def tool_connections(folder: Path, known: Mapping[str, object], root: Path | None = None) -> set[str]:
    """Return which of the `known` connections the Python nodes and environment variables of the flow in `folder` name.

    They get these as objects, secrets and all. LLM nodes get none: they call the gateway. Variants count: a test may run each of them.
    `root`: as for `graph`.
    """
    flow, _ = validate(folder, FlowOptions(root=root))
    if flow is None:
        return set()
    variants = tuple(node for table in flow.node_variants.values() for node in table.nodes.values())
    return connections_of_tools(replace(flow, nodes=(*flow.nodes, *variants)), known)


def connections_of_tools(flow: FlowSpec, known: Mapping[str, object]) -> set[str]:
    """Return which of the `known` connections the Python nodes and environment variables of `flow` name."""
    named: set[str] = set()
    for node in flow.nodes:
        if node.type != "llm":
            named |= {value for binding in node.inputs.values() if isinstance(value := _literal(binding), str)}
    for value in flow.environment_variables.values():
        if isinstance(value, str) and value.startswith("${"):
            named.add(value[2:].partition(".")[0])
    if flow.entry is not None:
        named |= named_by_init(
            {**{name: spec.default for name, spec in flow.entry.init.items() if spec.has_default}, **flow.entry.sample_init}
        )
    return named & set(known)


def named_by_init(init: Mapping[str, Any]) -> set[str]:
    """Return what may be connections' names among the values that a flex flow's class is made with."""
    values = list(init.values())
    values += [cast("dict[str, Any]", value).get("connection") for value in values if isinstance(value, dict)]
    return {value for value in values if isinstance(value, str)}


def _input(flow: FlowSpec, spec: InputSpec) -> FlowInput:
    return FlowInput(
        name=spec.name,
        type=spec.type,
        default=spec.default,
        has_default=spec.has_default or spec.in_code or spec.name == flow.chat_history,
        description=spec.description,
        enum=spec.enum,
        is_chat_input=spec.is_chat_input,
        is_chat_history=spec.name == flow.chat_history,
    )


def _init(entry: EntrySpec) -> tuple[FlowInput, ...]:
    """Return what a class is made with; a parameter that only its sample tells of has the type of its value there."""
    sample = entry.sample_init
    told = (
        FlowInput(
            name=name,
            type=spec.type,
            default=sample.get(name, spec.default),
            has_default=name in sample or spec.has_default or spec.in_code,
        )
        for name, spec in entry.init.items()
        if name != CONNECTIONS
    )
    beside = (
        FlowInput(name=name, type=value_type(type(value).__name__), default=value, has_default=True)
        for name, value in sample.items()
        if name not in entry.init
    )
    return (*told, *beside)


def _node(node: NodeSpec, table: NodeVariants | None) -> GraphNode:
    variants = table if node.use_variants else None
    model = next((str(_literal(node.inputs[name])) for name in ("deployment_name", "model") if name in node.inputs), None)
    return GraphNode(
        name=node.name,
        kind=node_kind(node),
        source=node.source.path if node.source else None,
        tool=node.source.tool if node.source else None,
        connection=node.connection,
        model=model if node.type == "llm" else None,
        inputs={name: _written(binding) for name, binding in node.inputs.items()},
        line=node.place.line,
        variant=variants.chosen if variants else None,
        variants=tuple(variants.nodes) if variants else (),
    )


def _literal(binding: Binding) -> Any:
    return binding.value.value if isinstance(binding.value, Constant) else None


def _written(binding: Binding) -> Any:
    return binding.value.value if isinstance(binding.value, Constant) else str(binding.value)
