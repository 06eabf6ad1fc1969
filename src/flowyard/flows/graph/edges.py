"""Which part of a flow feeds which."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowyard.flows.model import FlowSpec, InputReference, NodeReference, NodeSpec, Value

if TYPE_CHECKING:
    from flowyard.wire.flows import GraphEdge


def references(node: NodeSpec) -> Iterator[tuple[str, Value]]:
    """Yield what the node uses, labelled with the input it goes to; the condition's label is ``activate``."""
    for name, binding in node.inputs.items():
        yield name, binding.value
    if node.activate is not None:
        yield "activate", node.activate.when


def node_dependencies(node: NodeSpec) -> list[str]:
    """Return the names of the nodes that `node` uses, each once, in the order of its inputs."""
    names = [value.node for _, value in references(node) if isinstance(value, NodeReference)]
    return list(dict.fromkeys(names))


def dependencies(flow: FlowSpec) -> dict[str, list[str]]:
    """Return for every node of the flow, in the order of the file, the nodes that it uses."""
    return {node.name: node_dependencies(node) for node in flow.nodes}


def edges(flow: FlowSpec) -> "tuple[GraphEdge, ...]":
    """Return the edges as a drawing needs them: flow inputs and outputs are the nodes ``inputs`` and ``outputs``."""
    from flowyard.wire.flows import GraphEdge

    known = {node.name for node in flow.nodes}
    found: list[GraphEdge] = []
    for node in flow.nodes:
        for label, value in references(node):
            source = _source(value, known)
            if source is not None:
                found.append(GraphEdge(source=source, target=node.name, label=label))
    for output in flow.outputs.values():
        source = _source(output.value, known)
        if source is not None:
            found.append(GraphEdge(source=source, target="outputs", label=output.name))
    return tuple(found)


def _source(value: Value, known: set[str]) -> str | None:
    if isinstance(value, InputReference):
        return "inputs"
    return value.node if isinstance(value, NodeReference) and value.node in known else None
