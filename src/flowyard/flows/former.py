"""What the nodes of a former run gave, for a part of the flow that runs again: from its trace, or from a row of a run."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flowyard.flows.errors import FormerRunError
from flowyard.wire.flows import FlowTest, NodeResult
from flowyard.wire.runs import RunLineDetail
from flowyard.wire.traces import TraceDetail

_TRACE_ID = re.compile(r"[0-9a-fA-F]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A run that has ended: its flow inputs, what its nodes gave, and those that were bypassed."""

    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    bypassed: frozenset[str] = frozenset()

    def filled(self, request: FlowTest) -> FlowTest:
        """Return `request` with what it does not say itself."""
        said = {key.removeprefix("inputs.").removeprefix("flow.") for key in request.inputs} | set(request.inputs)
        inputs = {f"inputs.{name}": value for name, value in self.inputs.items() if name not in said}
        outputs = {name: value for name, value in self.outputs.items() if name not in request.bypassed}
        bypassed = {*request.bypassed, *(self.bypassed - set(request.outputs))}
        return replace(
            request,
            inputs={**inputs, **request.inputs},
            outputs={**outputs, **request.outputs},
            bypassed=tuple(sorted(bypassed)),
            run=None,
        )


def of_results(inputs: Mapping[str, Any], nodes: Iterable[NodeResult]) -> Former:
    """Return what a run's records say."""
    results = tuple(nodes)
    return Former(
        inputs=inputs,
        outputs={node.node: node.output for node in results if node.status == "completed"},
        bypassed=frozenset(node.node for node in results if node.status == "bypassed"),
    )


def of_trace(trace: TraceDetail, flow: str) -> Former:
    """Return what the trace of a run of `flow` says.

    Raises:
        FormerRunError: it is of something else.
    """
    line = next((span for span in trace.spans if span.kind == "flow" and span.name == flow), None)
    if line is None:
        raise FormerRunError(
            f"The trace {trace.trace.trace_id} is none of the flow {flow!r}: it is of {trace.trace.name!r}.",
            remedy="Take a trace of a run of this flow.",
        )
    nodes = [span for span in trace.spans if span.kind == "node" and span.parent_id == line.span_id and span.node]
    return Former(
        inputs=line.attributes.get("flowyard.input") or {},
        outputs={str(span.node): span.attributes.get("flowyard.output") for span in nodes if span.status == "ok"},
        bypassed=frozenset(line.attributes.get("flowyard.bypassed") or ()),
    )


def former(run: str, flow: str, trace: Callable[[str], TraceDetail], row: Callable[[str, int], RunLineDetail]) -> Former:
    """Return the run that `run` names: a trace's id, or ``<run>:<row>``.

    Args:
        run: the name.
        flow: the flow's name.
        trace: finds a trace.
        row: finds a row of a run.

    Raises:
        NotFoundError: there is no such run.
        FormerRunError: the name is none, or the run is of something else.
    """
    if _TRACE_ID.fullmatch(run):
        return of_trace(trace(run), flow)
    name, line = row_of(run)
    found = row(name, line)
    return of_results(found.row.inputs, found.nodes)


def row_of(run: str) -> tuple[str, int]:
    """Read ``<run>:<row>``; rows count from 0, and without one the first is meant.

    Raises:
        FormerRunError: it is not of that form.
    """
    name, _, line = run.partition(":")
    if not name or (":" in run and not line.isdecimal()):
        raise FormerRunError(f"{run!r} names no run.", remedy="Give a trace's id, or a run and its row: my_run:0.")
    return name, int(line or 0)
