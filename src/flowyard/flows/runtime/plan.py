"""The plan of a flow: what to call in which order with which arguments, worked out once and then only followed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from flowyard.flows.errors import UnsupportedReferenceError
from flowyard.flows.format.references import property_getter
from flowyard.flows.graph.edges import node_dependencies
from flowyard.flows.graph.kinds import node_kind
from flowyard.flows.graph.order import topological_order
from flowyard.flows.model import Constant, FlowSpec, InputReference, NodeReference, NodeSpec, OutputSpec, Place, Value
from flowyard.wire.flow_terms import NodeKind

#: A node that waits longer than this in a call, on average, runs beside others of its line.
BLOCKING_NS = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Executable:
    """A node, ready to be called with keyword arguments.

    Attributes:
        call: the function; what it returns may be a generator.
        is_async: `call` gives something to await or an asynchronous generator, and runs on an event loop.
        quick: it never waits and costs little (a template), so it runs wherever the line runs.
        defaults: the parameters that have a default: such an input is left out when a bypassed node would feed it.
        constants: the node's literal inputs as `call` wants them.
        error_code: the code of whatever `call` raises; None: that of the error itself, or ``ToolExecutionError`` for other exceptions.
        label: what failed, for that message; empty: the node.
    """

    call: Callable[..., Any]
    is_async: bool
    quick: bool = False
    defaults: frozenset[str] = frozenset()
    constants: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error_code: str | None = None
    label: str = ""


class NodeMaker(Protocol):
    """Makes a node callable."""

    def __call__(self, flow: FlowSpec, node: NodeSpec) -> Executable:
        """Return the executable of `node`.

        Raises:
            ToolError, TemplateError, UnknownConnectionError: it cannot be made.
        """
        ...


Getter = Callable[[Mapping[str, Any], Sequence[Any]], Any]
"""Takes the line's flow inputs and the outputs of its nodes by index."""


@dataclass(slots=True, kw_only=True)
class Step:
    """One node in the plan. `blocked_ns` is a moving average of the time that a call waits; negative before the first.

    `takes`: the flow inputs that it takes as they are, those that are there; instead of `arguments`.
    `reads`: `arguments` where all are flow inputs or whole outputs: the name, then 0 and the input's name, or 1 and the output's index.
    """

    index: int
    name: str
    kind: NodeKind
    place: Place
    executable: Executable
    dependencies: tuple[int, ...]
    followers: tuple[int, ...] = ()
    feeds: tuple[tuple[str, int], ...] = ()
    arguments: tuple[tuple[str, Getter], ...] = ()
    reads: tuple[tuple[str, int, int | str], ...] | None = None
    takes: tuple[str, ...] | None = None
    condition: Getter | None = None
    condition_node: int | None = None
    expected: Any = None
    may_be_bypassed: bool = False
    streams: bool = False
    feeds_nodes: bool = False
    blocked_ns: float = -1.0

    @property
    def blocks(self) -> bool:
        """Worth running beside others: it is known to wait, or not yet known."""
        return not self.executable.quick and (self.blocked_ns < 0 or self.blocked_ns > BLOCKING_NS)

    def measured(self, waited_ns: int) -> None:
        """Count one call that waited so long."""
        self.blocked_ns = waited_ns if self.blocked_ns < 0 else self.blocked_ns * 0.8 + waited_ns * 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Steps that run together: those of a line, or the aggregation.

    `wide`: some of them could run side by side. `straight`: none can be bypassed or needs a loop.
    """

    steps: tuple[Step, ...]
    is_async: bool
    wide: bool
    straight: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A compiled flow. Nodes have one index over both stages, that of their output in a line.

    `reduce_needs` are the nodes of a line whose outputs the aggregation uses. `returned` is the node whose result is the flow's outputs,
    where these are not declared one by one. `known` are outputs of nodes that do not run, `bypassed` those that count as bypassed.
    """

    flow: FlowSpec
    line: Stage
    reduce: Stage
    outputs: tuple[tuple[OutputSpec, Getter], ...]
    size: int
    reduce_needs: tuple[int, ...] = ()
    returned: int | None = None
    known: Mapping[int, Any] = field(default_factory=dict[int, Any])
    bypassed: frozenset[int] = frozenset()

    @property
    def is_async(self) -> bool:
        """A line needs an event loop."""
        return self.line.is_async or self.reduce.is_async


def compile_plan(flow: FlowSpec, make: NodeMaker) -> Plan:
    """Compile a valid flow.

    Raises:
        ToolError, TemplateError, UnknownConnectionError: a node cannot be made.
    """
    needs = {node.name: node_dependencies(node) for node in flow.nodes}
    by_name = {node.name: node for node in flow.nodes}
    order = topological_order(needs)
    order.sort(key=lambda name: by_name[name].aggregation)
    index = {name: position for position, name in enumerate(order)}
    steps = [_step(flow, by_name[name], index, make) for name in order]
    _link(flow, steps, by_name)
    returned = next((step for step in steps if flow.kind != "dag" and not by_name[step.name].aggregation), None)
    if returned is not None:
        returned.streams = True
        if flow.kind == "prompty" or any(spec.in_code for spec in flow.inputs.values()):
            returned.takes = tuple(flow.inputs)
    normal = tuple(step for step in steps if not by_name[step.name].aggregation)
    reduces = tuple(step for step in steps if by_name[step.name].aggregation)
    kept = [output for output in flow.outputs.values() if not _is_reduced(output.value, by_name)]
    return Plan(
        flow=flow,
        line=stage_of(normal),
        reduce=stage_of(reduces),
        outputs=tuple((output, getter_of(_whole_node(output.value), index)) for output in kept),
        size=len(steps),
        reduce_needs=tuple(sorted({need for step in reduces for _, need in step.feeds} & {step.index for step in normal})),
        returned=returned.index if returned is not None else None,
    )


def _is_reduced(value: Value, nodes: Mapping[str, NodeSpec]) -> bool:
    return isinstance(value, NodeReference) and nodes[value.node].aggregation


def _step(flow: FlowSpec, node: NodeSpec, index: Mapping[str, int], make: NodeMaker) -> Step:
    executable = make(flow, node)
    per_line = {other.name for other in flow.nodes if node.aggregation and not other.aggregation}
    arguments: list[tuple[str, Getter]] = []
    reads: list[tuple[str, int, int | str]] = []
    feeds: list[tuple[str, int]] = []
    for name, binding in node.inputs.items():
        if name in executable.constants:
            arguments.append((name, constant(executable.constants[name])))
        elif not isinstance(binding.value, Constant):
            arguments.append((name, getter_of(binding.value, index, per_line)))
            reads += _read(name, binding.value, index)
        elif node.type == "prompt" or binding.value.value not in (None, ""):
            arguments.append((name, constant(binding.value.value)))
        if isinstance(binding.value, NodeReference):
            feeds.append((name, index[binding.value.node]))
    condition = node.activate.when if node.activate else None
    return Step(
        index=index[node.name],
        name=node.name,
        kind=node_kind(node),
        place=node.place,
        executable=executable,
        dependencies=tuple(index[name] for name in node_dependencies(node) if name not in per_line),
        feeds=tuple(feeds),
        arguments=tuple(arguments),
        reads=tuple(reads) if len(reads) == len(arguments) else None,
        condition=getter_of(condition, index, per_line) if condition is not None else None,
        condition_node=index[condition.node] if isinstance(condition, NodeReference) else None,
        expected=node.activate.equals if node.activate else None,
    )


def _link(flow: FlowSpec, steps: list[Step], by_name: Mapping[str, NodeSpec]) -> None:
    """Fill in what a step can only know of the others."""
    followers: dict[int, list[int]] = {step.index: [] for step in steps}
    for step in steps:
        for need in step.dependencies:
            followers[need].append(step.index)
    shown = {output.value.node for output in flow.outputs.values() if isinstance(output.value, NodeReference)}
    bypassable: set[int] = set()
    used = {need for step in steps for _, need in step.feeds} | {step.condition_node for step in steps}
    for step in steps:
        step.followers = tuple(followers[step.index])
        step.feeds_nodes = step.index in used
        step.streams = step.name in shown and not step.feeds_nodes and not by_name[step.name].aggregation
        step.may_be_bypassed = step.condition is not None or any(need in bypassable for _, need in step.feeds)
        if step.may_be_bypassed:
            bypassable.add(step.index)


def stage_of(steps: tuple[Step, ...]) -> Stage:
    """Return the stage that runs `steps`, which are in an order in which they can run."""
    above: dict[int, set[int]] = {}
    for step in steps:
        above[step.index] = set(step.dependencies).union(*(above.get(need, set[int]()) for need in step.dependencies))
    wide = any(earlier.index not in above[step.index] for place, step in enumerate(steps) for earlier in steps[:place])
    is_async = any(step.executable.is_async for step in steps)
    straight = not is_async and not any(step.may_be_bypassed or step.takes is not None for step in steps)
    return Stage(steps=steps, is_async=is_async, wide=wide, straight=straight)


def constant(value: Any) -> Getter:
    """Return what always gives `value`."""
    return lambda _inputs, _outputs: value


def getter_of(value: Value, index: Mapping[str, int], per_line: set[str] | None = None) -> Getter:
    """Return what gives `value` in a line; `index`: the places of the nodes' outputs; of nodes `per_line` these are lists."""
    if isinstance(value, Constant):
        return constant(value.value)
    if isinstance(value, InputReference):
        name = value.name
        return lambda inputs, _outputs: inputs[name]
    if value.section != "output":
        return _unsupported(value)
    position = index[value.node]
    if not value.path:
        return lambda _inputs, outputs: outputs[position]
    walk = property_getter(value)
    if per_line and value.node in per_line:
        return lambda _inputs, outputs: [walk(item) for item in outputs[position]]
    return lambda _inputs, outputs: walk(outputs[position])


def _read(name: str, value: Value, index: Mapping[str, int]) -> list[tuple[str, int, int | str]]:
    if isinstance(value, InputReference):
        return [(name, 0, value.name)]
    if isinstance(value, NodeReference) and value.section == "output" and not value.path:
        return [(name, 1, index[value.node])]
    return []


def _whole_node(value: Value) -> Value:
    """Read what an output refers to: as in prompt flow, whatever stands where ``output`` should be counts as that."""
    return replace(value, section="output") if isinstance(value, NodeReference) else value


def _unsupported(value: NodeReference) -> Getter:
    def fail(_inputs: Mapping[str, Any], _outputs: Sequence[Any]) -> Any:
        raise UnsupportedReferenceError(
            f"{value} asks for {value.section!r} of node {value.node!r}; only its output can be had.",
            remedy=f"Write ${{{value.node}.output}} or a path below it, such as ${{{value.node}.output.[0]}}.",
        )

    return fail
