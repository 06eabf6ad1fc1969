"""Kinds of nodes as drawings, records and spans show them."""

from flowyard.flows.model import NodeSpec
from flowyard.wire.flow_terms import NodeKind


def node_kind(node: NodeSpec) -> NodeKind:
    """Return the kind of `node`: its type, or what it does besides (an aggregation, a package's tool)."""
    if node.aggregation:
        return "aggregation"
    if node.type == "custom_llm" or (node.type == "python" and node.source and node.source.type != "code"):
        return "tool"
    return node.type
