"""With what a flow is tested when nobody says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from flowyard.flows.errors import FormerRunError
from flowyard.flows.former import of_trace
from flowyard.flows.runs.browse import LineFilter
from flowyard.flows.runs.ports import RunQuery
from flowyard.flows.runs.service import RunService
from flowyard.foundation.errors import NotFoundError
from flowyard.identity.model import Caller
from flowyard.tracing.errors import WithheldError
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.service import TraceService
from flowyard.wire.flows import FlowInput


@dataclass(frozen=True, slots=True)
class Inputs:
    """Inputs by name, and where they are from; `trace_id` is of the test or row."""

    values: Mapping[str, Any]
    source: Literal["given", "test", "run", "defaults"]
    trace_id: str | None = None


class LastInputs:
    """Finds the inputs that a flow was last run with."""

    def __init__(self, traces: TraceService, runs: RunService) -> None:
        self._traces = traces
        self._runs = runs

    def of(self, caller: Caller, flow: str, asked: Sequence[FlowInput]) -> Inputs | None:
        """Return those of its newest test, else of the first row of its newest run, else its defaults; None: one has no value.

        What the flow has no input for any more is left out; where one that it needs is not there, the next are tried.
        """
        for found in (self._tested(caller, flow), self._ran(caller, flow)):
            fitting = None if found is None else _fitting(found.values, asked)
            if found is not None and fitting is not None:
                return replace(found, values=fitting)
        defaults = _fitting({entry.name: entry.default for entry in asked if entry.default is not None}, asked)
        return None if defaults is None else Inputs(defaults, "defaults")

    def _tested(self, caller: Caller, flow: str) -> Inputs | None:
        page = self._traces.page(caller, TraceFilter(kind=("flow",), flow=(flow,)), limit=1)
        try:
            trace_id = page.items[0].trace_id if page.items else None
            return None if trace_id is None else Inputs(of_trace(self._traces.get(caller, trace_id), flow).inputs, "test", trace_id)
        except (FormerRunError, NotFoundError):
            return None

    def _ran(self, caller: Caller, flow: str) -> Inputs | None:
        page = self._runs.page(caller, RunQuery(flow=flow, status="completed", limit=1))
        try:
            rows = self._runs.lines(caller, page.items[0].name, LineFilter(limit=1)).items if page.items else ()
        except (NotFoundError, WithheldError):
            return None
        return Inputs(rows[0].inputs, "run", rows[0].trace_id) if rows else None


def _fitting(values: Mapping[str, Any], asked: Sequence[FlowInput]) -> dict[str, Any] | None:
    """Return of `values` what is asked for; None: something is missing that has no default."""
    if any(entry.name not in values and not entry.has_default and not entry.is_chat_history for entry in asked):
        return None
    return {entry.name: values[entry.name] for entry in asked if entry.name in values}
