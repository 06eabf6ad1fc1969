"""A part of a flow that runs: one node alone, or a node and all that uses what it gives. What the rest gave is known beforehand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flowyard.flows.errors import NodeNotFoundError, NodeOutputMissingError, PartUnsupportedError
from flowyard.flows.graph.edges import dependencies
from flowyard.flows.model import Constant, FlowSpec, InputReference, NodeReference, NodeSpec, OutputSpec, Value
from flowyard.flows.runtime.plan import Getter, Plan, Step, constant, getter_of, stage_of

#: The name under which a node that runs alone gives what it gives.
OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a flow runs.

    Attributes:
        node: the node.
        onward: all that uses what it gives runs too, each under its condition; else the node alone, whatever its condition says.
        outputs: what other nodes gave, by node. Prompt nodes whose inputs are known are rendered again instead: a text that was kept
            no longer tells what of it came from outside, and counts as the author's.
        bypassed: nodes that count as bypassed.
    """

    node: str
    onward: bool = False
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    bypassed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """The plan of a part, the flow's specification with the inputs that it needs, and those that were given."""

    plan: Plan
    spec: FlowSpec
    inputs: dict[str, Any]


def plan_part(plan: Plan, part: Part, given: Mapping[str, Any]) -> PartPlan:
    """Return the plan of `part`.

    `given` are flow inputs by name or as ``inputs.<name>``, and outputs of nodes as ``<node>.output``. For a node that runs alone its own
    inputs count too, by their name or by what they refer to, before all others: as prompt flow takes them. The rest is left out.

    Raises:
        PartUnsupportedError: the flow is no graph.
        NodeNotFoundError: it has no such node.
        NodeOutputMissingError: what a node gave is needed and not known.
    """
    flow = plan.flow
    if flow.kind != "dag":
        raise PartUnsupportedError(
            f"The flow {flow.name!r} has no nodes that could run alone: it is a {flow.kind} flow.", remedy="Run the flow as a whole."
        )
    node = flow.node(part.node)
    if node is None:
        raise NodeNotFoundError(part.node, known=[each.name for each in flow.nodes])
    return _Planner(plan, part, node, given).planned()


class _Planner:
    def __init__(self, plan: Plan, part: Part, node: NodeSpec, given: Mapping[str, Any]) -> None:
        self._plan = plan
        self._flow = plan.flow
        self._part = part
        self._node = node
        #: Values of the inputs of the node that runs alone, in place of what they refer to.
        self._values: dict[str, Any] = {}
        self._inputs: dict[str, Any] = {}
        self._outputs = dict(part.outputs)
        if not part.onward:
            self._take_own(given)
        self._take(given)
        chosen = {node.name, *(_users(self._flow, node.name) if part.onward else ())}
        self._chosen = chosen | set(self._rendered_again(chosen))

    def planned(self) -> PartPlan:
        self._check()
        steps = [self._step(step) for step in (*self._plan.line.steps, *self._plan.reduce.steps) if step.name in self._chosen]
        alone = not self._part.onward
        reduces = [step for step in steps if self._spec(step.name).aggregation and not alone]
        known = self._known(alone=alone)
        needs = {need for step in reduces for _, need in step.feeds} & {step.index for step in self._plan.line.steps}
        needed = {value.name for _, value in self._references() if isinstance(value, InputReference)}
        plan = replace(
            self._plan,
            line=stage_of(tuple(step for step in steps if step not in reduces)),
            reduce=stage_of(tuple(reduces)),
            outputs=self._declared(needed, known),
            reduce_needs=tuple(sorted(needs)),
            known=known,
            bypassed=frozenset(self._index(name) for name in self._part.bypassed if self._idle(name) and self._flow.node(name) is not None),
        )
        spec = replace(self._flow, inputs={name: spec for name, spec in self._flow.inputs.items() if name in needed}, sample={})
        return PartPlan(plan=plan, spec=spec, inputs=self._inputs)

    def _take_own(self, given: Mapping[str, Any]) -> None:
        for name, binding in self._node.inputs.items():
            value = binding.value
            words = [str(value)[2:-1], name] if isinstance(value, NodeReference) else [name]
            if isinstance(value, InputReference):
                words = [f"inputs.{value.name}", f"flow.{value.name}", name]
            found = next((word for word in words if word in given), None)
            if found is None:
                continue
            if isinstance(value, InputReference):
                self._inputs[value.name] = given[found]
            else:
                self._values[name] = self._given(value, given[found])

    def _take(self, given: Mapping[str, Any]) -> None:
        for key, value in given.items():
            first, dot, rest = key.rpartition(".")
            if dot and first in {"inputs", "flow"}:
                self._inputs.setdefault(rest, value)
            elif dot and rest == "output" and self._flow.node(first) is not None:
                self._outputs[first] = value
        for name in self._flow.inputs:
            if name in given:
                self._inputs.setdefault(name, given[name])

    def _rendered_again(self, chosen: set[str]) -> Iterator[str]:
        """Yield the prompt nodes that feed `chosen` and can be rendered with what is known."""
        for node in self._flow.nodes:
            if node.name in chosen and not node.aggregation:
                for _, value in self._uses(node):
                    if isinstance(value, NodeReference):
                        yield from self._renderable(value.node, chosen) or ()

    def _renderable(self, name: str, chosen: set[str]) -> list[str] | None:
        """Return `name` and the prompt nodes that have to be rendered before it; None when it cannot be."""
        node = self._spec(name)
        if node.type != "prompt" or node.activate or name in chosen or name in self._part.bypassed or node.aggregation:
            return None
        found = [name]
        for _, value in self._uses(node):
            if isinstance(value, InputReference) and value.name not in self._inputs and not self._flow.inputs[value.name].has_default:
                return None
            if isinstance(value, NodeReference):
                before = self._renderable(value.node, chosen)
                if before is None and value.node not in self._outputs and value.node not in chosen:
                    return None
                found += before or ()
        return found

    def _check(self) -> None:
        missing = [
            (node, value)
            for node, value in self._references()
            if isinstance(value, NodeReference) and self._idle(value.node) and value.node not in {*self._outputs, *self._part.bypassed}
        ]
        if missing:
            raise NodeOutputMissingError(missing[0][0], str(missing[0][1]), list(dict.fromkeys(value.node for _, value in missing)))

    def _references(self) -> Iterator[tuple[str, InputReference | NodeReference]]:
        """Yield what the nodes that run take from elsewhere, each with the node's name."""
        for node in self._flow.nodes:
            if node.name in self._chosen:
                for _, value in self._uses(node):
                    if not isinstance(value, Constant):
                        yield node.name, value

    def _uses(self, node: NodeSpec) -> Iterator[tuple[str, Value]]:
        alone = not self._part.onward and node is self._node
        for name, binding in node.inputs.items():
            if not (alone and name in self._values):
                yield name, binding.value
        if node.activate is not None and not alone:
            yield "activate", node.activate.when

    def _step(self, step: Step) -> Step:
        chosen = {self._index(name) for name in self._chosen}
        step = replace(step, dependencies=tuple(index for index in step.dependencies if index in chosen))
        if self._part.onward or step.name != self._node.name:
            return step
        getters = dict(step.arguments)
        if self._node.aggregation:
            for name, binding in self._node.inputs.items():
                if isinstance(binding.value, InputReference):
                    getters[name] = _in_list(getters[name])
        getters |= {name: constant(value) for name, value in self._values.items()}
        feeds = tuple((name, index) for name, index in step.feeds if name not in self._values)
        return replace(
            step,
            arguments=tuple(getters.items()),
            feeds=feeds,
            reads=None,
            condition=None,
            condition_node=None,
            may_be_bypassed=False,
            streams=not step.executable.quick,
            feeds_nodes=False,
        )

    def _known(self, *, alone: bool) -> dict[int, Any]:
        """Return what nodes that do not run gave; to an aggregation that runs alone, each line's value is a list of one."""
        listed = alone and self._node.aggregation
        found: dict[int, Any] = {}
        for name, value in self._outputs.items():
            node = self._flow.node(name)
            if node is not None and self._idle(name):
                found[self._index(name)] = [value] if listed and not node.aggregation else _as_given_by(node, value)
        return found

    def _given(self, value: Value, given: Any) -> Any:
        if isinstance(value, NodeReference):
            return given if value.path else _as_given_by(self._spec(value.node), given)
        return _like(value, given)

    def _declared(self, needed: set[str], known: Mapping[int, Any]) -> tuple[tuple[OutputSpec, Getter], ...]:
        node = self._node
        if not self._part.onward:
            value = NodeReference(node.name)
            spec = OutputSpec(name=OUTPUT, type="object", text=str(value), value=value, place=node.place)
            return ((spec, getter_of(value, {node.name: self._index(node.name)})),)

        def is_there(value: Value) -> bool:
            if isinstance(value, NodeReference):
                return value.node in {*self._chosen, *self._part.bypassed} or self._index(value.node) in known
            return isinstance(value, Constant) or value.name in needed

        return tuple((spec, get) for spec, get in self._plan.outputs if is_there(spec.value))

    def _idle(self, name: str) -> bool:
        return name not in self._chosen

    def _spec(self, name: str) -> NodeSpec:
        return next(node for node in self._flow.nodes if node.name == name)

    def _index(self, name: str) -> int:
        return next(step.index for step in (*self._plan.line.steps, *self._plan.reduce.steps) if step.name == name)


def _users(flow: FlowSpec, name: str) -> set[str]:
    """Return the nodes that use what `name` gives, straight or through others."""
    needs, found, fresh = dependencies(flow), set[str](), {name}
    while fresh:
        fresh = {other for other, used in needs.items() if not fresh.isdisjoint(used)} - found
        found |= fresh
    return found


def _in_list(get: Getter) -> Getter:
    return lambda inputs, outputs: [get(inputs, outputs)]


def _as_given_by(node: NodeSpec, value: Any) -> Any:
    if node.type != "prompt" or not isinstance(value, str):
        return value
    from flowyard.flows.nodes.template import PromptText

    return PromptText(value)


def _like(value: Value, given: Any) -> Any:
    """Return what is given for a literal as that: text of the command line becomes a number where a number stands in the file."""
    kind: type[Any] = type(value.value) if isinstance(value, Constant) else str  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(given, str) or kind not in {int, float, bool}:
        return given
    try:
        return given.lower() == "true" if kind is bool else kind(given)
    except ValueError:
        return given
