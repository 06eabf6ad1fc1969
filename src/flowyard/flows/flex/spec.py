"""A flex flow as a typed flow: its entry is one node, fed by all inputs; what it returns are the outputs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowyard.flows.flex.signature import EntrySignature, init_specs, input_specs
from flowyard.flows.model import (
    Binding,
    EntrySpec,
    FlowSpec,
    InputReference,
    InputSpec,
    NodeReference,
    NodeSpec,
    OutputSpec,
    Place,
    Source,
)

#: The name of the node, and of the method, that makes metrics of all lines' results.
AGGREGATE = "__aggregate__"
#: The name under which that node takes them.
RESULTS = "line_results"


def signed(flow: FlowSpec, signature: EntrySignature, place: Place) -> FlowSpec:
    """Return the flow with the inputs, the output and the class parameters of `signature` where its YAML declares none."""
    entry = flow.entry
    if entry is None:
        return flow
    inputs = flow.inputs if "inputs" in entry.declared else input_specs(signature.parameters, place)
    init = entry.init if "init" in entry.declared else init_specs(signature.init, place)
    node = entry_node(entry, inputs)
    whole = OutputSpec(name="output", type="object", text=f"${{{node.name}.output}}", value=NodeReference(node.name), place=place)
    return replace(
        flow,
        inputs=inputs,
        outputs=flow.outputs if "outputs" in entry.declared else {"output": whole},
        nodes=(node,) if signature.aggregates is None else (node, _aggregation(node)),
        entry=replace(entry, init=init),
    )


def init_values(entry: EntrySpec, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a class is made with: given values, else the sample's, and defaults."""
    values = dict(given or entry.sample_init)
    for name, spec in entry.init.items():
        if name not in values and spec.has_default:
            values[name] = spec.default
    return values


def entry_node(entry: EntrySpec, inputs: dict[str, InputSpec]) -> NodeSpec:
    """Return the node that stands for an entry in graphs, records and traces."""
    source = Source(type="code", place=entry.place, path=f"{entry.module.replace('.', '/')}.py", tool=entry.name)
    feeds = {name: Binding(InputReference(name), spec.place) for name, spec in inputs.items()}
    return NodeSpec(name=entry.name, type="python", place=entry.place, source=source, inputs=feeds)


def _aggregation(node: NodeSpec) -> NodeSpec:
    results = {RESULTS: Binding(NodeReference(node.name), node.place)}
    return replace(node, name=AGGREGATE, aggregation=True, inputs=results)
