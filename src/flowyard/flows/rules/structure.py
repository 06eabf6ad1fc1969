"""Rules over the flow's graph: names, references, cycles, aggregation."""

from collections.abc import Iterator

from flowyard.flows.graph.edges import dependencies
from flowyard.flows.graph.order import find_cycle
from flowyard.flows.model import Constant, FlowSpec, InputReference, NodeReference, NodeSpec, Place, Value
from flowyard.flows.rules.base import Breach, Rule
from flowyard.foundation.errors import nearest

_CONDITION = "activate.when"


def _uses(flow: FlowSpec) -> Iterator[tuple[NodeSpec, str, Value, Place]]:
    for node in flow.nodes:
        for name, binding in node.inputs.items():
            yield node, name, binding.value, binding.place
        if node.activate is not None:
            yield node, _CONDITION, node.activate.when, node.activate.place


def _did_you_mean(name: str, known: set[str], what: str) -> str:
    near = nearest(name, known)
    if near:
        return f"Did you mean {near!r}?"
    return f"The flow has these {what}: {', '.join(sorted(known))}." if known else f"The flow has no {what}."


def _no_nodes(flow: FlowSpec) -> Iterator[Breach]:
    if not flow.nodes:
        yield Breach("The list of nodes is empty.", Place(flow.file, 1, 1), "Add a node.")


def _duplicate_nodes(flow: FlowSpec) -> Iterator[Breach]:
    seen: dict[str, NodeSpec] = {}
    for node in flow.nodes:
        first = seen.setdefault(node.name, node)
        if first is not node:
            yield Breach(
                f"Two nodes are named {node.name!r}; the first is in line {first.place.line}.", node.place, "Rename one.", node.name
            )


def _reserved_names(flow: FlowSpec) -> Iterator[Breach]:
    for node in flow.nodes:
        if node.name in {"inputs", "outputs", "flow"}:
            yield Breach(
                f"A node named {node.name!r} is hard to refer to: `${{{node.name}.x}}` means something else.",
                node.place,
                "Rename it.",
                node.name,
            )


def _unknown_nodes(flow: FlowSpec) -> Iterator[Breach]:
    known = {node.name for node in flow.nodes}
    for node, name, value, place in _uses(flow):
        if isinstance(value, NodeReference) and value.node not in known:
            yield Breach(
                f"{name!r} of node {node.name!r} refers to node {value.node!r}, which is not there.",
                place,
                _did_you_mean(value.node, known, "nodes"),
                node.name,
            )


def _unknown_inputs(flow: FlowSpec) -> Iterator[Breach]:
    known = set(flow.inputs)
    for node, name, value, place in _uses(flow):
        if name != _CONDITION and isinstance(value, InputReference) and value.name not in known:
            yield Breach(
                f"{name!r} of node {node.name!r} refers to the flow input {value.name!r}, which is not there.",
                place,
                _input_remedy(value, known),
                node.name,
            )


def _unknown_condition_inputs(flow: FlowSpec) -> Iterator[Breach]:
    known = set(flow.inputs)
    for node in flow.nodes:
        value = node.activate.when if node.activate else None
        if node.activate and isinstance(value, InputReference) and value.name not in known:
            yield Breach(
                f"The condition of node {node.name!r} refers to the flow input {value.name!r}, which is not there: every line fails.",
                node.activate.place,
                _input_remedy(value, known),
                node.name,
            )


def _input_remedy(value: InputReference, known: set[str]) -> str:
    head = value.name.partition(".")[0]
    if head in known:
        return f"A flow input is passed whole: write ${{inputs.{head}}} and take {value.name.partition('.')[2]!r} out of it in a node."
    return _did_you_mean(value.name, known, "inputs")


def _output_references(flow: FlowSpec) -> Iterator[Breach]:
    nodes, inputs = {node.name for node in flow.nodes}, set(flow.inputs)
    for output in flow.outputs.values():
        value = output.value
        if isinstance(value, NodeReference) and value.node not in nodes:
            message, remedy = f"refers to node {value.node!r}, which is not there", _did_you_mean(value.node, nodes, "nodes")
        elif isinstance(value, InputReference) and value.name not in inputs:
            message, remedy = f"refers to the flow input {value.name!r}, which is not there", _input_remedy(value, inputs)
        else:
            continue
        yield Breach(f"Output {output.name!r} {message}.", output.place, remedy)


def _empty_outputs(flow: FlowSpec) -> Iterator[Breach]:
    for output in flow.outputs.values():
        if isinstance(output.value, Constant) and output.value.value == "":
            yield Breach(f"Output {output.name!r} has no reference.", output.place, "Write reference: ${<node>.output}.")


def _null_outputs(flow: FlowSpec) -> Iterator[Breach]:
    for output in flow.outputs.values():
        if isinstance(output.value, Constant) and output.value.value is None:
            yield Breach(f"Output {output.name!r} is always null.", output.place, "Write reference: ${<node>.output}.")


def _unsupported_sections(flow: FlowSpec) -> Iterator[Breach]:
    for node, name, value, place in _uses(flow):
        if isinstance(value, NodeReference) and value.section != "output":
            yield Breach(
                f"{name!r} of node {node.name!r} asks for {value.section!r} of node {value.node!r}; a line that uses it fails.",
                place,
                f"Write ${{{value.node}.output}} or a path below it, such as ${{{value.node}.output.[0]}}.",
                node.name,
            )


def _ignored_sections(flow: FlowSpec) -> Iterator[Breach]:
    for output in flow.outputs.values():
        value = output.value
        if isinstance(value, NodeReference) and value.section != "output":
            rest = f".output.{value.path}" if value.path else ".output"
            yield Breach(
                f"Output {output.name!r} asks for {value.section!r} of node {value.node!r}, which is read as `output`.",
                output.place,
                f"Write ${{{value.node}{rest}}}, or a path below it, such as ${{{value.node}.output.[0]}}.",
            )


def _language(flow: FlowSpec) -> Iterator[Breach]:
    if flow.language != "python":
        yield Breach(
            f"The flow is written in {flow.language}; only Python flows run here.",
            Place(flow.file, 1, 1),
            "Write its tools in Python, or run it where .NET is.",
        )


def _cycles(flow: FlowSpec) -> Iterator[Breach]:
    cycle = find_cycle(dependencies(flow))
    if cycle:
        first = flow.node(cycle[0])
        place = first.place if first else Place(flow.file, 1, 1)
        yield Breach(
            f"These nodes feed one another in a circle: {' -> '.join([*cycle, cycle[0]])}.", place, "Cut one of the references.", cycle[0]
        )


def _aggregation_use(flow: FlowSpec) -> Iterator[Breach]:
    reduces = {node.name for node in flow.nodes if node.aggregation}
    for node, name, value, place in _uses(flow):
        if isinstance(value, NodeReference) and value.node in reduces and not node.aggregation:
            yield Breach(
                f"{name!r} of node {node.name!r} refers to the aggregation node {value.node!r}, which runs after all lines.",
                place,
                "Only aggregation nodes can use it; set `aggregation: true`.",
                node.name,
            )


def _aggregation_activate(flow: FlowSpec) -> Iterator[Breach]:
    normal = {node.name for node in flow.nodes if not node.aggregation}
    for node in flow.nodes:
        condition = node.activate.when if node.activate and node.aggregation else None
        if node.activate and isinstance(condition, NodeReference) and condition.node in normal:
            yield Breach(
                f"The condition of the aggregation node {node.name!r} refers to {condition.node!r}, which has one value per line.",
                node.activate.place,
                "Use a literal or another aggregation node.",
                node.name,
            )


def _aggregation_outputs(flow: FlowSpec) -> Iterator[Breach]:
    reduces = {node.name for node in flow.nodes if node.aggregation}
    for output in flow.outputs.values():
        if isinstance(output.value, NodeReference) and output.value.node in reduces:
            yield Breach(
                f"Output {output.name!r} refers to the aggregation node {output.value.node!r}; it is ignored.",
                output.place,
                "Log a metric in the aggregation node instead.",
            )


def _chat_flow(flow: FlowSpec) -> Iterator[Breach]:
    marked = [spec for spec in flow.inputs.values() if spec.is_chat_input]
    for spec in marked[1:]:
        yield Breach(f"Input {spec.name!r} is a second chat input.", spec.place, "A chat flow has one.")
    answers = [output for output in flow.outputs.values() if output.is_chat_output]
    for output in answers[1:]:
        yield Breach(f"Output {output.name!r} is a second chat output.", output.place, "A chat flow has one.")
    if marked and not answers:
        yield Breach("The flow has a chat input and no chat output.", marked[0].place, "Set `is_chat_output: true` at the answer.")


RULES = (
    Rule("EmptyNodes", "warning", _no_nodes),
    Rule("DuplicateNodeName", "error", _duplicate_nodes),
    Rule("ReservedNodeName", "warning", _reserved_names),
    Rule("NodeReferenceNotFound", "error", _unknown_nodes),
    Rule("InputReferenceNotFound", "error", _unknown_inputs),
    Rule("InputNotFound", "error", _unknown_condition_inputs),
    Rule("OutputReferenceNotFound", "error", _output_references),
    Rule("EmptyOutputReference", "error", _empty_outputs),
    Rule("NullOutput", "warning", _null_outputs),
    Rule("UnsupportedReference", "warning", _unsupported_sections),
    Rule("SectionIgnored", "warning", _ignored_sections),
    Rule("NodeCircularDependency", "error", _cycles),
    Rule("InvalidNodeReference", "error", _aggregation_use),
    Rule("InvalidNodeReference", "error", _aggregation_activate),
    Rule("AggregationOutputIgnored", "warning", _aggregation_outputs),
    Rule("LanguageNotSupported", "error", _language),
    Rule("InvalidChatFlow", "warning", _chat_flow),
)
